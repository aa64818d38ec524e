"""
Nothing of a person stands in any log or metric, whatever happens to their events and messages.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from tests import canaries, privacy
from tests.integration.world import AwsWorld
from unless.app import dispatch, folding
from unless.app.deliver import Deliver
from unless.app.errors import ConfigurationError, TransientError
from unless.app.ports import Message, Reply
from unless.aws.discretion import FunctionFailed
from unless.engine.decision import Answer

pytestmark = pytest.mark.slow

SAYS = f"{canaries.WORDS} {{{{ user.note }}}} {{{{ trigger.cart }}}}"
EVERY = f"""
campaign: by_email
trigger: {{event: bought}}
message: {{channel: email, subject: "{SAYS}", text: "{SAYS}"}}
---
campaign: by_sms
trigger: {{event: bought}}
message: {{channel: sms, text: "{SAYS}"}}
---
campaign: by_push
trigger: {{event: bought}}
message: {{channel: push, text: "{SAYS}"}}
---
campaign: by_webhook
trigger: {{event: bought}}
message: {{channel: webhook, url: "https://hooks.shop.example/", text: "{SAYS}"}}
---
campaign: by_queue
trigger: {{event: bought}}
message: {{channel: queue, text: "{SAYS}"}}
---
campaign: by_event
trigger: {{event: bought}}
message: {{channel: event, text: "{SAYS}"}}
---
campaign: stopped_by_its_template
trigger: {{event: bought}}
message: {{channel: event, text: "{{% abort_message '{canaries.WORDS}' %}}"}}
---
campaign: broken_by_its_template
trigger: {{event: bought}}
message: {{channel: event, text: "{{{{ trigger.cart | divided_by: 0 }}}}"}}
---
campaign: waits
trigger: {{event: bought, where: {{cart: "{canaries.PROPERTY}"}}}}
delay: {{after: 1h}}
unless: [{{event: returned, match: cart}}]
---
campaign: never_fits
trigger: {{event: bought, where: {{cart: other}}}}
"""
ANSWERS: dict[str, Reply | Exception] = {
    "accepted": Reply(Answer.ACCEPTED, canaries.SAID),
    "refused": Reply(Answer.REFUSED, canaries.SAID),
    "unknown": Reply(Answer.UNKNOWN, canaries.SAID),
    "deferred": Reply(Answer.DEFERRED, "Throttled"),
    "wrong deployment": ConfigurationError("send: the identity is not verified"),
    "broken connection": TransientError("send: no connection"),
    "bug with words": ValueError(canaries.SAID, canaries.EMAIL),
    "bug with a user": KeyError(canaries.USER),
    "bug with a text": UnicodeEncodeError("ascii", canaries.WORDS, 0, 1, canaries.WORDS),
}


class Scripted:
    """A channel that does one thing, after looking at all that it was given."""

    def __init__(self, does: Reply | Exception) -> None:
        self.does = does
        self.asked: list[Message] = []

    def send(self, message: Message) -> Reply:
        """Answer, or fail in words that quote the message."""
        self.asked.append(message)
        if isinstance(self.does, Reply):
            return self.does
        raise self.does


def bought(world: AwsWorld, event_id: str = canaries.EVENT, name: str = "bought") -> str:
    """An event full of what is personal."""
    attributes = {
        "email": canaries.EMAIL,
        "phone": canaries.PHONE,
        "push_endpoint": canaries.ENDPOINT,
        "note": canaries.ATTRIBUTE,
    }
    properties = {"cart": canaries.PROPERTY, canaries.NAME: {canaries.NAME: canaries.WORDS}}
    return world.event(canaries.USER, name, event_id, attributes=attributes, **properties)


def refused_with(world: AwsWorld, operation: str, code: str) -> None:
    """Let AWS refuse all tries of a call, and quote the person in its words."""
    world.wire.refuse(operation, code, times=4, words=f"{canaries.USER} {canaries.EMAIL}")


def with_channels(world: AwsWorld, does: Reply | Exception) -> Scripted:
    """Let every channel do this."""
    scripted = Scripted(does)
    channels = dict.fromkeys(
        ("email", "sms", "push", "webhook", "queue", "event", "in_app"), scripted
    )
    world.aws.__dict__["deliver"] = Deliver(
        store=world.aws.store,
        timers=world.aws.timers,
        ledger=world.aws.ledger,
        definitions=world.aws.definitions,
        channels=channels,
        quarantine=world.aws.quarantine,
        clock=world.aws.clock,
    )
    return scripted


@pytest.mark.parametrize("what", ANSWERS)
def test_nothing_personal_is_told_of_messages(
    what: str, loud: AwsWorld, told: Callable[[], str]
) -> None:
    """Whatever a channel answers, and whatever breaks in it."""
    loud.publish(EVERY)
    scripted = with_channels(loud, ANSWERS[what])
    assert loud.evaluate(bought(loud)) == []
    loud.ring()
    words = {message.content.text for message in scripted.asked}
    assert words == {f"{canaries.WORDS} {canaries.ATTRIBUTE} {canaries.PROPERTY}"}
    ends = loud.said(canaries.USER)
    assert {"cancelled template_abort", "cancelled template_error"} <= set(ends)
    loud.evaluate(bought(loud, "e-back", "returned"))
    loud.pass_time(hours=1)
    loud.ring()
    loud.sweep()
    said = told()
    assert "EventsApplied" in said
    assert privacy.found_in(said) == []


def test_nothing_personal_is_told_of_what_is_not_understood(
    loud: AwsWorld, told: Callable[[], str]
) -> None:
    """Quarantined events, and due notices of nobody."""
    loud.publish(EVERY)
    whole = json.loads(bought(loud))
    detail = whole["detail"]
    broken = [
        f"no json {canaries.EMAIL}",
        json.dumps([canaries.USER]),
        json.dumps({**whole, "detail": {**detail, "user_id": [canaries.USER]}}),
        json.dumps({**whole, "detail": {**detail, "time": canaries.WORDS}}),
        json.dumps({**whole, "detail": {**detail, "attributes": {"email": [canaries.EMAIL]}}}),
        json.dumps({**whole, "detail": {**detail, "attributes": {"time_zone": canaries.WORDS}}}),
        json.dumps({**whole, "detail": {**detail, "properties": canaries.PROPERTY}}),
        json.dumps({**whole, "detail": {**detail, "properties": {canaries.NAME: "x" * 9000}}}),
    ]
    assert loud.evaluate(*broken) == []
    assert len(loud.take("QuarantineQueue")) == len(broken)
    loud.deliver(json.dumps({"user": canaries.USER, "item": "s-x", "turn": 0}), canaries.WORDS)
    said = told()
    assert "EventsQuarantined" in said
    assert privacy.found_in(said) == []


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("dynamodb.Query", "InternalServerError"),
        ("dynamodb.Query", "ValidationException"),
        ("dynamodb.TransactWriteItems", "ThrottlingException"),
        ("dynamodb.TransactWriteItems", "ValidationException"),
        ("dynamodb.BatchWriteItem", "InternalServerError"),
        ("sqs.SendMessage", "InternalError"),
    ],
)
def test_nothing_personal_is_told_of_errors_of_aws(
    operation: str, code: str, loud: AwsWorld, told: Callable[[], str]
) -> None:
    """The message of an error may quote the request; a line says which call failed, and how."""
    loud.publish(EVERY)
    refused_with(loud, operation, code)
    event = bought(loud)
    failed = loud.evaluate(event)
    said = told()
    if failed:
        assert code in said
    loud.evaluate(event, receives=2)
    refused_with(loud, operation, code)
    loud.ring()
    said += told()
    assert "message returned to its queue" in said
    assert privacy.found_in(said) == []


def test_nothing_personal_is_told_of_a_lost_race(
    loud: AwsWorld, told: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user whom others change all the time goes back to the queue without a name."""
    loud.publish(EVERY)
    monkeypatch.setattr("time.sleep", lambda _: None)
    item = {"PK": {"S": canaries.USER}, "email": {"S": canaries.EMAIL}}
    reasons = [{"Code": "ConditionalCheckFailed", "Item": item, "Message": canaries.WORDS}]
    loud.wire.refuse(
        "dynamodb.TransactWriteItems", "TransactionCanceledException", times=50, reasons=reasons
    )
    assert len(loud.evaluate(bought(loud))) == 1
    said = told()
    assert "somebody else was faster" in said
    assert privacy.found_in(said) == []


