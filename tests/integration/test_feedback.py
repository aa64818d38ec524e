"""
What SES says later of an e-mail, through the real handlers: addresses that fail, sends that are
confirmed.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integration.journeys import answer_with
from tests.integration.world import AwsWorld
from tests.unit.events.ses_events import ADDRESS, body, message
from unless.app.effects import ended_marker_id
from unless.definitions.models import Kind
from unless.engine.decision import Answer
from unless.engine.records import Record

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated}
reeligible: always
"""
FOLLOW_UP = """
campaign: follow_up
trigger: {event: message_interaction, where: {campaign: cart, action: clicked}}
"""
STEPS = """
journey: begin
entry: {trigger: {event: registered}}
steps: [{message: {id: hello}}]
"""


def sent(world: AwsWorld, name: str = "cart_updated") -> Record:
    """Let the trigger happen and its message go out; return the record of that."""
    world.evaluate(world.event("u", name, attributes={"email": ADDRESS}))
    world.ring()
    (record,) = [record for record in world.records("u") if record.outcome == "sent"]
    return record


def said(kind: str, about: Record, **more: Any) -> str:
    """What SES says of the e-mail of a record."""
    return body(
        kind,
        message(
            user="u",
            send=about.send,
            kind=about.kind,
            definition=about.definition,
            step=about.step,
        ),
        sent=datetime.now(UTC).isoformat(),
        **{"timestamp": datetime.now(UTC).isoformat(), **more},
    )


def test_a_hard_bounce_makes_the_address_unreachable(world: AwsWorld) -> None:
    """The profile remembers the address that failed, for the channel to judge."""
    world.publish(CART)
    assert world.evaluate(said("Bounce", sent(world))) == []
    attributes = world.aws.store.load("u").state.attributes
    assert attributes["email_unreachable"].value == ADDRESS


def test_a_click_starts_what_waits_for_it(world: AwsWorld) -> None:
    """Interacting with a campaign is a trigger like any other, once for each click."""
    world.publish(CART, FOLLOW_UP)
    click = said("Click", sent(world))
    assert world.evaluate(click) == []
    assert world.evaluate(click, receives=2) == []
    (follow_up,) = world.aws.store.load("u").state.pending.values()
    assert follow_up.definition == "follow_up"
    assert sum(said.startswith("scheduled") for said in world.said("u")) == 2


@pytest.mark.parametrize("kind", ["Send", "Delivery"])
def test_a_send_without_a_clear_answer_is_confirmed(world: AwsWorld, kind: str) -> None:
    """The same record with an addendum, never a second one. (K3)"""
    world.publish(CART)
    answer_with(world, Answer.UNKNOWN)
    unknown = sent(world)
    assert unknown.reason == "delivery_unknown"
    assert world.evaluate(said(kind, unknown)) == []
    (record,) = [record for record in world.records("u") if record.outcome == "sent"]
    confirmed = record.detail["confirmed"]
    assert confirmed["by"] == kind.upper()
    assert record == replace(unknown, detail={**unknown.detail, "confirmed": confirmed})


def test_the_message_of_a_journey_is_confirmed(world: AwsWorld) -> None:
    """Its record names the step."""
    world.publish(STEPS)
    answer_with(world, Answer.UNKNOWN)
    unknown = sent(world, "registered")
    assert (unknown.kind, unknown.step) == (Kind.JOURNEY, "hello")
    assert world.evaluate(said("Send", unknown)) == []
    assert world.said("u") == ["entered", "sent delivery_unknown", "completed"]
    (record,) = [record for record in world.records("u") if record.outcome == "sent"]
    assert record.detail["confirmed"]["by"] == "SEND"


def test_what_was_said_first_stays_whoever_repeats(world: AwsWorld) -> None:
    """Neither a second confirmation nor the due notice that comes again undoes the first."""
    world.publish(CART)
    answer_with(world, Answer.UNKNOWN)
    world.evaluate(world.event("u", "cart_updated"))
    (notice,) = world.due()
    world.deliver(notice)
    unknown = world.records("u")[-1]
    assert world.evaluate(said("Send", unknown)) == []
    confirmed = world.records("u")
    assert world.evaluate(said("Send", unknown), said("Delivery", unknown), receives=2) == []
    assert world.deliver(notice, receives=2) == []
    assert world.records("u") == confirmed


def test_a_confirmation_before_the_answer_comes_again(world: AwsWorld) -> None:
    """SES may be faster than the function that asked it; the message goes back to its queue."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated"))
    (notice,) = world.due()
    with world.wire.killed("events.PutEvents", after=True):
        world.deliver(notice)
    (claimed,) = world.aws.store.load("u").state.pending.values()
    early = body("Send", message(user="u", send=claimed.id))
    assert world.evaluate(early) == [early]


def test_a_confirmation_of_a_clear_send_costs_one_read(world: AwsWorld) -> None:
    """Nearly every e-mail is one; nothing is written, nothing decided."""
    world.publish(CART)
    record = sent(world)
    before = world.items("u")
    world.evaluate(world.event("nobody", "nothing"))  # the definitions are known from then on
    world.wire.calls.clear()
    assert world.evaluate(said("Send", record)) == []
    assert world.wire.calls == ["dynamodb.GetItem"]
    assert world.items("u") == before
    assert ended_marker_id(record.send or "") in "".join(before)


def test_a_confirmation_for_a_deleted_user_leaves_nothing(world: AwsWorld) -> None:
    """Of somebody who is forgotten, nothing comes back. (I9)"""
    world.publish(CART)
    answer_with(world, Answer.UNKNOWN)
    unknown = sent(world)
    world.pass_time(minutes=1)
    world.aws.deletion.delete("u")
    before = world.items("u")
    assert world.evaluate(said("Send", unknown)) == []
    assert world.items("u") == before
    assert all("confirmed" not in record.detail for record in world.records("u"))


def test_a_deletion_during_a_confirmation_leaves_nothing(world: AwsWorld) -> None:
    """Also where the send was still known when the confirmation was begun. (I9)"""
    world.publish(CART)
    answer_with(world, Answer.UNKNOWN)
    unknown = sent(world)
    world.pass_time(minutes=1)
    world.evaluate(world.event("nobody", "nothing"))  # the definitions are known from then on

    def forget(moment: str) -> None:
        if moment == "after dynamodb.GetItem":
            world.wire.moments.remove(forget)
            world.aws.deletion.delete("u")

    world.wire.moments.append(forget)
    assert world.evaluate(said("Send", unknown)) == []
    assert forget not in world.wire.moments
    assert world.records("u") == []
    assert world.items("u").keys() == {"A#"}


def test_feedback_that_nobody_understands_is_quarantined(world: AwsWorld) -> None:
    """With its reason; the mail of somebody else is only left alone. (V5)"""
    world.publish(CART)
    assert world.evaluate(body("Open", message(), timestamp="yesterday")) == []
    assert len(world.take("QuarantineQueue")) == 1
