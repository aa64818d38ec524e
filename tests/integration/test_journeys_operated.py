"""
What operators do to journeys with people inside, through the real handlers (SPEC L1, L3, J11).
"""

import pytest

from tests.integration.journeys import (
    WAITING,
    WELCOME,
    answer_with,
    asked,
    pass_and_ring,
    ring_until_quiet,
    runs,
    the_run,
    told,
)
from tests.integration.world import AwsWorld
from unless.engine.decision import Answer
from unless.engine.model import DueStatus

pytestmark = pytest.mark.slow


def begun(world: AwsWorld, journey: str = WELCOME) -> None:
    """Let a run begin."""
    world.publish(journey)
    assert world.evaluate(world.event("u", "registered", "e1")) == []


def test_a_pause_parks_a_run_and_the_resume_lets_it_go_on(world: AwsWorld) -> None:
    """Whatever ends in the pause waits where no sweep looks, and goes on at the resume."""
    begun(world)
    world.operate("pause", "welcome")
    pass_and_ring(world, minutes=12)
    world.sweep()
    assert world.due() == []
    assert the_run(world).status is DueStatus.PARKED
    assert world.aws.operate.pending() == {"welcome": 1}
    assert world.operate("resume", "welcome") == 1
    ring_until_quiet(world)
    assert asked(world) == ["hello"]
    assert told(world) == ["entered", "sent hello"]


def test_a_message_is_parked_as_a_wait_is(world: AwsWorld) -> None:
    """A run that has arrived at its message in the pause is judged at the resume."""
    begun(world)
    world.pass_time(minutes=10)
    world.ring()
    world.operate("pause", "welcome")
    ring_until_quiet(world)
    assert asked(world) == []
    world.pass_time(hours=2)
    world.operate("resume", "welcome")
    ring_until_quiet(world)
    assert told(world) == ["entered", "skipped hello too_late"]


def test_an_event_opens_a_wait_that_a_pause_has_parked(world: AwsWorld) -> None:
    """Events act in a pause; the run then stands in front of its message, parked again."""
    begun(world, WAITING)
    world.operate("pause", "waiting")
    world.pass_time(minutes=9)
    event = world.event("u", "session_start")
    pass_and_ring(world, minutes=1)
    assert the_run(world).status is DueStatus.PARKED
    assert world.evaluate(event) == []
    ring_until_quiet(world)
    assert the_run(world).status is DueStatus.PARKED
    assert world.operate("resume", "waiting") == 1
    ring_until_quiet(world)
    assert asked(world) == ["seen"]
    assert told(world) == ["entered", "sent seen", "completed"]


def test_an_exit_event_reaches_a_parked_run(world: AwsWorld) -> None:
    """It is remembered in the pause and acts when the step ends, which is the resume."""
    begun(world)
    world.operate("pause", "welcome")
    pass_and_ring(world, minutes=10)
    assert world.evaluate(world.event("u", "purchase")) == []
    assert told(world) == ["entered"]
    world.operate("resume", "welcome")
    ring_until_quiet(world)
    assert (asked(world), told(world)) == ([], ["entered", "exited exit_event"])


def test_a_stop_lets_waits_end_and_takes_out_whoever_comes_to_an_end(world: AwsWorld) -> None:
    """A stop wakes what a pause had parked; whose wait ends while stopped leaves (J11)."""
    begun(world)
    world.pass_time(minutes=1)
    world.evaluate(world.event("v", "registered"))
    world.operate("pause", "welcome")
    pass_and_ring(world, minutes=9)
    assert world.operate("stop", "welcome") == 1
    ring_until_quiet(world)
    assert told(world) == ["entered", "exited journey_stopped"]
    assert told(world, "v") == ["entered"]
    assert world.evaluate(world.event("w", "registered")) == []
    assert told(world, "w") == ["skipped journey_stopped"]
    pass_and_ring(world, minutes=1)
    assert told(world, "v") == ["entered", "exited journey_stopped"]


