"""
A decision record in words: what became of the message or the run, why, and the values compared.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from unless.definitions.durations import format_duration
from unless.definitions.models import Kind
from unless.engine.records import AFTERWARDS, Outcome, Reason, Record, instant_text

STYLES = {
    Outcome.SCHEDULED: "cyan",
    Outcome.SENT: "green",
    Outcome.CANCELLED: "yellow",
    Outcome.SKIPPED: "bright_black",
    Outcome.ENTERED: "cyan",
    Outcome.EXITED: "yellow",
    Outcome.COMPLETED: "green",
    Outcome.CONVERTED: "magenta",
    Outcome.INTERACTED: "blue",
}
"""The colour of each outcome, wherever one is shown."""

SIGNS = {
    Outcome.SCHEDULED: "+",
    Outcome.SENT: "✓",
    Outcome.CANCELLED: "✗",
    Outcome.SKIPPED: "-",
    Outcome.ENTERED: "+",
    Outcome.EXITED: "✗",
    Outcome.COMPLETED: "●",
    Outcome.CONVERTED: "★",
    Outcome.INTERACTED: "○",
}

ACTIONS = {
    "received": "delivered",
    "complained": "reported as spam",
    "displayed": "shown in the app",
}
"""What was done with a message, where the word of SPEC section 2 does not say it by itself."""

CHANNELS = {
    "email": "e-mail",
    "sms": "SMS",
    "push": "push message",
    "webhook": "webhook",
    "queue": "queue",
    "event": "event",
    "in_app": "in-app message",
}
"""The channels as people call them."""

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


_MOVED = {
    "window": "held by the window until",
    "quiet_hours": "held by quiet hours until",
    "time_zone": "with the user's time zone to",
    "in_app": "kept for the user's next session until",
}


_OF_JOURNEYS = {
    Reason.DELAY_IN_PAST: "The time to wait for had passed on arrival at the step.",
    Reason.DELAY_INVALID: "The entry names no instant to wait for.",
}

_STOPPED = (Reason.CAMPAIGN_STOPPED, Reason.JOURNEY_STOPPED)
"""Reasons that, with `by`, say that only this one was cancelled (`unless cancel`)."""


def sentence(record: Record) -> str:
    """Return what a record says beyond its outcome; empty for what went as it should."""
    if record.outcome is Outcome.SCHEDULED and record.due:
        if record.due <= record.at:
            return "due at once"
        again = _MOVED.get(record.moved_by or "", "due")
        return f"{again} {day_and_time(record.due)}, in {format_duration(record.due - record.at)}"
    if record.outcome in AFTERWARDS:
        return _afterwards(record)
    if record.reason is None:
        return ""
    if record.reason in _STOPPED and "by" in record.detail:
        return f"Cancelled by the {record.detail['by']}{_where(record)}."
    compared, where = compared_values(record.detail), _where(record)
    explanation = explained(record.reason, record.kind)
    if not compared and not where:
        return explanation
    said = f": {compared}" if compared else ""
    return f"{explanation.removesuffix('.')}{said}{where}."


def _afterwards(record: Record) -> str:
    """Return what came of a message: the goal that was met and how soon, or what was done to it."""
    detail = record.detail
    if record.outcome is Outcome.INTERACTED:
        return f"{action_words(detail.get('action'))}{by_channel(detail.get('channel'))}"
    said = f"by {record.name}" if record.name else "by an event"
    said += f", {goal_words(detail)}"
    if "after_s" in detail:
        said += f", {_span(detail['after_s'])} later"
    return f"{said}, in the control group" if record.reason is Reason.CONTROL_GROUP else said


def goal_words(detail: Mapping[str, Any]) -> str:
    """Return which of the `conversions` of its campaign a conversion is: the first is primary."""
    return "the first goal" if detail.get("primary") else "another goal"


def action_words(action: object) -> str:
    """Return what somebody, or their provider, did with a message."""
    return ACTIONS.get(str(action)) or str(action or "used")


def by_channel(channel: object) -> str:
    """Return the channel behind what was done with a message, empty where none is known."""
    return f" ({CHANNELS.get(str(channel), str(channel))})" if channel else ""


def explained(reason: Reason, kind: Kind) -> str:
    """Return what a reason means for a campaign or a journey, as a sentence."""
    if kind is Kind.CAMPAIGN:
        return reason.explanation
    # Most of them are those of campaigns, too.
    return _OF_JOURNEYS.get(reason) or reason.explanation.replace("campaign", "journey")


def _where(record: Record) -> str:
    """Return in which step a run left its journey; a message names its step elsewhere."""
    step = record.detail.get("step")
    return f", in step {step}" if record.outcome is Outcome.EXITED and step else ""


def day_and_time(instant: datetime) -> str:
    """Return the UTC instant to the second, without a zone: the heading names it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def compared_values(detail: Mapping[str, Any]) -> str:
    """Return the values that a record holds as words, empty when it holds none worth saying."""
    for key, words in _WORDS.items():
        if key in detail:
            return words(detail)
    return ""


