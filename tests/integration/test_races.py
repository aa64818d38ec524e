"""
Repeats, crashes and lost timers, through the real handlers: nothing is lost, nothing is sent twice.

A crash is a `BaseException`, so no handler can swallow it; the message that was at work is then
handed out again, as SQS does.
"""

import pytest

from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
unless: [{event: purchase}]
reeligible: always
"""


def test_a_redelivered_event_has_no_second_effect(world: AwsWorld) -> None:
    """The same id again starts nothing, whatever its content (V1)."""
    world.publish(CART)
    assert world.evaluate(world.event("u", "cart_updated", "e1", value=1)) == []
    assert world.evaluate(world.event("u", "cart_updated", "e1", value=2), receives=2) == []
    assert len(world.aws.store.load("u").state.pending) == 1
    assert world.said("u") == ["scheduled"]
    assert world.aws.store.load("u").state.history["cart_updated"].count == 1


def test_a_duplicate_in_one_batch_counts_once(world: AwsWorld) -> None:
    """Twice in one batch is once, and both messages are done."""
    world.publish(CART)
    event = world.event("u", "cart_updated", "e1")
    assert world.evaluate(event, event) == []
    assert world.said("u") == ["scheduled"]
    assert len(world.take("DueQueue")) == 0
    world.pass_time(minutes=10)
    assert len(world.due()) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "call",
    ["dynamodb.Query", "dynamodb.TransactWriteItems", "sqs.SendMessage", "dynamodb.BatchWriteItem"],
)
def test_evaluate_may_die_at_every_call(world: AwsWorld, call: str, after: bool) -> None:
    """The redelivery repeats what is missing: the timer, and the record."""
    world.publish(CART)
    event = world.event("u", "cart_updated", "e1")
    with world.wire.killed(call, after=after):
        world.evaluate(event)
    assert world.evaluate(event, receives=2) == []
    world.pass_time(minutes=10)
    assert world.ring() == []
    assert len(world.requests()) == 1
    assert world.said("u") == ["scheduled", "sent"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("call", "nth"),
    [
        ("dynamodb.GetItem", 1),
        ("dynamodb.Query", 1),
        ("dynamodb.TransactWriteItems", 1),
        ("events.PutEvents", 1),
        ("dynamodb.TransactWriteItems", 2),
        ("dynamodb.BatchWriteItem", 1),
    ],
)
def test_deliver_may_die_at_every_call(world: AwsWorld, call: str, nth: int, after: bool) -> None:
    """The send ends as sent with one record, and every request carries the same key."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1"))
    world.pass_time(minutes=10)
    (notice,) = world.due()
    with world.wire.killed(call, after=after, nth=nth):
        world.deliver(notice)
    world.pass_time(minutes=3)  # the message becomes visible again after 180 s
    assert world.deliver(notice, receives=2) == []
    assert len({request["send"] for request in world.requests()}) == 1
    assert world.said("u") == ["scheduled", "sent"]
    assert world.aws.store.load("u").state.pending == {}


def test_a_claim_is_left_alone_while_its_lease_runs(world: AwsWorld) -> None:
    """A second ring in the middle of a run neither sends nor loses anything."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1"))
    world.pass_time(minutes=10)
    (notice,) = world.due()
    with world.wire.killed("events.PutEvents"):
        world.deliver(notice)
    world.pass_time(seconds=20)
    assert world.deliver(notice) == [notice]
    assert world.requests() == []


def test_a_timer_that_rings_twice_sends_once(world: AwsWorld) -> None:
    """In one batch or one after the other, the claim admits one."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1"))
    world.pass_time(minutes=10)
    (notice,) = world.due()
    assert world.deliver(notice, notice) == []
    assert world.deliver(notice) == []
    assert len(world.requests()) == 1
    assert world.said("u") == ["scheduled", "sent"]


def test_a_timer_that_rings_early_sends_nothing(world: AwsWorld) -> None:
    """Before its due time a send stays where it is, and its timer is there."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1"))
    world.pass_time(minutes=10)
    notices = world.due()
    world.pass_time(minutes=-1)
    assert world.deliver(*notices) == []
    assert world.requests() == []
    world.pass_time(minutes=1)
    world.ring()
    assert len(world.requests()) == 1


def test_a_lost_timer_is_found_by_the_sweep(world: AwsWorld) -> None:
    """Whatever is overdue is rung again, until it has ended."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1"))
    world.pass_time(minutes=10)
    assert len(world.due()) == 1  # and lost
    world.pass_time(seconds=59)
    world.sweep()
    assert world.due() == []
    world.pass_time(seconds=2)
    world.sweep()
    assert world.ring() == []
    assert len(world.requests()) == 1
    world.sweep()
    assert world.due() == []


