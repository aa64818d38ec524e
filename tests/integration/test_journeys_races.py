"""
Runs at which two things come at once, through the real handlers: each counts once, in some order.
"""

from concurrent.futures import ThreadPoolExecutor

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

SEEN = ["entered", "sent seen", "completed"]
MISSED = ["entered", "sent missed", "completed"]


def begun(world: AwsWorld, journey: str = WAITING) -> None:
    """Let a run begin."""
    world.publish(journey)
    assert world.evaluate(world.event("u", "registered", "e1")) == []


def test_an_event_at_the_end_of_a_wait_that_comes_before_its_timer(world: AwsWorld) -> None:
    """The end is within the wait: the event opens its path, and the timer rings for nothing."""
    begun(world)
    world.pass_time(minutes=10)
    notices = world.due()
    assert world.evaluate(world.event("u", "session_start")) == []
    assert world.deliver(*notices) == []
    ring_until_quiet(world)
    assert asked(world) == ["seen"]
    assert told(world) == SEEN


def test_an_event_at_the_end_of_a_wait_that_comes_after_its_timer(world: AwsWorld) -> None:
    """The wait is over; an event of the same instant opens nothing any more."""
    begun(world)
    world.pass_time(minutes=10)
    assert world.deliver(*world.due()) == []
    assert world.evaluate(world.event("u", "session_start")) == []
    ring_until_quiet(world)
    assert asked(world) == ["missed"]
    assert told(world) == MISSED


def test_two_events_of_one_batch_that_both_open_a_wait(world: AwsWorld) -> None:
    """The first one opens it, the second one finds the run in its next step."""
    begun(world)
    world.pass_time(minutes=1)
    events = [world.event("u", "session_start", f"s{number}") for number in (1, 2)]
    assert world.evaluate(*events) == []
    assert len(world.due()) == 1
    assert world.evaluate(*events, receives=2) == []
    ring_until_quiet(world)
    assert asked(world) == ["seen"]
    assert told(world) == SEEN


def test_two_events_of_one_batch_may_open_two_waits_in_a_row(world: AwsWorld) -> None:
    """The second one happened after the first, so after the arrival at the second wait."""
    path = "paths: [{event: session_start, steps: []}]"
    waits = ", ".join([f"{{wait_for: {{within: 1h, {path}}}}}"] * 2)
    begun(world, f"{{journey: j, entry: {{trigger: {{event: registered}}}}, steps: [{waits}]}}")
    world.pass_time(minutes=1)
    first = world.event("u", "session_start", "s1")
    world.pass_time(seconds=1)
    assert world.evaluate(first, world.event("u", "session_start", "s2")) == []
    assert told(world) == ["entered", "completed"]


def test_one_event_opens_only_the_first_of_two_waits_in_a_row(world: AwsWorld) -> None:
    """What brought a run to a wait does not open it, however often the event comes."""
    path = "paths: [{event: session_start, steps: []}]"
    waits = ", ".join([f"{{wait_for: {{within: 1h, {path}}}}}"] * 2)
    begun(world, f"{{journey: j, entry: {{trigger: {{event: registered}}}}, steps: [{waits}]}}")
    world.pass_time(minutes=1)
    event = world.event("u", "session_start", "s1")
    assert world.evaluate(event, event) == []
    assert world.evaluate(event, receives=2) == []
    assert the_run(world).place == "1"


def test_a_notice_that_loses_against_an_event_decides_again(world: AwsWorld) -> None:
    """The event is committed in between: the notice reads the run anew and leaves it alone."""
    begun(world)
    world.pass_time(minutes=10)
    notices = world.due()
    once = iter([world.event("u", "session_start")])

    def meanwhile(moment: str) -> None:
        if moment == "before dynamodb.TransactWriteItems" and (event := next(once, None)):
            assert world.evaluate(event) == []

    world.wire.moments.append(meanwhile)
    assert world.deliver(*notices) == []
    ring_until_quiet(world)
    assert asked(world) == ["seen"]
    assert told(world) == SEEN


