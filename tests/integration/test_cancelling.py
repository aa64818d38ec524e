"""
Cancelling through the real adapters: against the claim, by what is asked for, after a crash.
"""

from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.integration.journeys import pass_and_ring
from tests.integration.world import AwsWorld
from unless.app.cancelling import Answered
from unless.app.pending import Wanted
from unless.definitions.filters import Where
from unless.engine.filters import compile_where

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
reeligible: always
"""


def cancel(world: AwsWorld, **wanted: Any) -> list[Answered]:
    """Cancel what is wanted, as the command does: find it, then cancel what was found."""
    named: dict[str, list[str]] = {}
    for key in world.aws.pending.keys(Wanted(**wanted)):
        named.setdefault(key.user, []).append(key.item)
    return list(world.aws.cancelling.cancel(named))


def answers(several: list[Answered]) -> list[str]:
    """The answers for all items."""
    assert all(not answered.open for answered in several)
    return sorted(answer for each in several for answer in each.answers.values())


def wait(world: AwsWorld, *users: str) -> list[str]:
    """Let a send of each user wait ten minutes; return the items' ids."""
    world.publish(CART)
    for user in users:
        world.evaluate(world.event(user, "cart_updated", cart_id=f"c-{user}"))
    world.pass_time(seconds=1)
    return [item for user in users for item in world.aws.store.load(user).state.pending]


def test_a_cancelled_send_is_in_the_ledger_and_is_never_sent(world: AwsWorld) -> None:
    """The item is gone, the record is there at once, and the timer rings for nothing."""
    wait(world, "u")
    assert answers(cancel(world, user="u")) == ["cancelled"]
    assert world.said("u") == ["scheduled", "cancelled campaign_stopped"]
    assert world.records("u")[-1].detail["by"] == "operator"
    pass_and_ring(world, minutes=10)
    assert world.requests() == []
    assert world.said("u") == ["scheduled", "cancelled campaign_stopped"]


def test_a_schedule_is_deleted_with_its_send(world: AwsWorld) -> None:
    """A timer that is needed no more is taken away, as a courtesy."""
    world.publish(CART.replace("10m", "3h"))
    world.evaluate(world.event("u", "cart_updated"))
    assert len(world.schedules()) == 1
    cancel(world, user="u")
    assert world.schedules() == {}


def test_a_claim_that_was_first_wins(world: AwsWorld) -> None:
    """Between finding and cancelling the message goes out: the answer is `already sent`."""
    (item,) = wait(world, "u")
    world.pass_time(minutes=10)
    world.ring()
    assert answers([*world.aws.cancelling.cancel({"u": [item]})]) == ["already sent"]
    assert world.said("u") == ["scheduled", "sent"]


def test_a_claim_in_the_middle_of_the_cancel_wins(world: AwsWorld) -> None:
    """The lost race is looked at again, and what was claimed and sent is not said to be ended."""
    (item,) = wait(world, "u")
    world.pass_time(minutes=10)
    notices = iter([world.due()])

    def meanwhile(moment: str) -> None:
        if moment == "before dynamodb.TransactWriteItems" and (due := next(notices, None)):
            assert world.deliver(*due) == []

    world.wire.moments.append(meanwhile)
    assert answers([*world.aws.cancelling.cancel({"u": [item]})]) == ["already sent"]
    assert len(world.requests()) == 1
    assert world.said("u") == ["scheduled", "sent"]


def test_a_cancel_in_the_middle_of_the_claim_wins(world: AwsWorld) -> None:
    """The claim's commit fails, is decided again, and nothing is requested."""
    (item,) = wait(world, "u")
    world.pass_time(minutes=10)
    once = iter([item])
    said: list[Answered] = []

    def meanwhile(moment: str) -> None:
        if moment == "before dynamodb.TransactWriteItems" and (name := next(once, None)):
            said.extend(world.aws.cancelling.cancel({"u": [name]}))

    world.wire.moments.append(meanwhile)
    assert world.ring() == []
    assert answers(said) == ["cancelled"]
    assert world.requests() == []
    assert world.said("u") == ["scheduled", "cancelled campaign_stopped"]


def test_the_notice_about_a_cancellation_comes_when_that_is_committed(world: AwsWorld) -> None:
    """It is put on the queue before, and would find nothing if it came at once."""
    wait(world, "u")
    with world.wire.killed("dynamodb.TransactWriteItems", after=True):
        cancel(world, user="u")
    assert world.due() == []
    world.pass_time(seconds=60)
    assert world.ring() == []
    assert world.said("u") == ["scheduled", "cancelled campaign_stopped"]


def test_a_send_that_is_claimed_and_not_answered_counts_as_sent(world: AwsWorld) -> None:
    """Whether the channel was asked nobody knows, so it is not said to be cancelled (I7)."""
    (item,) = wait(world, "u")
    world.pass_time(minutes=10)
    (notice,) = world.due()
    with world.wire.killed("events.PutEvents"):
        world.deliver(notice)
    assert answers([*world.aws.cancelling.cancel({"u": [item]})]) == ["already sent"]
    assert world.said("u") == ["scheduled"]


