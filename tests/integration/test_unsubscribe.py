"""
The link in an e-mail, through the real function: from the request of a mail program to the profile.
"""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from functions.unsubscribe import app as unsubscribe
from tests.integration.world import AwsWorld
from unless.channels.links import Unsubscribe, make_link
from unless.channels.unsubscribing import SOURCE
from unless.definitions.models import Kind

pytestmark = pytest.mark.slow

KEY = "k" * 64
ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def token(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> str:
    """The `t` of a link in a deployment with a signing secret; its events are kept."""
    arn = world.client("secretsmanager").create_secret(Name="key", SecretString=KEY)["ARN"]
    world.aws.settings = replace(world.aws.settings, signing_secret=arn)
    monkeypatch.setattr(unsubscribe, "from_environment", lambda: world.aws)
    events = world.client("events")
    pattern = json.dumps({"source": [SOURCE]})
    events.put_rule(Name="left", EventBusName="bus", EventPattern=pattern)
    queue = world.client("sqs").create_queue(QueueName="left")["QueueUrl"]
    world.queues["left"] = queue
    target = {"Id": "1", "Arn": world.aws.settings.due_queue_arn.replace("DueQueue", "left")}
    events.put_targets(Rule="left", EventBusName="bus", Targets=[target])
    leaves = Unsubscribe("u", None, "s-abc", Kind.CAMPAIGN, "cart")
    return make_link("https://here/", leaves, KEY.encode()).split("?t=")[1]


def request(method: str, token: str | None, **more: Any) -> dict[str, Any]:
    """
    A request as the URL of a function hands it over.

    Source: Lambda Developer Guide, "Invoking Lambda function URLs" (read 2026-11).
    """
    query = {} if token is None else {"queryStringParameters": {"t": token}}
    http = {"method": method, "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}
    return {
        "version": "2.0",
        "rawPath": "/",
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "requestContext": {"http": http},
        "isBase64Encoded": False,
        **query,
        **more,
    }


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"body": ONE_CLICK},
        {"body": b64encode(ONE_CLICK.encode()).decode(), "isBase64Encoded": True},
    ],
)
def test_one_click_unsubscribes(world: AwsWorld, token: str, more: dict[str, Any]) -> None:
    """What is posted goes over the bus into the profile, however its body is written."""
    answer = unsubscribe.handler(request("POST", token, **more), None)
    assert answer["statusCode"] == 200
    (body,) = world.take("left")
    assert world.evaluate(body) == []
    attributes = world.aws.store.load("u").state.attributes
    assert attributes["email_subscribe"].value == "unsubscribed"


def test_looking_at_the_page_puts_nothing(world: AwsWorld, token: str) -> None:
    """A GET reads the secret once for the process, and nothing else."""
    for _ in range(2):
        answer = unsubscribe.handler(request("GET", token), None)
        assert answer["statusCode"] == 200
        assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"
    assert world.wire.calls == ["secretsmanager.GetSecretValue"]
    assert world.take("left") == []


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("bad", [None, "", "forged.token"])
def test_a_bad_link_puts_nothing(world: AwsWorld, bad: str | None) -> None:
    """Without a token, or with one that nobody signed."""
    assert unsubscribe.handler(request("POST", bad), None)["statusCode"] == 400
    assert world.take("left") == []


def test_a_bus_that_does_not_answer_asks_to_try_again(
    world: AwsWorld, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not 2xx; the log says what is wrong, and not about whom."""
    world.wire.refuse("events.PutEvents", "AccessDeniedException", times=1)
    answer = unsubscribe.handler(request("POST", token), None)
    assert answer["statusCode"] == 503
    log = capsys.readouterr().out
    assert "nobody could be unsubscribed" in log
    assert token not in log
    assert "s-abc" not in log