def test_a_move_may_die_before_its_timer(world: AwsWorld) -> None:
    """A window holds the send; whoever dies before the new timer leaves that to the redelivery."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1"))
    world.publish(CART + 'window: {from: "09:00", to: "10:05", send_outside: hold}')
    world.pass_time(minutes=10)
    (notice,) = world.due()
    with world.wire.killed("scheduler.CreateSchedule"):
        world.deliver(notice)
    assert world.schedules() == {}
    assert world.deliver(notice, receives=2) == []
    (schedule,) = world.schedules().values()
    assert schedule["ScheduleExpression"] == "at(2026-02-03T09:00:00)"
    world.pass_time(hours=22, minutes=50)
    world.ring()
    assert len(world.requests()) == 1


@pytest.mark.slow
def test_hours_of_sweeps_do_not_fill_the_queue(world: AwsWorld) -> None:
    """While deliver does nothing, a send is rung less and less often, but never given up."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1"))
    world.pass_time(minutes=10)
    world.due()
    rung = []
    for minute in range(1, 31):
        world.pass_time(minutes=1)
        world.sweep()
        rung += [minute] * len(world.take("DueQueue"))
    assert rung == [2, 3, 4, 5, 10, 15, 20, 25, 30]


def test_an_exception_that_arrives_first_counts(world: AwsWorld) -> None:
    """It happened after the trigger, so the order of arrival does not matter (V4)."""
    world.publish(CART)
    trigger = world.event("u", "cart_updated", "e1")
    world.pass_time(minutes=1)
    world.evaluate(world.event("u", "purchase", "e2"))
    assert world.evaluate(trigger) == []
    assert world.said("u") == ["skipped exception_event"]


def test_a_failed_timer_brings_the_event_back(world: AwsWorld) -> None:
    """The send is committed, the message is not done; the next run starts the timer."""
    world.publish(CART)
    event = world.event("u", "cart_updated", "e1")
    world.wire.refuse("sqs.SendMessage", "AccessDenied")
    assert world.evaluate(event) == [event]
    assert world.said("u") == ["scheduled"]
    assert world.evaluate(event, receives=2) == []
    world.pass_time(minutes=10)
    assert len(world.due()) == 1


def test_a_failed_ledger_brings_the_events_back(world: AwsWorld) -> None:
    """A record is written before the message is done, and only once."""
    world.publish(CART)
    events = [world.event(user, "cart_updated") for user in ("u", "v")]
    world.wire.refuse("dynamodb.BatchWriteItem", "ProvisionedThroughputExceededException")
    assert sorted(world.evaluate(*events)) == sorted(events)
    assert world.evaluate(*events, receives=2) == []
    assert world.said("u") == world.said("v") == ["scheduled"]


def test_a_courtesy_never_fails(world: AwsWorld) -> None:
    """A schedule that cannot be deleted rings for nothing, and the event is done."""
    world.publish(CART.replace("10m", "1h"))
    world.evaluate(world.event("u", "cart_updated"))
    world.wire.refuse("scheduler.DeleteSchedule", "AccessDeniedException")
    assert world.evaluate(world.event("u", "purchase")) == []
    world.pass_time(hours=1)
    assert world.ring() == []
    assert world.requests() == []


def test_a_lost_race_is_decided_again(world: AwsWorld) -> None:
    """Two triggers of one user at once both count; neither update is lost."""
    world.publish(CART)
    other = world.event("u", "cart_updated", "e2")
    once = iter([other])

    def meanwhile(moment: str) -> None:
        if moment == "before dynamodb.TransactWriteItems" and (event := next(once, None)):
            world.evaluate(event)

    world.wire.moments.append(meanwhile)
    assert world.evaluate(world.event("u", "cart_updated", "e1")) == []
    state = world.aws.store.load("u").state
    assert {send.event for send in state.pending.values()} == {"e1", "e2"}
    assert state.history["cart_updated"].count == 2


@pytest.mark.slow
def test_an_answer_survives_more_lost_races(world: AwsWorld) -> None:
    """What a channel has said is marked even when others keep changing the user meanwhile."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1"))
    world.pass_time(minutes=10)
    others = iter([world.event("u", "page_viewed") for _ in range(6)])

    def meanwhile(moment: str) -> None:
        asked = "events.PutEvents" in world.wire.calls
        if asked and moment == "before dynamodb.TransactWriteItems" and not busy:
            busy.append(True)
            if event := next(others, None):
                world.evaluate(event)
            busy.clear()

    busy: list[bool] = []
    world.wire.moments.append(meanwhile)
    with world.wire.counting():
        assert world.ring() == []
    assert len(world.requests()) == 1
    assert world.said("u") == ["scheduled", "sent"]


def test_a_race_lost_too_often_goes_back_to_the_queue(world: AwsWorld) -> None:
    """After four tries the message comes again later instead of spinning."""
    world.publish(CART)
    reasons = [{"Code": "TransactionConflict"}]
    refusal = "TransactionCanceledException"
    world.wire.refuse("dynamodb.TransactWriteItems", refusal, times=4, reasons=reasons)
    event = world.event("u", "cart_updated", "e1")
    assert world.evaluate(event) == [event]
    assert world.evaluate(event, receives=2) == []
