"""
Webhooks through the whole of deliver, to a server that is really asked over HTTPS.
"""

import json
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from tests.integration.world import AwsWorld
from tests.unit.channels.webhook_server import HOST, Behaviour, Server, hangs, says, serving
from unless.channels import https_request
from unless.channels.webhook import WebhookChannel
from unless.engine.records import Reason

pytestmark = pytest.mark.slow

HOOK = """
campaign: hook
trigger: {{event: cart}}
unless: [{{event: purchase}}]
delay: {{after: 5m}}
message:
  channel: webhook
  url: "https://{host}:{port}/hook?key=1"
  text: {{fr: "Bonjour {{{{ user.name }}}}", default: "Hello {{{{ user.name }}}}"}}
"""


@pytest.fixture
def server() -> Iterator[Server]:
    """A receiver that says yes until a test wants something else."""
    with serving(says(200)) as server:
        yield server


def begin(world: AwsWorld, server: Server) -> list[str]:
    """Let the trigger happen, and return the due notice once it is time."""
    channels = {
        "webhook": WebhookChannel(
            lambda: b"k" * 32,
            world.aws.clock,
            resolver=lambda _host, _port: [ip_address("127.0.0.1")],
            is_allowed=lambda _address: True,
            context=server.context,
        )
    }
    world.aws.__dict__["channels"] = channels
    world.publish(HOOK.format(host=HOST, port=server.port))
    attributes = {"name": "Ann", "language": "fr", "email": "ann@mail.example"}
    world.evaluate(world.event("u", "cart", "e1", cart_id="c-9", attributes=attributes))
    world.pass_time(minutes=5)
    return world.due()


def ended(world: AwsWorld) -> list[str]:
    """The records that end the send."""
    return [said for said in world.said("u") if said != "scheduled"]


def test_the_receiver_gets_the_message_in_the_language_of_its_user(
    world: AwsWorld, server: Server
) -> None:
    """What the app said in the trigger, the rendered words, and no other attribute."""
    assert world.deliver(*begin(world, server)) == []
    assert ended(world) == ["sent"]
    (request,) = server.requests
    body = json.loads(request.body)
    assert (body["campaign"], body["user_id"], body["text"]) == ("hook", "u", "Bonjour Ann")
    assert body["event"]["properties"] == {"cart_id": "c-9"}
    assert body["send"] == request.headers["webhook-id"] == world.records("u")[-1].send
    assert b"mail.example" not in request.body


@pytest.mark.parametrize("answer", [says(429), says(503), hangs], ids=["429", "503", "silent"])
def test_what_may_pass_comes_again_under_the_same_id(
    answer: Behaviour, world: AwsWorld, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request each time the message comes, until the receiver says yes."""
    monkeypatch.setattr(https_request, "READ_TIMEOUT_S", 0.2)
    notices = begin(world, server)
    server.answer = answer
    assert world.deliver(*notices) == notices
    assert (len(server.requests), ended(world)) == (1, [])
    server.answer = says(200)
    world.pass_time(minutes=3)
    assert world.deliver(*notices, receives=2) == []
    assert ended(world) == ["sent"]
    first, second = server.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert first.body == second.body
    assert world.deliver(*notices, receives=3) == []
    assert len(server.requests) == 2


def test_an_exception_cancels_what_a_receiver_has_put_off(world: AwsWorld, server: Server) -> None:
    """Its no for now gives the claim back, so the send still waits for its exceptions. (E7)"""
    notices = begin(world, server)
    server.answer = says(429)
    assert world.deliver(*notices) == notices
    world.evaluate(world.event("u", "purchase"))
    assert world.deliver(*notices, receives=2) == []
    assert ended(world) == ["cancelled exception_event"]
    assert len(server.requests) == 1


def test_a_refusal_ends_the_send_with_the_status(world: AwsWorld, server: Server) -> None:
    """No receipt, and never asked again. (K3)"""
    notices = begin(world, server)
    server.answer = says(410)
    assert world.deliver(*notices) == []
    assert ended(world) == ["cancelled delivery_failed"]
    (record,) = [one for one in world.records("u") if one.reason is Reason.DELIVERY_FAILED]
    assert record.detail["said"] == f"the webhook {HOST} answered 410"
    assert world.deliver(*notices) == []
    assert len(server.requests) == 1


def test_a_deployment_asks_public_addresses_only(world: AwsWorld, server: Server) -> None:
    """The channel of the composition root has the strict policy: this machine is refused."""
    world.publish(HOOK.format(host="127.0.0.1", port=server.port))
    world.evaluate(world.event("u", "cart", attributes={"name": "Ann"}))
    world.pass_time(minutes=5)
    assert world.ring() == []
    assert ended(world) == ["cancelled delivery_failed"]
    assert server.connections == 0


def test_nothing_cancels_what_a_receiver_may_have_taken(world: AwsWorld, server: Server) -> None:
    """Its silence says nothing, so the claim stands until the request is repeated. (I7)"""
    notices = begin(world, server)
    server.answer = says(503)
    assert world.deliver(*notices) == notices
    world.evaluate(world.event("u", "purchase"))
    server.answer = says(200)
    world.pass_time(minutes=3)
    assert world.deliver(*notices, receives=2) == []
    assert ended(world) == ["sent"]
    assert len(server.requests) == 2
