"""
A decision record in words: what became of the message, why, and the values that were compared.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from unless.definitions.durations import format_duration
from unless.engine.records import Outcome, Reason, Record, instant_text

STYLES = {
    Outcome.SCHEDULED: "cyan",
    Outcome.SENT: "green",
    Outcome.CANCELLED: "yellow",
    Outcome.SKIPPED: "bright_black",
}
"""The colour of each outcome, wherever one is shown."""

SIGNS = {
    Outcome.SCHEDULED: "+",
    Outcome.SENT: "✓",
    Outcome.CANCELLED: "✗",
    Outcome.SKIPPED: "-",
}

_OPERATORS = {
    "eq": "{}",
    "ne": "anything but {}",
    "in": "one of {}",
    "not_in": "none of {}",
    "gt": "more than {}",
    "gte": "at least {}",
    "lt": "less than {}",
    "lte": "at most {}",
    "matches": "a text like {}",
    "not_matches": "no text like {}",
    "contains_any": "something with one of {}",
    "contains_none": "something with none of {}",
    "before": "before {}",
    "after": "after {}",
    "within_last": "within the last {}",
    "more_than_ago": "more than {} ago",
    "within_next": "within the next {}",
    "more_than_ahead": "more than {} ahead",
    "day_of_year": "the day {}",
}


def sentence(record: Record) -> str:
    """Return what a record says beyond its outcome; empty for a message that was simply sent."""
    if record.outcome is Outcome.SCHEDULED and record.due:
        if record.due <= record.at:
            return "due at once"
        again = "held until" if record.detail.get("held") else "due"
        return f"{again} {day_and_time(record.due)}, in {format_duration(record.due - record.at)}"
    if record.reason is None:
        return ""
    compared = compared_values(record.reason, record.detail)
    explanation = record.reason.explanation
    return f"{explanation.removesuffix('.')}: {compared}." if compared else explanation


def day_and_time(instant: datetime) -> str:
    """Return the UTC instant to the second, without a zone: the heading names it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def compared_values(reason: Reason, detail: Mapping[str, Any]) -> str:
    """Return the values that a record holds as words, empty when it holds none worth saying."""
    if "op" in detail:
        return _clause(detail)
    if "by" in detail:
        late = ", on record before the trigger arrived" if "arrived" in detail else ""
        return f"{detail.get('name')} ({detail['by']}){late}"
    match reason:
        case Reason.ALREADY_RECEIVED | Reason.REELIGIBILITY_WAIT:
            return _received(detail)
        case Reason.TOO_LATE:
            late, limit = (format_span(detail.get(k)) for k in ("late_s", "max_lateness_s"))
            return f"{late} late, at most {limit} allowed"
        case Reason.TOO_OLD:
            return f"{format_span(detail.get('age_s'))} old"
        case Reason.BEFORE_LAUNCH:
            return f"launched {value(detail.get('launch_at'))}"
    if "from" in detail:
        return f"{detail['from']} to {detail['to']} {detail['zone']}, it was {_clock(detail)}"
    if "zone" in detail and "actual" in detail:
        edges = " to ".join(value(detail.get(edge, "…")) for edge in ("start", "end"))
        return f"{edges} {detail['zone']}"
    return ""


def _clock(detail: Mapping[str, Any]) -> str:
    return str(detail["actual"])[11:16]


def _clause(detail: Mapping[str, Any]) -> str:
    path, op, expected, actual = (detail.get(k) for k in ("path", "op", "expected", "actual"))
    there = f"{path} is {value(actual)}" if actual is not None else f"{path} is missing"
    if op == "not":
        return f"{there}, which is excluded"
    if op == "blank":
        return f"{there}, expected {'no value' if expected else 'a value'}"
    wanted = _OPERATORS.get(str(op), f"{op} {{}}").format(value(expected))
    return f"{there}, expected {wanted}"


def _received(detail: Mapping[str, Any]) -> str:
    last, again = detail.get("last"), detail.get("again")
    parts = [f"last received {value(last)}"] if last else []
    parts += [f"again from {value(again)}"] if again else []
    return ", ".join(parts)


def format_span(seconds: object) -> str:
    """Return a number of seconds as people write a span (`1h30m`)."""
    return format_duration(timedelta(seconds=seconds)) if isinstance(seconds, int) else "?"


def value(given: object) -> str:
    """Return a value of a record as words: lists with commas, instants to the second."""
    match given:
        case None:
            return "missing"
        case bool():
            return "true" if given else "false"
        case str():
            return _instant(given)
        case list() | tuple():
            return ", ".join(value(each) for each in given) or "nothing"
        case Mapping():
            return ", ".join(f"{key} {value(each)}" for key, each in given.items()) or "nothing"
        case _:
            return str(given)


def _instant(text: str) -> str:
    """Return an instant shorter, and every other text as it is."""
    if len(text) < len("2026-02-02T10:00:00Z") or text[10:11] != "T":
        return text
    try:
        return instant_text(datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0))
    except ValueError:
        return text
