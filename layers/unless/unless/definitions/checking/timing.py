"""
Warnings for a campaign that can never send: its delay outlasts its duration, or misses its window.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from unless.definitions.delays import AfterDelay, DaysDelay, Delay, NextDelay, UntilDelay
from unless.definitions.durations import read_instant, utc_instant, zone_names, zone_of
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.models import ActiveDuration, Campaign, Window

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

ONE_DAY = timedelta(days=1)


def timing_mistakes(campaign: Campaign, company: str) -> Iterator[Mistake]:
    """Yield the warnings about a campaign's times; `company` is the workspace's IANA zone."""
    yield from _delay_exceeds_duration(campaign, company)
    yield from _window_never_met(campaign, company)


# --- D3: a delay that must exceed the duration, for everyone ---


def _delay_exceeds_duration(campaign: Campaign, company: str) -> Iterator[Mistake]:
    duration, delay = campaign.duration, campaign.delay
    if duration is None or duration.start is None or duration.end is None:
        return
    if any(_can_send(duration, delay, user, company) for user in _users(duration, delay, company)):
        return
    if ends_before_start(duration, company):
        yield Mistake(
            CheckCode.DELAY_EXCEEDS_DURATION,
            ("duration",),
            "the duration ends before it starts, so nothing is ever sent",
            "Exchange `start` and `end`.",
            "Nobody gets anything: every trigger is skipped as `outside_duration_at_trigger`.",
        )
    else:
        yield Mistake(
            CheckCode.DELAY_EXCEEDS_DURATION,
            ("delay",),
            "whenever the trigger happens, the delay ends after the duration: nothing is ever sent",
            "Shorten the delay or extend `duration`.",
        )


def ends_before_start(duration: ActiveDuration, company: str) -> bool:
    """Return whether no instant lies in the duration, for any user; `company` is an IANA zone."""
    users = _users(duration, None, company)
    return not any(_can_send(duration, None, user, company) for user in users)


def _users(duration: ActiveDuration, delay: Delay | None, company: str) -> Iterator[str]:
    """Yield the zones that users may have, as far as it matters."""
    yield company
    if "user" in (duration.zone, getattr(delay, "zone", None)):
        yield from sorted(zone_names())


def _can_send(duration: ActiveDuration, delay: Delay | None, user: str, company: str) -> bool:
    """Return whether some trigger in the duration has its due time in it, for such a user."""
    if duration.start is None or duration.end is None:
        return True
    zone = _zone(duration.zone, user, company)
    start, end = utc_instant(duration.start, zone), utc_instant(duration.end, zone)
    if start > end:
        return False
    match delay:
        case AfterDelay():
            return delay.after <= end - start
        case DaysDelay() | NextDelay():
            return _clock_time_within(start, end, delay, _zone(delay.zone, user, company))
        case UntilDelay():
            return _until(delay, _zone(delay.zone, user, company), start) <= end
        case _:
            return True


def _clock_time_within(
    start: datetime, end: datetime, delay: DaysDelay | NextDelay, zone: ZoneInfo
) -> bool:
    # Later dates are due later, so the first is the best; the second counts where, on the first,
    # the clock time is past when the duration starts (`days: 0`).
    try:
        first = start.astimezone(zone).date()
        for day in (first, first + ONE_DAY):
            earliest = max(start, utc_instant(datetime.combine(day, time.min), zone))
            due = utc_instant(datetime.combine(_due_date(day, delay), delay.at), zone)
            if earliest <= due <= end:
                return True
    except OverflowError:  # the years 1 and 9999: say nothing
        return True
    return False


def _due_date(day: date, delay: DaysDelay | NextDelay) -> date:
    if isinstance(delay, DaysDelay):
        return day + timedelta(days=delay.days)
    ahead = (WEEKDAYS.index(delay.next) - day.weekday()) % 7
    return day + timedelta(days=ahead or 7)


def _until(delay: UntilDelay, zone: ZoneInfo, unknown: datetime) -> datetime:
    """Return the due time of a literal instant; `unknown` when a property holds it."""
    literal = read_instant(delay.until)
    if literal is None:
        return unknown
    try:
        offset = (delay.plus or timedelta(0)) - (delay.minus or timedelta(0))
        return utc_instant(literal, zone) + offset
    except OverflowError:
        return unknown


def _zone(name: str, user: str, company: str) -> ZoneInfo:
    meant = {"user": user, "company": company}.get(name, name)
    return zone_of(meant) or ZoneInfo("UTC")


# --- a window that is never met ---


def _window_never_met(campaign: Campaign, company: str) -> Iterator[Mistake]:
    window, delay = campaign.window, campaign.delay
    if window is None:
        return
    if window.from_ == window.to:
        yield Mistake(
            CheckCode.WINDOW_NEVER_MET,
            ("window",),
            f"the window is empty: it ends at {window.to:%H:%M}, when it begins",
            'Remove it to send at any time, or write a later `to`, such as "18:00".',
            "Nobody gets anything: no time of day lies in it.",
        )
    elif (
        isinstance(delay, DaysDelay | NextDelay)
        and window.send_outside == "drop"
        and _same_clock(window.zone, delay.zone, company)
        and not _holds(window, delay.at)
    ):
        yield Mistake(
            CheckCode.WINDOW_NEVER_MET,
            ("delay", "at"),
            f"{delay.at:%H:%M} lies outside the window from {window.from_:%H:%M} to "
            f"{window.to:%H:%M}, so every message is dropped",
            "Move the clock time into the window, or write `send_outside: hold`.",
            f"Nobody gets anything: it is due at {delay.at:%H:%M} for everyone, and skipped as "
            "`outside_window_at_send`.",
        )


def _same_clock(one: str, other: str, company: str) -> bool:
    return one.replace("company", company) == other.replace("company", company)


def _holds(window: Window, clock: time) -> bool:
    if window.from_ < window.to:
        return window.from_ <= clock < window.to
    return clock >= window.from_ or clock < window.to