def test_an_event_that_loses_against_a_notice_decides_again(world: AwsWorld) -> None:
    """The notice is committed in between: the event is remembered and opens nothing."""
    begun(world)
    world.pass_time(minutes=10)
    notices = world.due()
    once = iter([notices])

    def meanwhile(moment: str) -> None:
        if moment == "before dynamodb.TransactWriteItems" and (due := next(once, None)):
            assert world.deliver(*due) == []

    world.wire.moments.append(meanwhile)
    assert world.evaluate(world.event("u", "session_start")) == []
    assert world.aws.store.load("u").state.history["session_start"].count == 1
    ring_until_quiet(world)
    assert asked(world) == ["missed"]
    assert told(world) == MISSED


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(5))
def test_events_and_notices_in_parallel_end_a_wait_once(world: AwsWorld, turn: int) -> None:
    """Whoever wins, one path is taken, by one message."""
    begun(world)
    world.pass_time(minutes=10)
    notices = world.due()
    events = [world.event("u", "session_start", f"s{turn}-{number}") for number in range(2)]
    work = [lambda: world.deliver(*notices), *(lambda e=e: world.evaluate(e) for e in events)]

    def until_done(do: int) -> None:
        while work[do]():
            pass

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(until_done, range(len(work))))
    ring_until_quiet(world)
    assert len(world.requests()) == 1
    assert told(world) in (SEEN, MISSED)
    assert runs(world) == []


def test_an_exit_before_the_claim_takes_the_message_back(world: AwsWorld) -> None:
    """A message that rings after the exit event is not requested."""
    begun(world, WELCOME)
    world.pass_time(minutes=10)
    world.ring()
    world.evaluate(world.event("u", "purchase", "e2"))
    ring_until_quiet(world)
    assert asked(world) == []
    assert told(world) == ["entered", "exited exit_event"]


IMMEDIATE = WELCOME.replace("exit: {", "exit: {when: immediate, ")


@pytest.mark.parametrize("journey", [WELCOME, IMMEDIATE], ids=["end_of_step", "immediate"])
def test_an_exit_during_the_claim_lets_the_message_end(world: AwsWorld, journey: str) -> None:
    """What is on its way is told as sent; the run leaves right after it, and nothing follows."""
    begun(world, journey)
    world.pass_time(minutes=10)
    world.ring()
    once = iter([world.event("u", "purchase", "e2")])

    def meanwhile(moment: str) -> None:
        if moment == "before events.PutEvents" and (event := next(once, None)):
            assert world.evaluate(event) == []

    world.wire.moments.append(meanwhile)
    ring_until_quiet(world)
    assert asked(world) == ["hello"]
    assert told(world) == ["entered", "sent hello", "exited exit_event"]
    pass_and_ring(world, hours=1)
    assert asked(world) == []


@pytest.mark.parametrize("journey", [WELCOME, IMMEDIATE], ids=["end_of_step", "immediate"])
def test_a_claim_that_loses_against_an_exit_makes_no_request(world: AwsWorld, journey: str) -> None:
    """The exit event is committed between the read and the claim, so there is no claim."""
    begun(world, journey)
    world.pass_time(minutes=10)
    world.ring()
    once = iter([world.event("u", "purchase", "e2")])

    def meanwhile(moment: str) -> None:
        if moment == "before dynamodb.TransactWriteItems" and (event := next(once, None)):
            assert world.evaluate(event) == []

    world.wire.moments.append(meanwhile)
    ring_until_quiet(world)
    assert asked(world) == []
    assert told(world) == ["entered", "exited exit_event"]


def test_our_own_receipt_opens_the_wait_of_another_run(world: AwsWorld) -> None:
    """A run may wait for the message of another one; both go on in the commit of its answer."""
    begun(world, WELCOME)
    world.publish(
        "{journey: other, entry: {trigger: {event: opened_app}}, steps: [{wait_for: {within: 1h,"
        " paths: [{event: message_interaction, where: {journey: welcome}, steps: []}],"
        " otherwise: [{message: {}}]}}]}"
    )
    world.pass_time(minutes=1)
    world.pass_time(seconds=30)  # evaluate may be so far behind
    world.evaluate(world.event("u", "opened_app", "e2"))
    pass_and_ring(world, minutes=10)
    assert asked(world) == ["hello"]
    (completed,) = [r for r in world.records("u") if r.outcome == "completed"]
    assert completed.definition == "other"
    assert the_run(world).definition == "welcome"


@pytest.mark.parametrize("names", [("registered",), ("registered", "purchase")])
def test_a_run_that_remembers_an_exit_in_the_commit_of_its_start_has_a_timer(
    world: AwsWorld, names: tuple[str, ...]
) -> None:
    """What happens to a run later in the same batch does not take away the timer of its step."""
    world.publish(WELCOME)
    assert world.evaluate(*(world.event("u", name) for name in names)) == []
    world.pass_time(minutes=10)
    assert len(world.due()) == 1
