"""
Decision records: what was decided about one trigger of one user, and why (SPEC sections 6 and
8).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from unless.definitions.models import Kind


class Outcome(StrEnum):
    """
    How a trigger ended; `scheduled` and `entered` are not the end, and what comes after it,
    `converted` and `interacted`, is no end either.

    A journey says `sent` or `skipped` of each of its message steps, and ends with one of `exited`
    and `completed`.
    """

    SCHEDULED = "scheduled"
    SENT = "sent"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    ENTERED = "entered"
    EXITED = "exited"
    COMPLETED = "completed"
    CONVERTED = "converted"
    INTERACTED = "interacted"


AFTERWARDS = frozenset({Outcome.CONVERTED, Outcome.INTERACTED})
"""What came of a message later: no decision, so none of a trigger's records."""

OPEN = frozenset({Outcome.SCHEDULED, Outcome.ENTERED}) | AFTERWARDS
"""The outcomes that end nothing."""


class Reason(StrEnum):
    """Why a message was not sent, or not sent plainly: the closed list of SPEC section 8."""

    def __new__(cls, code: str, explanation: str) -> "Reason":
        """Make the member whose value is the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.explanation = explanation
        return member

    explanation: str

    BEFORE_LAUNCH = "before_launch", "It happened before the campaign was launched."
    TOO_OLD = "too_old", "It arrived more than 72 hours after it happened."
    NOT_IN_AUDIENCE = "not_in_audience", "The user was not in the audience when it happened."
    FILTER_MISMATCH = "filter_mismatch", "The event's properties do not pass the trigger's filter."
    OUTSIDE_DURATION_AT_TRIGGER = (
        "outside_duration_at_trigger", "It happened before the campaign's start or after its end.",
    )  # fmt: skip
    OUTSIDE_DURATION_AT_SEND = (
        "outside_duration_at_send", "The message would go out after the campaign's end.",
    )  # fmt: skip
    OUTSIDE_WINDOW_AT_TRIGGER = (
        "outside_window_at_trigger", "It happened outside the campaign's window of the day.",
    )  # fmt: skip
    OUTSIDE_WINDOW_AT_SEND = (
        "outside_window_at_send", "The message would go out outside the campaign's window.",
    )  # fmt: skip
    EXCEPTION_EVENT = "exception_event", "An exception event happened first."
    RESCHEDULED = "rescheduled", "A later trigger started the delay again."
    ALREADY_RECEIVED = "already_received", "The user has received this campaign, once and for all."
    REELIGIBILITY_WAIT = "reeligibility_wait", "The user received this campaign too recently."
    AUDIENCE_LOST = "audience_lost", "The user had left the audience when the message was due."
    QUIET_HOURS = "quiet_hours", "The message was due in quiet hours."
    FREQUENCY_CAPPED = "frequency_capped", "The user had received as many messages as a cap allows."
    TEMPLATE_ABORT = "template_abort", "The template decided not to send."
    TEMPLATE_ERROR = "template_error", "The template could not be rendered."
    UNREACHABLE = "unreachable", "There is no address for the message's channel."
    UNSUBSCRIBED = "unsubscribed", "The user has unsubscribed."
    CONTROL_GROUP = "control_group", "The user is in the campaign's control group."
    USER_NOT_FOUND = "user_not_found", "The user was deleted."
    CAMPAIGN_STOPPED = "campaign_stopped", "The campaign was stopped."
    DELAY_IN_PAST = "delay_in_past", "The time to send had passed when the trigger happened."
    DELAY_INVALID = "delay_invalid", "The trigger names no instant to wait for."
    TOO_LATE = "too_late", "It was later than the due time and the workspace's max_lateness."
    DELIVERY_FAILED = "delivery_failed", "The channel refused the message."
    DELIVERY_UNKNOWN = (
        "delivery_unknown",
        "The channel gave no clear answer; it was not sent again.",
    )
    FANOUT_CAPPED = (
        "fanout_capped",
        "The event, or the user that day, had started as many as may be.",
    )
    LOOP_LIMIT = "loop_limit", "The event is too far down a chain of messages causing messages."
    EXIT_EVENT = "exit_event", "An exit event happened."
    EXIT_AUDIENCE = "exit_audience", "The user has come to fit the journey's exit filter."
    EXIT_STEP = "exit_step", "The way through the journey ends with an exit step."
    DUPLICATE_ENTRY = "duplicate_entry", "The user entered the journey in the same second already."
    ALREADY_ENTERED = "already_entered", "The user has entered this journey, once and for all."
    REENTRY_WAIT = "reentry_wait", "The user entered this journey too recently."
    JOURNEY_STOPPED = "journey_stopped", "The journey was stopped."


@dataclass(frozen=True, slots=True)
class Mismatch:
    """
    A clause that did not hold, with what was expected and what was there.

    `path` is a property's or attribute's path, or a description such as `count of purchase`;
    `actual` is None when the value is missing.
    """

    path: str
    op: str
    expected: Any
    actual: Any

    def detail(self) -> dict[str, Any]:
        """Return the clause as the `detail` of a record."""
        return {"path": self.path, "op": self.op, "expected": self.expected, "actual": self.actual}


@dataclass(frozen=True, slots=True)
class Record:
    """
    One decision about one trigger of one user; `at` and `due` are UTC.

    `definition` is the id of a campaign or, by `kind`, a journey; `step` is that of a message.
    `event` is the id of the trigger, `name` its name.
    """

    at: datetime
    user: str
    definition: str
    outcome: Outcome
    event: str
    kind: Kind = Kind.CAMPAIGN
    step: str | None = None
    reason: Reason | None = None
    send: str | None = None
    due: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None

    @property
    def moved_by(self) -> str | None:
        """What moved a send that was already scheduled: window, quiet_hours or time_zone."""
        return self.detail.get("moved_by") if self.outcome is Outcome.SCHEDULED else None

    def as_json(self) -> dict[str, Any]:
        """
        Return the record as the JSON object of SPEC section 6; fields without a value are left
        out.
        """
        fields = {
            "at": instant_text(self.at),
            "user": self.user,
            self.kind.value: self.definition,
            "step": self.step,
            "outcome": self.outcome.value,
            "reason": self.reason.value if self.reason else None,
            "event": self.event,
            "name": self.name,
            "send": self.send,
            "due": instant_text(self.due) if self.due else None,
        }
        present = {name: value for name, value in fields.items() if value is not None}
        return {**present, "detail": dict(self.detail)}


def is_unsettled(record: Record) -> bool:
    """Whether the record says that nobody knows of the message yet, and may be confirmed (K3)."""
    return record.reason is Reason.DELIVERY_UNKNOWN and "confirmed" not in record.detail


def instant_text(instant: datetime) -> str:
    """Return the UTC instant as ISO 8601 with `Z`."""
    return instant.isoformat().removesuffix("+00:00") + "Z"
