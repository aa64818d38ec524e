"""
Rare states that stand in the records: every reason that drawn definitions can lead to.
"""

from collections import Counter
from collections.abc import Iterable

from unless.engine.records import Outcome, Reason, Record

REASONS = (
    Reason.OUTSIDE_DURATION_AT_TRIGGER,
    Reason.OUTSIDE_DURATION_AT_SEND,
    Reason.OUTSIDE_WINDOW_AT_TRIGGER,
    Reason.OUTSIDE_WINDOW_AT_SEND,
    Reason.QUIET_HOURS,
    Reason.FREQUENCY_CAPPED,
    Reason.TEMPLATE_ABORT,
    Reason.TEMPLATE_ERROR,
    Reason.UNREACHABLE,
    Reason.UNSUBSCRIBED,
    Reason.CONTROL_GROUP,
    Reason.AUDIENCE_LOST,
    Reason.DELIVERY_UNKNOWN,
    Reason.DELIVERY_FAILED,
)

OTHERS = (
    "journey exited",
    "exception before its trigger",
    "held by a window",
    "held by quiet hours",
    "converted",
    "converted in the control group",
    "in-app message displayed",
    "in-app message expired",
)

TOLD = (*OTHERS, *(f"reason {reason.value}" for reason in REASONS))


def told(records: Iterable[Record]) -> Counter[str]:
    """Return how often each of TOLD is in the records."""
    seen: Counter[str] = Counter()
    for record in records:
        seen["journey exited"] += record.outcome is Outcome.EXITED
        seen["exception before its trigger"] += record.detail.get("arrived") == "before_trigger"
        seen["held by a window"] += record.moved_by == "window"
        seen["held by quiet hours"] += record.moved_by == "quiet_hours"
        seen["in-app message displayed"] += record.detail.get("action") == "displayed"
        seen["in-app message expired"] += "expired" in record.detail
        if record.outcome is Outcome.CONVERTED:
            is_control = record.reason is Reason.CONTROL_GROUP
            seen["converted in the control group" if is_control else "converted"] += 1
        elif record.reason is not None:
            seen[f"reason {record.reason.value}"] += 1
    return seen
