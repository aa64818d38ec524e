"""
Warnings for the times at which a journey takes people in: they can never be met, or limit no wait.
"""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from unless.definitions.checking.step_places import placed_steps
from unless.definitions.checking.timing import ends_before_start
from unless.definitions.checking.waits import waits
from unless.definitions.documents import path_text
from unless.definitions.durations import format_duration, utc_instant, zone_of
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.journeys import Journey
from unless.definitions.working_times import ActiveDuration


def entry_timing_mistakes(journey: Journey, company: str) -> Iterator[Mistake]:
    """Yield the warnings about the times of entry; `company` is the workspace's IANA zone."""
    window = journey.entry.window
    if window is not None and window.from_ == window.to:
        yield Mistake(
            CheckCode.WINDOW_NEVER_MET,
            ("entry", "window"),
            f"the window is empty: it ends at {window.to:%H:%M}, when it begins",
            'Remove it to let people enter at any time, or write a later `to`, such as "18:00".',
            "Nobody enters, and nobody gets anything: no time of day lies in it.",
        )
    yield from _delay_exceeds_duration(journey, company)


def _delay_exceeds_duration(journey: Journey, company: str) -> Iterator[Mistake]:
    duration = journey.entry.duration
    if duration is None:
        return
    if ends_before_start(duration, company):
        yield Mistake(
            CheckCode.DELAY_EXCEEDS_DURATION,
            ("entry", "duration"),
            "the duration ends before it starts, so nobody ever enters",
            "Exchange `start` and `end`.",
            "Nobody gets anything: every trigger is skipped as `outside_duration_at_trigger`.",
        )
        return
    lasts = _length(duration, company)
    for placed, length in waits(list(placed_steps(journey))):
        if length > lasts:
            yield Mistake(
                CheckCode.DELAY_EXCEEDS_DURATION,
                placed.path,
                f"{path_text(placed.path)} lasts {format_duration(length)}, longer than the "
                "duration, which limits only when people enter: the steps go on after its end",
                "Shorten the wait if nothing may be sent after the duration, or leave it so.",
                f"Everyone who enters gets what follows {format_duration(length)} later, when the "
                "duration is over.",
            )
            return


def _length(duration: ActiveDuration, company: str) -> timedelta:
    """Return how long a duration lasts; a user's zone changes that by hours at most."""
    if duration.start is None or duration.end is None:
        return timedelta.max
    named = company if duration.zone in ("user", "company") else duration.zone
    zone = zone_of(named) or ZoneInfo("UTC")
    return utc_instant(duration.end, zone) - utc_instant(duration.start, zone)
