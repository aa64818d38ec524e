"""
Why not, where something that happened was the cause: an exception, an exit event, a later trigger.
"""

from unless.cli.console import printable
from unless.cli.why.deeds import deed
from unless.cli.why.telling import Telling
from unless.cli.why.times import span_words
from unless.cli.words import value


def by_exception(told: Telling) -> str | None:
    """Return which exception event came first, when, and how long before the due time."""
    if "by" not in told.detail:
        return None
    done = deed(told.detail.get("name"))
    happened = told.instant("happened")
    if told.detail.get("arrived") == "before_trigger":
        when = f" {told.at(happened)}" if happened else ""
        return f"{done}{when}, after {told.event} had happened, though {_name(told)} arrived first"
    at = happened or told.record.at
    return f"{done} {told.at(at)}{_before_due(told)}"


def _name(told: Telling) -> str:
    return printable(str(told.detail.get("name") or "that"))


def _before_due(told: Telling) -> str:
    at, due = told.instant("happened") or told.record.at, told.record.due
    if due is None:
        return ""
    if due <= at:
        return ", just when the message was due"
    return f", {span_words(due - at)} before the message was due"


def by_later_trigger(told: Telling) -> str | None:
    """Return which later event started the wait anew."""
    if "by" not in told.detail:
        return None
    at = told.at(told.instant("happened") or told.record.at)
    return f"{deed(told.detail.get('name'))} again {at}, and with it the wait began anew"


def by_exit_event(told: Telling) -> str | None:
    """Return which exit event happened, and in which step they were."""
    if "by" not in told.detail:
        return None
    done, happened = deed(told.detail.get("name")), told.instant("happened")
    when = f" {told.at(happened)}" if happened else ""
    if told.detail.get("arrived") == "before_trigger":
        return f"{done}{when}, after they had entered, though {_name(told)} arrived first"
    waited = happened is not None and told.record.at > happened and told.detail.get("step")
    return f"{done}{when}{in_step(told)}{', at whose end it counted' if waited else ''}"


def in_step(told: Telling) -> str:
    """Return in which step of the journey they were."""
    step = told.detail.get("step")
    return f" while they were in step {printable(str(step))}" if step else ""


def by_whom(told: Telling) -> list[str]:
    """Return the event that caused it with its id, and the values on which both events agreed."""
    if "by" not in told.detail or "name" not in told.detail:
        return []  # also what a person has ended: see refusals.stopped
    name, event = (printable(str(told.detail.get(key) or "")) for key in ("name", "by"))
    match = told.detail.get("match")
    agreed = match.items() if isinstance(match, dict) else ()
    return [f"{name} {event}".strip(), *(f"{path} {value(each)}" for path, each in agreed)]
