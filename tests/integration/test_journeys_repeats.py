"""
Runs under repeats, crashes and lost timers, through the real handlers: nothing is lost or doubled.
"""

import pytest

from tests.integration.journeys import (
    WAITING,
    WELCOME,
    asked,
    pass_and_ring,
    ring_until_quiet,
    runs,
    the_run,
    told,
)
from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

CRASHES = ("before", "after")


def begun(world: AwsWorld, journey: str = WELCOME) -> None:
    """Let a run begin."""
    world.publish(journey)
    assert world.evaluate(world.event("u", "registered", "e1")) == []


@pytest.mark.parametrize("after", [False, True], ids=CRASHES)
@pytest.mark.parametrize(
    "call",
    ["dynamodb.Query", "dynamodb.TransactWriteItems", "sqs.SendMessage", "dynamodb.BatchWriteItem"],
)
def test_an_entry_may_die_at_every_call(world: AwsWorld, call: str, after: bool) -> None:
    """The redelivered event repeats what is missing: the run's timer, and its record."""
    world.publish(WELCOME)
    event = world.event("u", "registered", "e1")
    with world.wire.killed(call, after=after):
        world.evaluate(event)
    assert world.evaluate(event, receives=2) == []
    pass_and_ring(world, minutes=10)
    assert told(world) == ["entered", "sent hello"]


@pytest.mark.parametrize("after", [False, True], ids=CRASHES)
@pytest.mark.parametrize(
    "call", ["dynamodb.GetItem", "dynamodb.Query", "dynamodb.TransactWriteItems", "sqs.SendMessage"]
)
def test_the_end_of_a_wait_may_die_at_every_call(world: AwsWorld, call: str, after: bool) -> None:
    """The redelivered notice of the wait starts the timer of the step that comes next."""
    begun(world)
    world.pass_time(minutes=10)
    (notice,) = world.due()
    with world.wire.killed(call, after=after):
        world.deliver(notice)
    world.pass_time(minutes=3)
    assert world.deliver(notice, receives=2) == []
    ring_until_quiet(world)
    assert asked(world) == ["hello"]
    assert told(world) == ["entered", "sent hello"]


@pytest.mark.parametrize("after", [False, True], ids=CRASHES)
@pytest.mark.parametrize(
    ("call", "nth"),
    [
        ("dynamodb.Query", 1),
        ("dynamodb.TransactWriteItems", 1),
        ("events.PutEvents", 1),
        ("dynamodb.TransactWriteItems", 2),
        ("sqs.SendMessage", 1),
        ("dynamodb.BatchWriteItem", 1),
    ],
)
def test_a_message_may_die_at_every_call(world: AwsWorld, call: str, nth: int, after: bool) -> None:
    """One record, one key in all requests, and the timer of the next step is there."""
    begun(world)
    world.pass_time(minutes=10)
    world.ring()
    (notice,) = world.due()
    with world.wire.killed(call, after=after, nth=nth):
        world.deliver(notice)
    world.pass_time(minutes=3)
    assert world.deliver(notice, receives=2) == []
    assert len({request["send"] for request in world.requests()}) == 1
    assert told(world) == ["entered", "sent hello"]
    pass_and_ring(world, minutes=10)
    assert asked(world) == ["missed"]
    assert told(world) == ["entered", "sent hello", "sent missed"]


@pytest.mark.parametrize("after", [False, True], ids=CRASHES)
@pytest.mark.parametrize("call", ["dynamodb.TransactWriteItems", "dynamodb.BatchWriteItem"])
def test_the_last_step_may_die_at_every_call(world: AwsWorld, call: str, after: bool) -> None:
    """A run that ends tells so exactly once, however often its last notice comes."""
    begun(world, WELCOME.replace("  - message: {id: bye}", "  - exit: true"))
    for _ in range(2):
        pass_and_ring(world, minutes=10)
    world.pass_time(minutes=10)
    (notice,) = world.due()
    with world.wire.killed(call, after=after):
        world.deliver(notice)
    for receives in (2, 3):
        assert world.deliver(notice, receives=receives) == []
    assert told(world)[-2:] == ["sent missed", "exited exit_step"]
    assert len(told(world)) == 4
    assert runs(world) == []