@pytest.mark.parametrize("module", [folding, dispatch])
def test_nothing_personal_is_told_of_bugs(
    module: Any, loud: AwsWorld, told: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug that quotes everything is told as its type and its place."""
    loud.publish(EVERY)
    event = bought(loud)
    if module is dispatch:
        loud.evaluate(event)

    def decide(state: object, what: object, *_: object) -> NoReturn:
        raise ValueError(f"{state!r} {what!r}")

    monkeypatch.setattr(module, "decide", decide)
    failed = loud.ring() if module is dispatch else loud.evaluate(event)
    assert failed
    said = told()
    assert "ValueError in " in said
    assert privacy.found_in(said) == []


def test_nothing_personal_is_told_of_a_sweep_that_breaks(
    loud: AwsWorld, told: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a handler raises, Lambda logs: that too says type and place only."""

    def overdue(*_: object) -> NoReturn:
        raise KeyError(canaries.USER)

    monkeypatch.setattr(type(loud.aws.due_index), "overdue", overdue)
    with pytest.raises(FunctionFailed, match="KeyError in ") as failed:
        loud.sweep()
    assert failed.value.__suppress_context__
    assert privacy.found_in(told() + str(failed.value)) == []


def test_nothing_personal_is_told_of_a_deletion(loud: AwsWorld, told: Callable[[], str]) -> None:
    """Neither of the deletion nor of what comes of the user afterwards."""
    loud.publish(EVERY)
    with_channels(loud, ANSWERS["accepted"])
    loud.evaluate(bought(loud))
    notices = loud.due()
    loud.aws.deletion.delete(canaries.USER)
    loud.deliver(*notices)
    loud.evaluate(bought(loud, "e-later"))
    assert privacy.found_in(told()) == []