def test_what_something_else_ended_is_said_to_be_ended(world: AwsWorld) -> None:
    """An exception, a second cancel, or an id that never was: `already ended`."""
    world.publish(CART + "unless: [{event: purchase}]")
    world.evaluate(world.event("u", "cart_updated"))
    (item,) = world.aws.store.load("u").state.pending
    world.pass_time(seconds=1)
    world.evaluate(world.event("u", "purchase"))
    several = [*world.aws.cancelling.cancel({"u": [item, "s-never"]})]
    assert answers(several) == ["already ended"] * 2
    assert world.said("u") == ["scheduled", "cancelled exception_event"]


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("sqs.SendMessage", False),
        ("sqs.SendMessage", True),
        ("dynamodb.TransactWriteItems", False),
        ("dynamodb.TransactWriteItems", True),
        ("dynamodb.BatchWriteItem", False),
        ("dynamodb.BatchWriteItem", True),
    ],
)
def test_a_cancel_may_die_at_every_call(world: AwsWorld, call: str, after: bool) -> None:
    """What was committed gets its record without another try, what was not is untouched."""
    (item,) = wait(world, "u")
    with world.wire.killed(call, after=after):
        list(world.aws.cancelling.cancel({"u": [item]}))
    committed = not world.aws.store.load("u").state.pending
    assert committed == ((call, after) not in {
        ("sqs.SendMessage", False), ("sqs.SendMessage", True),
        ("dynamodb.TransactWriteItems", False),
    })  # fmt: skip
    pass_and_ring(world, minutes=2)
    ended = ["cancelled campaign_stopped"] if committed else []
    assert world.said("u") == ["scheduled", *ended]
    pass_and_ring(world, minutes=8)
    assert len(world.requests()) == (0 if committed else 1)
    assert world.said("u") == ["scheduled", *(ended or ["sent"])]


def test_a_ledger_that_refuses_delays_the_record_only(world: AwsWorld) -> None:
    """The answer is `cancelled`, which it is; the record comes with the notice."""
    wait(world, "u")
    world.wire.refuse("dynamodb.BatchWriteItem", "AccessDeniedException")
    assert answers(cancel(world, user="u")) == ["cancelled"]
    assert world.said("u") == ["scheduled"]
    pass_and_ring(world, minutes=1)
    assert world.said("u") == ["scheduled", "cancelled campaign_stopped"]


def test_one_campaign_is_cancelled_for_everybody(world: AwsWorld) -> None:
    """Other campaigns, of the same users too, stay as they are."""
    users = [f"u{number}" for number in range(12)]
    wait(world, *users)
    world.publish(CART, CART.replace("campaign: cart", "campaign: other"))
    world.pass_time(seconds=30)  # until evaluate knows
    world.evaluate(world.event("u3", "cart_updated"))
    assert answers(cancel(world, definition="cart")) == ["cancelled"] * 13
    assert [key.user for key in world.aws.pending.keys(Wanted())] == ["u3"]
    assert all("cancelled campaign_stopped" in world.said(user) for user in users)


def test_a_property_of_the_trigger_says_which(world: AwsWorld) -> None:
    """Of several users and carts the one cart is cancelled."""
    wait(world, "u", "v")
    where = TypeAdapter[Where](Where).validate_python({"cart_id": "c-v"})
    assert answers(cancel(world, where=(compile_where(where),))) == ["cancelled"]
    assert world.aws.store.load("u").state.pending
    assert not world.aws.store.load("v").state.pending


def test_many_sends_of_one_user_end_together(world: AwsWorld) -> None:
    """Sixty sends are one commit, with a record each."""
    world.publish(CART)
    for number in range(60):
        world.evaluate(world.event("u", "cart_updated", f"e{number}"))
    with world.wire.counting() as calls:
        assert answers(cancel(world, user="u")) == ["cancelled"] * 60
    assert calls.count("dynamodb.TransactWriteItems") == 1
    assert world.said("u").count("cancelled campaign_stopped") == 60
    assert world.aws.store.load("u").state.pending == {}


@pytest.mark.slow
def test_more_sends_than_a_transaction_holds_end(world: AwsWorld) -> None:
    """Hundreds of a user's sends all end, in several commits."""
    world.publish(CART)
    for start in range(0, 230, 10):
        events = [world.event("u", "cart_updated", f"e{start + n}") for n in range(10)]
        world.evaluate(*events)
    assert answers(cancel(world, user="u")) == ["cancelled"] * 230
    assert world.said("u").count("cancelled campaign_stopped") == 230
    assert world.aws.store.load("u").state.pending == {}


def test_what_a_pause_has_parked_is_cancelled(world: AwsWorld) -> None:
    """It is found though no sweep looks there, and the resume sends nothing."""
    wait(world, "u")
    world.operate("pause", "cart")
    pass_and_ring(world, minutes=10)
    assert answers(cancel(world, definition="cart")) == ["cancelled"]
    world.operate("resume", "cart")
    pass_and_ring(world, minutes=1)
    assert world.requests() == []


def test_a_deleted_user_keeps_no_marker_of_a_cancel(world: AwsWorld) -> None:
    """Nothing of what was cancelled stays in the live tables after the deletion (L3)."""
    wait(world, "u")
    cancel(world, user="u")
    world.pass_time(seconds=1)
    world.aws.deletion.delete("u")
    pass_and_ring(world, minutes=10)
    assert world.items("u").keys() == {"A#"}
    assert world.said("u") == []