def test_an_old_notice_does_nothing_to_a_run_that_has_moved_on(world: AwsWorld) -> None:
    """Whatever rang for an earlier step finds the run in another one, and lets it wait."""
    begun(world)
    world.pass_time(minutes=10)
    (first,) = world.due()
    world.deliver(first)
    ring_until_quiet(world)
    before = the_run(world)
    assert world.deliver(first) == []
    assert world.deliver(first, receives=2) == []
    assert the_run(world) == before
    assert asked(world) == ["hello"]
    assert told(world) == ["entered", "sent hello"]
    pass_and_ring(world, minutes=10)
    assert asked(world) == ["missed"]


def test_an_old_notice_of_a_run_that_has_ended_ends_well(world: AwsWorld) -> None:
    """It finds nothing, and repeats at most records that are there already."""
    begun(world)
    world.pass_time(minutes=10)
    (first,) = world.due()
    world.deliver(first)
    for _ in range(3):
        pass_and_ring(world, minutes=10)
    done = told(world)
    assert done[-1] == "completed"
    asked(world)
    assert world.deliver(first) == []
    assert world.deliver(first, receives=2) == []
    assert (told(world), asked(world), world.due()) == (done, [], [])


def test_the_sweep_rings_for_a_run_whose_timer_is_lost(world: AwsWorld) -> None:
    """Of a wait and of a message alike; its notices need no turn."""
    begun(world)
    for minutes in (10, 1):
        world.pass_time(minutes=minutes)
        assert len(world.due()) == 1  # and lost
        world.pass_time(minutes=2)
        world.sweep()
        (notice,) = world.due()
        assert world.deliver(notice) == []
    assert asked(world) == ["hello"]
    assert told(world) == ["entered", "sent hello"]


def test_a_notice_of_the_sweep_that_comes_late_does_nothing(world: AwsWorld) -> None:
    """The run has meanwhile rung by itself and waits in another step."""
    begun(world)
    world.pass_time(minutes=12)
    world.sweep()
    own, swept = world.due()
    assert world.deliver(own) == []
    ring_until_quiet(world)
    before = the_run(world)
    assert world.deliver(swept) == []
    assert the_run(world) == before
    assert asked(world) == ["hello"]


def test_both_notices_of_one_wait_in_one_batch_end_it_once(world: AwsWorld) -> None:
    """The second one finds the run in its next step, which is due, and may go on with that."""
    begun(world)
    world.pass_time(minutes=12)
    world.sweep()
    assert world.deliver(*world.due()) == []
    ring_until_quiet(world)
    assert asked(world) == ["hello"]
    assert told(world) == ["entered", "sent hello"]


@pytest.mark.parametrize("after", [False, True], ids=CRASHES)
@pytest.mark.parametrize(
    "call",
    ["dynamodb.Query", "dynamodb.TransactWriteItems", "sqs.SendMessage"],
)
def test_an_event_that_wakes_may_die_at_every_call(world: AwsWorld, call: str, after: bool) -> None:
    """The redelivered event wakes once; the timer of what it woke is there."""
    begun(world, WAITING)
    world.pass_time(minutes=5)
    event = world.event("u", "session_start", "e2")
    with world.wire.killed(call, after=after):
        world.evaluate(event)
    assert world.evaluate(event, receives=2) == []
    ring_until_quiet(world)
    assert asked(world) == ["seen"]
    assert told(world) == ["entered", "sent seen", "completed"]


def test_a_failed_timer_brings_the_notice_back(world: AwsWorld) -> None:
    """The step has ended, the notice is not done; the next run starts the timer."""
    begun(world)
    world.pass_time(minutes=10)
    (notice,) = world.due()
    world.wire.refuse("sqs.SendMessage", "AccessDenied")
    assert world.deliver(notice) == [notice]
    assert world.due() == []
    assert world.deliver(notice, receives=2) == []
    ring_until_quiet(world)
    assert asked(world) == ["hello"]


def test_a_redelivered_notice_that_dies_in_its_repetition_has_claimed_nothing(
    world: AwsWorld,
) -> None:
    """What an earlier run left is looked for before the claim, so the next run need not wait."""
    begun(world)
    world.pass_time(minutes=10)
    world.ring()
    (notice,) = world.due()
    with world.wire.killed("dynamodb.Query", nth=2):
        world.deliver(notice, receives=2)
    assert world.deliver(notice, receives=3) == []
    assert asked(world) == ["hello"]
