"""
Why not, where the moment was wrong: the launch, durations, windows, quiet hours, lateness, delays.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from unless.cli.why.clauses import seconds
from unless.cli.why.telling import Telling
from unless.cli.why.times import LocalClock, span_words
from unless.definitions.durations import read_instant, utc_instant, zone_of
from unless.engine.records import Outcome, Reason

AT_SEND = (Reason.OUTSIDE_DURATION_AT_SEND, Reason.OUTSIDE_WINDOW_AT_SEND, Reason.QUIET_HOURS)
"""Reasons that judge the moment of sending; their counterparts judge that of the event."""


def before_launch(told: Telling) -> str | None:
    """Return how long before the launch it happened."""
    launch, actual = told.instant("launch_at"), told.instant("actual")
    if launch is None or actual is None:
        return None
    early = span_words(launch - actual)
    kind = told.record.kind.value
    return (
        f"{told.event} happened {told.at(actual)}, {early} before the {kind} was launched "
        f"{told.at(launch)}"
    )


def too_old(told: Telling) -> str | None:
    """Return how old the event was when it arrived."""
    age, limit = seconds(told.detail.get("age_s")), seconds(told.detail.get("max_age_s"))
    if age is None:
        return None
    most = f", and one that is older than {limit} starts nothing" if limit else ""
    return f"{told.event} arrived {age} after it had happened{most}"


def outside_duration(told: Telling) -> str | None:
    """Return on which side of the duration the event or the message was."""
    actual = told.instant("actual")
    if actual is None:
        return None
    zone = zone_of(str(told.detail.get("zone")))
    edges = [(name, _edge(told.detail.get(name), zone)) for name in ("start", "end")]
    missed = next(((name, edge) for name, edge in edges if edge and _is_missed(name, edge, actual)),
                  None)  # fmt: skip
    if missed is None:
        return None
    name, edge = missed
    kind = told.record.kind.value
    side = f"before the {kind} began" if name == "start" else f"after the {kind} had ended"
    return (
        f"{_what_was(told)} {told.at(actual)}, {side} {told.at(edge)}{_read_in(zone, edge, told)}"
    )


def _read_in(zone: ZoneInfo | None, edge: datetime, told: Telling) -> str:
    """Return the edge as it is written, where the reader sees it on another clock."""
    if zone is None or zone == told.clock.zone or zone.key == "UTC":
        return ""
    return f" ({edge.astimezone(zone):%H:%M} in {zone.key})"


def _edge(written: object, zone: ZoneInfo | None) -> datetime | None:
    instant = read_instant(written)
    return utc_instant(instant, zone or ZoneInfo("UTC")) if instant else None


def _is_missed(name: str, edge: datetime, actual: datetime) -> bool:
    return actual < edge if name == "start" else actual > edge


def _what_was(told: Telling) -> str:
    """Return what was judged at that moment: the event that happened or the message."""
    if not told.is_about(*AT_SEND):
        return f"{told.event} happened"
    ended = told.record.outcome is Outcome.CANCELLED
    return "the message was to go out" if ended else "the message would have gone out"


def part_of_day(told: Telling) -> str | None:
    """Return at which local time it was, and which part of the day is open or quiet."""
    detail = told.detail
    if detail.get("never_open"):
        return "window and quiet hours leave no time of day at which the message could go out"
    if "from" not in detail or "actual" not in detail:
        return None
    zone = zone_of(str(detail.get("zone")))
    at = LocalClock(zone).at(datetime.fromisoformat(str(detail["actual"])), told.record.at)
    part = f"from {detail['from']} to {detail.get('to')}"
    of_zone = f" on the clock of {zone.key}" if zone and zone.key != "UTC" else ""
    there = f"{_what_was(told)} {at}{of_zone}"
    if told.is_about(Reason.QUIET_HOURS):
        return f"{there}, in the quiet hours {part}"
    return f"{there}, outside the window {part}"


def too_late(told: Telling) -> str | None:
    """Return how late it had become, and how late it may be; or that no session came in time."""
    expired = told.instant("expired")
    if expired is not None:
        until = told.clock.when(expired, told.record.at)
        return f"the in-app message waited for a session of theirs until {until}, and none began"
    late, limit = seconds(told.detail.get("late_s")), seconds(told.detail.get("max_lateness_s"))
    if late is None:
        return None
    due = told.record.due or told.instant("due")
    when = f" ({told.clock.when(due, told.record.at)})" if due else ""
    most = f", and at most {limit} is allowed" if limit else ""
    return f"its turn came {late} after the due time{when}{most}"


def delay_in_past(told: Telling) -> str | None:
    """Return what had passed already."""
    if told.record.kind.value == "journey":
        return f"the time for which {_step(told)} waits had passed on arrival there"
    return f"the time to send had already passed when {told.event} happened"


def delay_invalid(told: Telling) -> str | None:
    """Return where the instant was missing."""
    if told.record.kind.value == "journey":
        return f"{_step(told)} waits for an instant that {told.event} does not name"
    return f"{told.event} names no instant to wait for"


def _step(told: Telling) -> str:
    step = told.detail.get("step")
    return f"step {step}" if step else "the step"
