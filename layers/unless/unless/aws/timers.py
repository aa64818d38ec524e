"""
Alarm clocks: up to 15 minutes a delayed message, beyond that a schedule of its own.

A timer only rings; the item decides. One that is lost, late or doubled does no harm.
"""

import re
from datetime import UTC, datetime, timedelta
from math import ceil

from botocore.exceptions import ClientError

from unless.app.errors import ConfigurationError, UnlessError
from unless.app.messages import notice_to_json
from unless.aws.clients import Clients
from unless.aws.due_queue import DELAY_SECONDS_MAX, SqsDueQueue
from unless.aws.errors import aws_errors, code_of
from unless.aws.settings import Settings
from unless.engine.decision import DueNotice
from unless.engine.model import DueItem

NAME = re.compile(r"[0-9a-zA-Z-_.]{1,64}")
"""
What a schedule's name may be. Source: Scheduler API Reference, "CreateSchedule" (read 2026-11).
"""

LAST_SECOND = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The last second that has a next one nowhere."""

RETRY = {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}
"""How long Scheduler tries to reach the queue: the most it offers (same page), a day."""


class AwsTimers:
    """`unless.app.ports.Timers` on SQS and EventBridge Scheduler."""

    def __init__(self, clients: Clients, queue: SqsDueQueue, settings: Settings) -> None:
        """Ring on this queue; no call is made yet."""
        self._clients = clients
        self._queue = queue
        self._settings = settings

    def ensure(self, item: DueItem, now: datetime) -> None:
        """
        Make sure that a due notice comes, never before the due time; repeating it is harmless.

        Raises:
            TransientError, ConfigurationError: the timer may not be there.
        """
        notice = DueNotice(item.user, item.id, item.turn)
        seconds = max(0, ceil((item.due - now).total_seconds()))
        if seconds <= DELAY_SECONDS_MAX:
            self._queue.ring(notice, seconds)
        else:
            self._schedule(item, notice)

    def _schedule(self, item: DueItem, notice: DueNotice) -> None:
        with aws_errors("make a schedule"):
            try:
                self._clients.get("scheduler").create_schedule(
                    Name=schedule_name(item),
                    GroupName=self._settings.schedule_group,
                    ScheduleExpression=at_expression(item.due),
                    ScheduleExpressionTimezone="UTC",
                    FlexibleTimeWindow={"Mode": "OFF"},
                    ActionAfterCompletion="DELETE",
                    Target={
                        "Arn": self._settings.due_queue_arn,
                        "RoleArn": self._settings.scheduler_role_arn,
                        "Input": notice_to_json(notice),
                        "DeadLetterConfig": {"Arn": self._settings.schedule_dlq_arn},
                        "RetryPolicy": RETRY,
                    },
                )
            except ClientError as error:
                # The name says item and turn, so one of that name is this very timer.
                if code_of(error) != "ConflictException":
                    raise

    def cancel(self, item: DueItem) -> bool:
        """
        Delete the schedule where one may exist, and return whether none is left.

        A message under way cannot be called back. Never raises: the timer of an item that is gone
        rings for nothing.
        """
        if not may_have_schedule(item):
            return True
        try:
            with aws_errors("delete a schedule"):
                self._clients.get("scheduler").delete_schedule(
                    Name=schedule_name(item), GroupName=self._settings.schedule_group
                )
        except UnlessError as error:
            return _is_gone(error)
        return True


def may_have_schedule(item: DueItem) -> bool:
    """Whether the wait may have been too long for a message: it began then or later."""
    return item.due - item.since > timedelta(seconds=DELAY_SECONDS_MAX)


def _is_gone(error: UnlessError) -> bool:
    cause = error.__cause__
    return isinstance(cause, ClientError) and code_of(cause) == "ResourceNotFoundException"


def schedule_name(item: DueItem) -> str:
    """
    Return the name of the schedule for the present turn of the item, always the same.

    Raises:
        ConfigurationError: it is no name that Scheduler takes.
    """
    name = f"{item.id}-{item.turn}"
    if not NAME.fullmatch(name):
        raise ConfigurationError(f"an item's id makes no schedule name ({len(name)} characters)")
    return name


def at_expression(due: datetime) -> str:
    """Return the instant for Scheduler, which knows whole seconds, rounded up: never early."""
    whole = due.astimezone(UTC).replace(microsecond=0)
    if due.microsecond and whole < LAST_SECOND:
        whole += timedelta(seconds=1)
    return f"at({whole:%Y-%m-%dT%H:%M:%S})"
