"""
What takes people out of a journey, and what would never do so (SPEC J1 to J4).
"""

from collections.abc import Iterator
from datetime import timedelta

from unless.definitions.checking.arrays import array_in_exit_mistakes
from unless.definitions.checking.audiences import KnownSegments, audience_mistakes
from unless.definitions.checking.recent_filters import recent_filters
from unless.definitions.checking.step_places import PlacedStep, placed_steps
from unless.definitions.checking.waits import waits
from unless.definitions.documents import Path, path_text
from unless.definitions.durations import format_duration
from unless.definitions.filters import Audience
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.journeys import Journey

AUDIENCE: Path = ("exit", "audience")


def exit_mistakes(journey: Journey, known: KnownSegments) -> Iterator[Mistake]:
    """Yield what is wrong with the exit criteria of a journey."""
    rows = enumerate(journey.exit.events)
    yield from array_in_exit_mistakes((("exit", "events", place), row) for place, row in rows)
    audience = journey.exit.audience
    if audience is not None:
        yield from audience_mistakes(audience, AUDIENCE, known)
        yield from _shorter_than_wait(audience, journey, known)
    elif "exit" in journey.model_fields_set and not journey.exit.events:
        yield Mistake(
            CheckCode.BAD_VALUE,
            ("exit",),
            "there is neither an event nor an audience, so this takes nobody out",
            "Add `events` or `audience`, or remove `exit`.",
            "Everyone would go through all the steps, also those who have bought.",
        )


def _shorter_than_wait(
    audience: Audience, journey: Journey, known: KnownSegments
) -> Iterator[Mistake]:
    """J2: the filter is judged at the end of a step only, and by then what it asks for is past."""
    longest = max(waits(list(placed_steps(journey))), key=lambda each: each[1], default=None)
    if longest is None:
        return
    for path, span in recent_filters(audience, AUDIENCE, known):
        if span < longest[1]:
            yield _missed(path, span, *longest)


def _missed(path: Path, span: timedelta, wait: PlacedStep, length: timedelta) -> Mistake:
    lasts = format_duration(length)
    return Mistake(
        CheckCode.EXIT_FILTER_SHORTER_THAN_WAIT,
        path,
        f"this covers {format_duration(span)} and is judged when a step ends, but "
        f"{path_text(wait.path)} lasts {lasts}: what happens early in it is never seen",
        f"Write {lasts} or more, or list the event in `exit.events`: those are remembered.",
        f"Whoever does it in this step more than {format_duration(span)} before its end stays in "
        "the journey, and gets the next message all the same.",
    )
