"""What the other channels ask: a text, a notification, a request on the bus or in a queue."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import botocore.session
import pytest
from botocore.model import Shape, StringShape
from botocore.validate import ParamValidator

from tests.provider_stub import provider
from tests.unit.channels.providers import ENDPOINTS, PUSH, SMS, Provided, message
from unless.app.errors import ConfigurationError
from unless.app.ports import Reply
from unless.aws.clients import Clients
from unless.channels.absent import AbsentChannel
from unless.channels.event import EventChannel
from unless.channels.in_app import InAppChannel
from unless.channels.push import endpoints_of
from unless.channels.queue import QueueChannel
from unless.content.parts import Content
from unless.definitions.models import Kind
from unless.engine.decision import Answer


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials of nobody."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@dataclass
class Kept:
    """A bus that keeps what it is given, by the names of the events."""

    events: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, detail_type: str, detail: dict[str, Any]) -> str:
        """Keep it."""
        self.events[detail_type] = detail
        return "1"


@dataclass
class Waiting:
    """A queue that keeps what it is given, by the ids of the sends."""

    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, body: dict[str, Any], send: str) -> None:
        """Keep it."""
        self.bodies[send] = body


def requested(provided: Provided, **more: Any) -> tuple[Reply, list[bytes]]:
    """What the channel says of the message, and what its provider got."""
    with provider(provided.accept()) as stub, pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"AWS_ENDPOINT_URL_{provided.service.upper().replace('-', '_')}", stub.url)
        channel = provided.channel(Clients(botocore.session.Session()))
        said = channel.send(message(**{"address": provided.address, **more}))
        return said, [received.body for received in stub.received]


def test_a_text_is_what_the_service_takes() -> None:
    """The request has the parts, patterns and limits of AWS's own model, and the send's id."""
    said, (body,) = requested(SMS, content=Content(text=" Your cart is waiting. "))
    assert said == Reply(Answer.ACCEPTED)
    asked = json.loads(body)
    assert asked == {
        "DestinationPhoneNumber": "+33612345678",
        "OriginationIdentity": "+33700000000",
        "MessageBody": "Your cart is waiting.",
        "Context": {"send": message().send},
    }
    service = botocore.session.Session().get_service_model(SMS.service)
    shape = service.operation_model("SendTextMessage").input_shape
    assert not ParamValidator().validate(asked, shape).has_errors()
    assert breaches(asked, shape) == []


def breaches(asked: Mapping[str, Any], shape: Shape) -> list[str]:
    """The texts that the service would not take, which botocore leaves to it."""
    texts = [name for name in asked if isinstance(shape.members[name], StringShape)]
    limits = {name: shape.members[name].metadata for name in texts}
    return [
        name
        for name in texts
        if not limits[name]["min"] <= len(asked[name]) <= limits[name]["max"]
        or not re.fullmatch(limits[name]["pattern"], asked[name])
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"address": "0612345678"},
        {"address": "+33 six"},
        {"address": "+3361234567890123"},
        {"address": "+33612345678,+33612345679"},
        {"address": None},
        {"content": Content(text=" ")},
        {"content": Content(text="x" * 1601)},
    ],
)
def test_a_text_that_cannot_be_sent_is_refused(more: dict[str, Any]) -> None:
    """Without one number, words, or with too many: nothing is asked, and nothing is repeated."""
    said, bodies = requested(SMS, **more)
    assert said.answer is Answer.REFUSED
    assert bodies == []


def test_the_longest_text_is_sent() -> None:
    """As many characters as the service takes, without the blanks around them."""
    said, (body,) = requested(SMS, content=Content(text=" " + "x" * 1600 + " "))
    assert said == Reply(Answer.ACCEPTED)
    assert json.loads(body)["MessageBody"] == "x" * 1600


def test_a_notification_has_its_words_for_each_platform() -> None:
    """Title and body where the platform shows them, the send's id where the app finds it."""
    said, (body,) = requested(
        PUSH, send="s-1", content=Content(subject="Cart", text="Waits & waits")
    )
    assert said == Reply(Answer.ACCEPTED)
    asked = form(body)
    assert asked["TargetArn"] == PUSH.address
    assert asked["MessageStructure"] == "json"
    payload = json.loads(asked["Message"])
    assert payload["default"] == "Waits & waits"
    words = {"title": "Cart", "body": "Waits & waits"}
    google = json.loads(payload["GCM"])["fcmV1Message"]["message"]
    assert google == {"notification": words, "data": {"send": "s-1", "campaign": "cart"}}
    apple = {"aps": {"alert": words}, "send": "s-1", "campaign": "cart"}
    assert json.loads(payload["APNS"]) == json.loads(payload["APNS_SANDBOX"]) == apple


