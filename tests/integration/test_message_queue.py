"""The queue of messages and the signing secret, on moto."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.world import AwsWorld
from unless.app.errors import ConfigurationError
from unless.aws.message_queue import SqsMessageQueue
from unless.aws.signing_secret import SigningSecret


@pytest.mark.parametrize("name", ["messages", "messages.fifo"])
def test_a_request_waits_in_the_queue(world: AwsWorld, name: str) -> None:
    """Its body is JSON, its send stands in an attribute too; a repeat is no error."""
    sqs = world.client("sqs")
    attributes = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    queue = SqsMessageQueue(world.aws.clients, url)
    for _ in range(2):
        queue.put({"send": "s-1", "text": "Žlutý\uffff"}, "s-1")
    found = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    assert len(found) == (1 if name.endswith(".fifo") else 2)
    assert json.loads(found[0]["Body"]) == {"send": "s-1", "text": "Žlutý\uffff"}
    assert found[0]["MessageAttributes"]["send"]["StringValue"] == "s-1"


def test_a_queue_that_is_gone_is_for_a_person(world: AwsWorld) -> None:
    """The message waits for the queue to be there again."""
    queue = SqsMessageQueue(world.aws.clients, "https://sqs.eu-west-1.amazonaws.com/1/none")
    with pytest.raises(ConfigurationError):
        queue.put({}, "s-1")


def test_the_secret_is_read_once(world: AwsWorld) -> None:
    """However many threads sign for the first time, one call is made."""
    made = world.client("secretsmanager").create_secret(Name="s", SecretString="of the tests")
    secret = SigningSecret(world.aws.clients, made["ARN"])
    with world.wire.counting() as calls, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: secret(), range(8)))
    assert found == [b"of the tests"] * 8
    assert calls == ["secretsmanager.GetSecretValue"]


def test_a_secret_that_is_not_there_is_for_a_person(world: AwsWorld) -> None:
    """Without it nothing is signed: no link with an empty key leaves the house."""
    for arn in ("", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:none"):
        with pytest.raises(ConfigurationError):
            SigningSecret(world.aws.clients, arn)()
