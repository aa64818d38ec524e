"""
The timers: what is used for which wait, and what exactly is asked of Scheduler.
"""

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.users import NOW, pending_send, run
from tests.integration.world import AwsWorld
from unless.app.errors import ConfigurationError, TransientError
from unless.aws.clients import Clients
from unless.aws.due_queue import SqsDueQueue
from unless.aws.timers import AwsTimers, at_expression, may_have_schedule, schedule_name
from unless.engine.decision import DueNotice


@pytest.fixture
def timers(world: AwsWorld) -> AwsTimers:
    """The timers of the world."""
    return world.aws.timers


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [(-3600, 0), (0, 0), (0.000001, 1), (59.2, 60), (899.5, 900), (900, 900)],
)
def test_a_wait_of_up_to_15_minutes_is_a_delayed_message(
    world: AwsWorld, timers: AwsTimers, wait: float, seconds: int
) -> None:
    """The message comes in whole seconds, never before the due time; what is past comes now."""
    timers.ensure(pending_send("s-1", due=NOW + timedelta(seconds=wait), turn=2), NOW)
    assert world.schedules() == {}
    world.pass_time(seconds=max(0, seconds - 1))
    if seconds:
        assert world.take("DueQueue") == []
        world.pass_time(seconds=1)
    assert world.take("DueQueue") == ['{"user": "u", "item": "s-1", "turn": 2}']


def test_a_longer_wait_is_a_schedule_of_its_own(world: AwsWorld, timers: AwsTimers) -> None:
    """One schedule in UTC, on the whole second after the due time, that removes itself."""
    timers.ensure(pending_send("s-1", due=NOW + timedelta(seconds=900, microseconds=1)), NOW)
    ((name, schedule),) = world.schedules().items()
    settings = world.aws.settings
    assert name == "s-1-0"
    assert schedule["ScheduleExpression"] == "at(2026-02-02T10:15:01)"
    assert schedule["ScheduleExpressionTimezone"] == "UTC"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["ActionAfterCompletion"] == "DELETE"
    assert schedule["Target"] == {
        "Arn": settings.due_queue_arn,
        "RoleArn": settings.scheduler_role_arn,
        "Input": '{"user": "u", "item": "s-1", "turn": 0}',
        "DeadLetterConfig": {"Arn": settings.schedule_dlq_arn},
        "RetryPolicy": {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185},
    }


def test_ensuring_a_schedule_again_is_harmless(world: AwsWorld, timers: AwsTimers) -> None:
    """The name says item and turn, so one that exists is the right one."""
    send = pending_send("s-1")
    timers.ensure(send, NOW)
    timers.ensure(send, NOW)
    timers.ensure(pending_send("s-1", turn=1), NOW)
    assert world.schedules().keys() == {"s-1-0", "s-1-1"}


def test_cancelling_deletes_the_schedule(world: AwsWorld, timers: AwsTimers) -> None:
    """It deletes the one of the item's turn; one that is gone is as good as deleted."""
    send = pending_send("s-1")
    timers.ensure(send, NOW)
    assert timers.cancel(send)
    assert world.schedules() == {}
    assert timers.cancel(send)


def test_where_no_schedule_can_be_none_is_deleted(world: AwsWorld, timers: AwsTimers) -> None:
    """A wait of 15 minutes or less has only a message, which cannot be called back."""
    with world.wire.counting() as calls:
        assert timers.cancel(pending_send("s-1", due=NOW + timedelta(seconds=900)))
    assert calls == []
    assert may_have_schedule(pending_send("s-1", due=NOW + timedelta(seconds=901)))


def test_a_step_of_a_run_has_a_timer_of_its_own(world: AwsWorld, timers: AwsTimers) -> None:
    """Each step moves the due time and has a schedule of another name, within what is allowed."""
    waiting = run("r-" + "a" * 32, turn=199, due=NOW + timedelta(days=1))
    timers.ensure(waiting, NOW)
    assert world.schedules().keys() == {f"r-{'a' * 32}-199"}
    assert timers.cancel(waiting)
    assert world.schedules() == {}


