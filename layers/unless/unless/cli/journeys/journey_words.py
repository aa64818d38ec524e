"""
The parts of a journey in short words: who enters, what takes people out, each wait and message.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from unless.cli.journeys.filter_words import audience_words, event_words, shortened, value_words
from unless.definitions.durations import format_duration
from unless.definitions.journeys import Entry, Exit, Journey, ReentryAfter
from unless.definitions.models import ExceptionRow
from unless.definitions.steps import (
    AfterStep,
    BestTimeStep,
    BranchStep,
    DaysStep,
    DelayStep,
    ExitStep,
    ExperimentStep,
    MessageStep,
    NextStep,
    SplitStep,
    Step,
    StepDelay,
    UntilStep,
    UpdateStep,
    WaitForStep,
    WaitPath,
)
from unless.definitions.working_times import ActiveDuration, QuietHours, Window

_CLOCKS = {"user": "user's clock", "company": "workspace's clock"}


def clock_of(zone: str) -> str:
    """Return whose clock a time of day is read on."""
    return _CLOCKS.get(zone, zone)


def facts(journey: Journey, quiet_hours: QuietHours | None) -> Iterator[tuple[str, str]]:
    """
    Yield what holds for all steps, by a word for it; `quiet_hours` are the workspace's.
    """
    yield "enter", " or ".join(event_words(row.event, row.where) for row in journey.entry.trigger)
    yield from _limits(journey.entry)
    yield "reentry", _reentry(journey)
    if quiet := journey.quiet_hours or quiet_hours:
        own = "" if journey.quiet_hours else " (the workspace's)"
        yield "quiet hours", _quiet(quiet) + own
    for words in exits(journey.exit):
        yield "exit", words


def _limits(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.audience:
        yield "audience", audience_words(entry.audience)
    if entry.duration:
        yield "duration", _duration(entry.duration)
    if entry.window:
        yield "window", _window(entry.window)


def _reentry(journey: Journey) -> str:
    rule = journey.reentry
    if isinstance(rule, ReentryAfter):
        return f"{format_duration(rule.after)} after the last entry"
    return rule


def _duration(duration: ActiveDuration) -> str:
    start, end = (_written(edge) if edge else "…" for edge in (duration.start, duration.end))
    return f"{start} to {end} ({clock_of(duration.zone)})"


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="minutes").replace("+00:00", "Z")


def _window(window: Window) -> str:
    return f"{_hours(window)}: who comes outside it " + (
        "enters all the same" if window.trigger_outside == "hold" else "does not enter"
    )


def _quiet(quiet: QuietHours) -> str:
    then = "held until their end" if quiet.then == "hold" else "skipped"
    return f"{_hours(quiet)}: messages are {then}"


def _hours(part: Window | QuietHours) -> str:
    return f"{part.from_:%H:%M} to {part.to:%H:%M} ({clock_of(part.zone)})"


def exits(exit_: Exit) -> Iterator[str]:
    """Yield each thing that takes people out, and when it does (J1, J2)."""
    when = "at once" if exit_.when == "immediate" else "at the end of the step"
    for row in exit_.events:
        yield f"{event_words(row.event, row.where)}{_match(row)}, {when}"
    if exit_.audience:
        yield f"{audience_words(exit_.audience)}, at the end of the step"


def _match(row: ExceptionRow) -> str:
    if not row.match:
        return ""
    parts = [
        theirs if theirs == entry else f"{theirs} as the entry's {entry}"
        for theirs, entry in row.match.items()
    ]
    return f" with the same {shortened(' and '.join(parts))}"


def step_words(step: Step, name: str) -> str:
    """Return what a step does; `name` is its id or its place."""
    match step:
        case DelayStep(delay=delay):
            return f"wait {delay_words(delay)}"
        case WaitForStep(wait_for=wait):
            names = " or ".join(dict.fromkeys(shortened(path.event) for path in wait.paths))
            return f"wait for {names}, at most {format_duration(wait.within)}"
        case MessageStep(message=message):
            parts = (message.channel, message.template and shortened(message.template))
            return f"message {name} ({', '.join(part for part in parts if part)})"
        case SplitStep(split=split):
            return f"split: {audience_words(split.if_)}?"
        case BranchStep():
            return "branch: the first that fits"
        case ExperimentStep():
            return "experiment"
        case UpdateStep(update=update):
            return "update: " + shortened(
                ", ".join(
                    f"remove {key}" if value is None else f"{key} = {value_words(value)}"
                    for key, value in update.attributes.items()
                )
            )
        case ExitStep():
            return "exit"


def delay_words(delay: StepDelay) -> str:
    """Return how long a delay lasts: `5d`, `until starts_at minus 2h`."""
    match delay:
        case AfterStep(at=None):
            return format_duration(delay.after)
        case AfterStep(at=at):
            return f"{format_duration(delay.after)}, then until {at:%H:%M} ({clock_of(delay.zone)})"
        case DaysStep():
            days = {0: " the same day", 1: " the next day"}.get(
                delay.days, f", {delay.days:,} days later"
            )
            return f"until {delay.at:%H:%M}{days} ({clock_of(delay.zone)})"
        case NextStep():
            day = delay.next.capitalize()
            return f"until the next {day}, {delay.at:%H:%M} ({clock_of(delay.zone)})"
        case BestTimeStep():
            return f"for the user's best time, else until {delay.fallback:%H:%M}"
        case UntilStep():
            return f"until {shortened(delay.until)}{_offset(delay.minus, delay.plus)}" + (
                f" ({clock_of(delay.zone)})" if delay.zone != "user" else ""
            )


def _offset(minus: timedelta | None, plus: timedelta | None) -> str:
    if minus:
        return f" minus {format_duration(minus)}"
    return f" plus {format_duration(plus)}" if plus else ""


def way_words(step: Step) -> Iterator[str]:
    """Yield a label for each way on from the step, in the order of its lists of steps."""
    match step:
        case SplitStep():
            yield from ("then", "else")
        case WaitForStep(wait_for=wait):
            yield from (_awaited(path) for path in wait.paths)
            yield f"otherwise, after {format_duration(wait.within)}"
        case BranchStep(branch=branch):
            yield from (audience_words(path.audience) for path in branch.paths)
            yield "otherwise"
        case ExperimentStep(experiment=experiment):
            total = sum(path.weight for path in experiment.paths)
            yield from (_percent(path.weight, total) for path in experiment.paths)
        case _:
            pass


def _awaited(path: WaitPath) -> str:
    return event_words(path.event, path.where)


def _percent(weight: int, total: int) -> str:
    return f"{100 * weight / total:.2f}".rstrip("0").rstrip(".") + "%"
