"""
The counts of a campaign or journey as one object for machines.
"""

from datetime import datetime
from statistics import median
from typing import Any

from unless.app.stats import Counted, Counts, Goal, Messages
from unless.cli.stats.rates import Rate, difference
from unless.engine.balance import Definition
from unless.engine.records import instant_text

DIGITS = 6
"""Digits of a share behind the point; more would only be noise."""


def as_json(
    definition: Definition, counts: Counts, found: Counted, pending: int | None
) -> dict[str, Any]:
    """Return all that is counted; shares lie between 0 and 1, times are in seconds and UTC."""
    kind, name = definition
    return {
        kind.value: name,
        "first": _instant(found.first),
        "last": _instant(found.last),
        "triggers": counts.triggers,
        "outcomes": {outcome.value: times for outcome, times in counts.outcomes.items() if times},
        "pending": pending,
        "messages": _messages(counts.messages),
        "reasons": [
            {"outcome": outcome.value, "reason": reason.value, "times": times}
            for (outcome, reason), times in counts.reasons.most_common()
        ],
        "steps": {step: _messages(messages) for step, messages in sorted(counts.steps.items())},
        "conversions": [
            {"row": row, **_goal(goal, counts)} for row, goal in sorted(counts.goals.items())
        ],
    }


def _instant(at: datetime | None) -> str | None:
    return instant_text(at) if at else None


def _messages(messages: Messages) -> dict[str, Any]:
    return {
        "sent": messages.sent,
        "unknown": messages.unknown,
        "confirmed": messages.confirmed,
        "skipped": messages.skipped,
        **dict(sorted(messages.actions.items())),
    }


def _goal(goal: Goal, counts: Counts) -> dict[str, Any]:
    got, control = Rate(goal.users, counts.reached), Rate(goal.control_users, counts.control)
    apart = difference(got, control)
    return {
        "event": goal.event,
        "primary": goal.primary,
        "conversions": goal.conversions,
        "median_s": median(goal.seconds) if goal.seconds else None,
        "reached": _rate(got),
        "control": _rate(control) if counts.control else None,
        "difference": apart
        and {
            "value": round(apart.value, DIGITS),
            "low": round(apart.low, DIGITS),
            "high": round(apart.high, DIGITS),
        },
    }


def _rate(rate: Rate) -> dict[str, Any]:
    low, high = rate.interval
    return {
        "users": rate.whole,
        "converted": rate.part,
        "rate": round(rate.value, DIGITS),
        "low": round(low, DIGITS),
        "high": round(high, DIGITS),
    }
