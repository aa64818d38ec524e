"""
Why not, where a rule about the user, the definition or the channel was the cause.
"""

from typing import Any

from pydantic_core import PydanticCustomError

from unless.cli.console import printable
from unless.cli.why.clauses import clause
from unless.cli.why.happenings import in_step
from unless.cli.why.telling import Telling
from unless.cli.why.times import span_words
from unless.cli.words import CHANNELS, value
from unless.definitions.durations import parse_duration
from unless.definitions.models import Kind
from unless.engine.records import Outcome
from unless.engine.triggers import HOPS_MAX

ADDRESSES = {
    "email": "e-mail address",
    "sms": "phone number for SMS",
    "push": "device for push messages",
}
"""What a channel needs of a user, by the channel's name."""


def in_audience(told: Telling) -> str | None:
    """Return which clause of the audience they failed."""
    failed = clause(told.detail, told.clock)
    if failed is None:
        return None
    if told.record.outcome is Outcome.CANCELLED:
        return f"they had left the audience when the message was due, because {failed}"
    return f"they were not in the audience, because {failed}"


def by_filter(told: Telling) -> str | None:
    """Return which clause of the trigger the event failed."""
    failed = clause(told.detail, told.clock, owner="it")
    return f"{told.event} did not pass the trigger's filter, because {failed}" if failed else None


def received(told: Telling) -> str | None:
    """Return when they received it, and when they may again."""
    return _again(told, "received this campaign", "receives", told.instant("last"))


def entered(told: Telling) -> str | None:
    """Return when they entered, and when they may again."""
    return _again(told, "entered this journey", "enters", told.instant("last_entry"))


def _again(told: Telling, done: str, verb: str, last: Any) -> str | None:
    again = told.instant("again")
    if last is None:
        return None
    said = f"they had {done} {told.at(last)}"
    if again is None:
        return f"{said}, and each person {verb} it only once"
    early = span_words(again - told.record.at) if again > told.record.at else ""
    wait = f": this was {early} too early" if early else ""
    return f"{said}, and may again from {told.clock.when(again)} on{wait}"


def twice(told: Telling) -> str:
    """Return that two entries in one second are one."""
    return f"they had already entered this journey in the very second of {told.event}"


def capped(told: Telling) -> str | None:
    """Return which cap they had reached."""
    most, per = told.detail.get("max"), told.detail.get("per")
    if most is None or per is None:
        return None
    span = f"per {per}" if per in ("day", "week") else f"within {_span(str(per))}"
    channel, tag = told.detail.get("channel"), told.detail.get("tag")
    by = f" by {CHANNELS.get(channel, channel)}" if channel else ""
    tagged = f" tagged {tag}" if tag else ""
    return f"they had received as many messages{by}{tagged} as the cap allows, {most} {span}"


def _span(written: str) -> str:
    try:
        return span_words(parse_duration(written))
    except PydanticCustomError:
        return printable(written)


def fanned_out(told: Telling) -> str | None:
    """Return how many messages the event had started, or the user's whole day; or how many wait."""
    most, per = told.detail.get("max"), told.detail.get("per")
    if per == "day":
        return (
            f"{value(most)} messages and journeys had already been started for them on that day "
            "(UTC), the most that one person may have"
        )
    if per == "user":
        return (
            f"{value(most)} messages and journeys were already waiting for them, the most that may"
        )
    return (
        most and f"{told.event} had already started {most} messages and journeys, the most it may"
    )


def in_circle(told: Telling) -> str | None:
    """Return how far down the chain the event was."""
    hops = told.detail.get("hops")
    return hops and (
        f"{told.event} was {hops} steps down a chain of messages that cause one another, and "
        f"starts nothing beyond {HOPS_MAX}"
    )


def in_control(told: Telling) -> str | None:
    """Return which part of the people the campaign leaves out."""
    percent = told.detail.get("percent")
    return percent and (
        f"they are in the control group, the {value(percent)} % who never receive this campaign, "
        "so that its effect can be measured"
    )


def out_of_reach(told: Telling) -> str | None:
    """Return which address was missing, or had failed."""
    channel, attribute = told.detail.get("channel"), told.detail.get("attribute")
    if not channel:
        return None
    address = ADDRESSES.get(channel) or f"address for the channel {channel}"
    if told.detail.get("bounced"):
        return (
            f"their {address} does not work: a message to it came back for good, or they reported "
            "one as spam"
        )
    named = f" (the attribute {printable(str(attribute))})" if attribute else ""
    return f"they had no {address}{named}"


def unsubscribed(told: Telling) -> str | None:
    """Return from what they had unsubscribed."""
    failed = clause(told.detail, told.clock)
    if failed:
        return f"they had unsubscribed: {failed}"
    channel, group = told.detail.get("channel"), told.detail.get("group")
    if group:
        return (
            f"they were not in the subscription group {printable(str(group))}, to whose members "
            "alone it may go"
        )
    return channel and f"they had unsubscribed from messages by {CHANNELS.get(channel, channel)}"


def in_own_words(told: Telling) -> str | None:
    """Return the explanation with what the template or the channel said, and in which line."""
    said, where = told.detail.get("said"), told.detail.get("where")
    explained = told.explained[:1].lower() + told.explained[1:]
    at = f", in {printable(str(where))}" if where else ""
    return f"{explained} (“{printable(str(said))}”{at})" if said else None


def deleted(told: Telling) -> str:
    """Return that the user was deleted, and when."""
    return f"the user was deleted{_by_decision(told)}"


def stopped(told: Telling) -> str:
    """Return that the definition was stopped, before or after it began."""
    kind = told.record.kind.value
    if by := told.detail.get("by"):
        what = "message" if told.record.kind is Kind.CAMPAIGN else "run"
        return f"this one {what} was cancelled by hand{in_step(told)} ({printable(str(by))})"
    if told.record.outcome is Outcome.SKIPPED:
        return f"the {kind} was stopped when {told.event} happened"
    if told.record.outcome is Outcome.EXITED:
        return f"the {kind} was stopped{in_step(told)}"
    return f"the {kind} was stopped before the message was due"


def fits_exit_filter(told: Telling) -> str:
    """Return in which step they fitted the exit filter."""
    return f"they fitted the exit filter of the journey{_at_the_end(told)}"


def exit_step(told: Telling) -> str | None:
    """Return which step let them out."""
    step = told.detail.get("step")
    return f"their way ends at the exit step {printable(str(step))}" if step else None


def _at_the_end(told: Telling) -> str:
    step = told.detail.get("step")
    return f" at the end of step {step}" if step else ""


def _by_decision(told: Telling) -> str:
    return f" {told.at(told.record.at)}{in_step(told)}"