def _by(detail: Mapping[str, Any]) -> str:
    late = ", on record before the trigger arrived" if "arrived" in detail else ""
    return f"{detail.get('name')} ({detail['by']}){late}"


def _lateness(detail: Mapping[str, Any]) -> str:
    limit = detail.get("max_lateness_s")
    return f"{_span(detail['late_s'])} late, at most {_span(limit)} allowed"


def _clock(detail: Mapping[str, Any]) -> str:
    now = str(detail.get("actual"))[11:16]
    return f"{detail['from']} to {detail.get('to')} {detail.get('zone')}, it was {now}"


def _duration(detail: Mapping[str, Any]) -> str:
    if "actual" not in detail:
        return ""
    edges = " to ".join(value(detail.get(edge, "…")) for edge in ("start", "end"))
    return f"{edges} {detail['zone']}"


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
    return _since("last received", detail.get("last"), detail.get("again"))


def _entered(detail: Mapping[str, Any]) -> str:
    return _since("last entered", detail["last_entry"], detail.get("again"))


def _since(what: str, last: object, again: object) -> str:
    parts = [f"{what} {value(last)}"] if last else []
    parts += [f"again from {value(again)}"] if again else []
    return ", ".join(parts)


def _said(detail: Mapping[str, Any]) -> str:
    where = f", in {detail['where']}" if detail.get("where") else ""
    return f"“{detail['said']}”{where}"


def _cap(detail: Mapping[str, Any]) -> str:
    channel, tag = detail.get("channel"), detail.get("tag")
    by = f" by {CHANNELS.get(channel, channel)}" if channel else ""
    tagged = f" tagged {tag}" if tag else ""
    return f"{detail.get('max')} per {detail['per']}{by}{tagged}"


def _span(seconds: object) -> str:
    """Return a number of seconds as people write a span (`1h30m`)."""
    return format_duration(timedelta(seconds=seconds)) if isinstance(seconds, int) else "?"


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "op": _clause,
    "said": _said,
    "group": lambda detail: f"not in {detail['group']}",
    "bounced": lambda detail: f"the {detail.get('attribute')} that is known has failed",
    "attribute": lambda detail: f"no {detail['attribute']}",
    "per": _cap,
    "percent": lambda detail: f"the {value(detail['percent'])}% who get nothing",
    "expired": lambda detail: f"no session began until {value(detail['expired'])}",
    "by": _by,
    "late_s": _lateness,
    "age_s": lambda detail: f"{_span(detail['age_s'])} old",
    "launch_at": lambda detail: f"launched {value(detail['launch_at'])}",
    "last": _received,
    "last_entry": _entered,
    "from": _clock,
    "zone": _duration,
}
"""How the values of a detail are said, by a key that tells it from the others; the first counts."""


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