@pytest.mark.parametrize(
    "address",
    [
        "",
        "arn:aws:sns:eu-west-1:123456789012:alarms",
        "arn:aws:sns:eu-west-1:123456789012:endpoint/GCM/shop2/1",
        "arn:aws:sns:eu-west-1:123456789012:endpoint/APNS/shop/1",
        "arn:aws:sns:eu-west-1:999999999999:endpoint/GCM/shop/1",
        "arn:aws:sns:us-east-1:123456789012:endpoint/GCM/shop/1",
        f"{ENDPOINTS}1\r\n",
        "+33612345678",
    ],
)
def test_only_endpoints_of_the_own_app_are_notified(address: str) -> None:
    """Whatever a user's attribute names, a topic of the account or another's app is not reached."""
    said, bodies = requested(PUSH, address=address)
    assert said.answer is Answer.REFUSED
    assert bodies == []


def test_the_endpoints_are_those_beside_the_queues() -> None:
    """Account, region and partition are those of the deployment."""
    beside = "arn:aws-cn:sqs:cn-north-1:123456789012:due"
    ours = "arn:aws-cn:sns:cn-north-1:123456789012:endpoint/GCM/shop/"
    assert endpoints_of("GCM/shop", beside) == ours


def test_a_request_carries_the_words_of_its_message() -> None:
    """On the bus and in the queue: who asks, for whom, of what event, and the words if any."""
    bus, queue = Kept(), Waiting()
    given = message(
        user="u", kind=Kind.JOURNEY, step="hello", content=Content(subject="S", text="T")
    )
    for channel in (EventChannel(bus), InAppChannel(bus), QueueChannel(queue)):
        assert channel.send(given) == Reply(Answer.ACCEPTED)
    assert list(bus.events) == ["message.requested", "in_app.requested"]
    assert list(queue.bodies) == [given.send]
    expected = {
        "send": given.send,
        "journey": "cart",
        "step": "hello",
        "user_id": "u",
        "event": {
            "id": "e-1",
            "name": "cart_updated",
            "time": "2026-02-02T10:00:00Z",
            "properties": {},
        },
        "subject": "S",
        "text": "T",
        "due": "2026-02-02T10:00:00Z",
        "hops": 0,
    }
    for body in (*bus.events.values(), *queue.bodies.values()):
        assert body == expected


def test_a_request_without_words_has_none() -> None:
    """The channel `event` may leave the words to whoever listens."""
    bus = Kept()
    EventChannel(bus).send(message(content=Content()))
    assert not {"subject", "text"} & bus.events["message.requested"].keys()


def test_a_channel_that_is_not_there_says_how_to_get_it() -> None:
    """The message waits, and the operator reads which parameter is missing."""
    with pytest.raises(ConfigurationError, match=r"no channel 'sms'.*parameter SmsIdentity"):
        AbsentChannel("sms", "SmsIdentity").send(message())


def form(body: bytes) -> dict[str, str]:
    """The fields of a form."""
    return dict(parse_qsl(body.decode(), strict_parsing=True))