def test_a_short_step_late_in_a_run_has_no_schedule(world: AwsWorld, timers: AwsTimers) -> None:
    """The wait counts from the arrival at the step, however long ago the run began."""
    short = run("r-1", due=NOW + timedelta(minutes=15))
    assert short.due - short.triggered_at > timedelta(days=5)
    with world.wire.counting() as calls:
        assert timers.cancel(short)
    assert calls == []


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "Unheard"])
def test_cancelling_never_raises(world: AwsWorld, timers: AwsTimers, code: str) -> None:
    """It says that it failed, and the timer will ring for nothing."""
    world.wire.refuse("scheduler.DeleteSchedule", code)
    assert not timers.cancel(pending_send("s-1"))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ThrottlingException", TransientError),
        ("ServiceQuotaExceededException", TransientError),
        ("Unheard", TransientError),
        ("AccessDeniedException", ConfigurationError),
        ("ResourceNotFoundException", ConfigurationError),
    ],
)
def test_a_timer_that_cannot_be_made_is_told(
    world: AwsWorld, timers: AwsTimers, code: str, error: type[Exception]
) -> None:
    """Whoever wants a timer learns whether it may come later or needs a person."""
    world.wire.refuse("scheduler.CreateSchedule", code)
    with pytest.raises(error):
        timers.ensure(pending_send("s-1"), NOW)


def test_a_name_that_scheduler_would_refuse_is_refused_here() -> None:
    """Local AWS takes any name, the real one does not."""
    assert schedule_name(pending_send("s-" + "a" * 32, turn=12)) == f"s-{'a' * 32}-12"
    for bad in ("s-" + "a" * 63, "s-ä", "s 1"):
        with pytest.raises(ConfigurationError):
            schedule_name(pending_send(bad))


def test_a_schedule_never_rings_early() -> None:
    """Scheduler knows whole seconds; a part of one is rounded up."""
    assert at_expression(NOW) == "at(2026-02-02T10:00:00)"
    assert at_expression(NOW.replace(microsecond=1)) == "at(2026-02-02T10:00:01)"
    assert at_expression(NOW.replace(second=59, microsecond=9)) == "at(2026-02-02T10:01:00)"


class Busy(Clients):
    """Clients of an SQS that takes the first message of each batch only."""

    def get(self, _service: str) -> "Busy":
        """Be SQS."""
        return self

    def send_message_batch(self, **request: Any) -> dict[str, Any]:
        """Take one."""
        first, *others = request["Entries"]
        failed = [{"Id": entry["Id"], "Code": "InternalError"} for entry in others]
        return {"Successful": [{"Id": first["Id"]}], "Failed": failed}


def test_a_batch_of_notices_that_is_not_taken_whole_is_no_success() -> None:
    """SQS answers 200 even so; who rings for many hears of those that it refused."""
    queue = SqsDueQueue(Busy(), "https://sqs.example.test/due")
    assert queue.ring_all([DueNotice("u", "s-1", 0)]) == 1
    with pytest.raises(TransientError, match="1 of 2 refused"):
        queue.ring_all([DueNotice("u", "s-1", 0), DueNotice("u", "s-2", 0)])


def test_the_schedules_of_a_deleted_user_go(world: AwsWorld) -> None:
    """Each holds the user's id, and may be months from ringing (L3)."""
    world.publish("{campaign: late, trigger: {event: visit}, delay: {after: 90d}}")
    world.evaluate(world.event("u", "visit"), world.event("v", "visit"))
    assert len(world.schedules()) == 2
    world.aws.deletion.delete("u")
    (left,) = world.schedules().values()
    assert '"user": "v"' in left["Target"]["Input"]


def test_what_is_due_from_one_instant_to_another_includes_both(world: AwsWorld) -> None:
    """As whoever cancels by due time reads it."""
    world.publish("{campaign: late, trigger: {event: visit}, delay: {after: 90d}}")
    world.evaluate(world.event("u", "visit"))
    due = NOW + timedelta(days=90)
    index, moment = world.aws.due_index, timedelta(microseconds=1)
    assert len(list(index.between(due, due))) == 1
    assert list(index.between(due + moment, None)) == []
    assert list(index.between(None, due - moment)) == []