def test_a_resume_in_time_brings_a_stopped_run_on(world: AwsWorld) -> None:
    """Waits run on through a stop: one that ends after the resume has missed nothing (J11)."""
    begun(world)
    world.operate("stop", "welcome")
    pass_and_ring(world, minutes=5)
    world.operate("resume", "welcome")
    pass_and_ring(world, minutes=5)
    assert told(world) == ["entered", "sent hello"]


@pytest.mark.slow
def test_the_sweep_wakes_runs_that_a_broken_off_stop_left(world: AwsWorld) -> None:
    """Whoever dies between the stop and the wake-up leaves no run behind for long."""
    begun(world)
    world.operate("pause", "welcome")
    pass_and_ring(world, minutes=10)
    with world.wire.killed("sqs.SendMessageBatch"):
        world.operate("stop", "welcome")
    for _ in range(60):
        world.pass_time(minutes=1)
        world.sweep()
    ring_until_quiet(world)
    assert told(world) == ["entered", "exited journey_stopped"]


def test_a_deleted_user_leaves_every_journey(world: AwsWorld) -> None:
    """Runs exit at once, large properties go too, and old timers and events change nothing."""
    world.publish(WELCOME, WAITING)
    world.evaluate(world.event("u", "registered", "e1", text=["x" * 5_000]))
    world.pass_time(minutes=1)
    late = world.event("u", "session_start")
    world.pass_time(seconds=1)
    assert world.aws.deletion.delete("u").ended == 2
    assert told(world) == ["exited user_not_found"] * 2
    assert world.items("u").keys() == {"A#"}
    assert world.evaluate(late) == []
    pass_and_ring(world, minutes=10)
    assert world.requests() == []
    assert world.items("u").keys() == {"A#"}


def test_a_user_who_is_deleted_during_a_claim_gets_no_further(world: AwsWorld) -> None:
    """The request may be out: it is told as sent, and the run exits instead of going on."""
    begun(world)
    world.pass_time(minutes=10)
    world.ring()
    once = iter([True])

    def meanwhile(moment: str) -> None:
        if moment == "before events.PutEvents" and next(once, False):
            world.pass_time(seconds=1)
            assert world.aws.deletion.delete("u").ended == 0

    world.wire.moments.append(meanwhile)
    ring_until_quiet(world)
    assert asked(world) == ["hello"]
    assert told(world) == ["sent hello", "exited user_not_found"]
    assert runs(world) == []
    pass_and_ring(world, hours=1)
    assert asked(world) == []


def test_a_refused_message_is_skipped_and_the_run_goes_on(world: AwsWorld) -> None:
    """A certain no is no receipt; a message moves everyone on (J8)."""
    begun(world)
    requests = answer_with(world, Answer.REFUSED)
    pass_and_ring(world, minutes=10)
    assert [(r.definition, r.step, r.kind) for r in requests] == [("welcome", "hello", "journey")]
    assert told(world) == ["entered", "skipped hello delivery_failed"]
    assert world.records("u")[-1].detail["said"] == "said so"
    assert world.aws.store.load("u").state.receipts == ()
    pass_and_ring(world, minutes=10)
    assert [request.step for request in requests] == ["hello", "missed"]


def test_an_unclear_answer_counts_as_sent_and_is_not_asked_again(world: AwsWorld) -> None:
    """Nothing is sent twice for want of an answer (K3)."""
    begun(world)
    requests = answer_with(world, Answer.UNKNOWN)
    pass_and_ring(world, minutes=10)
    assert told(world) == ["entered", "sent hello delivery_unknown"]
    assert len(world.aws.store.load("u").state.receipts) == 1
    pass_and_ring(world, minutes=10)
    assert [request.step for request in requests] == ["hello", "missed"]


def test_an_answer_that_never_came_is_unclear_once_it_is_too_late(world: AwsWorld) -> None:
    """A claim that nobody ends for an hour is ended by the sweep's notice, and the run goes on."""
    begun(world)
    world.pass_time(minutes=10)
    world.ring()
    (notice,) = world.due()
    with world.wire.killed("events.PutEvents"):
        world.deliver(notice)
    world.pass_time(minutes=65)
    world.sweep()
    ring_until_quiet(world)
    assert told(world) == ["entered", "sent hello delivery_unknown"]
    pass_and_ring(world, minutes=10)
    assert asked(world) == ["missed"]
