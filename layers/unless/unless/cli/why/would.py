"""
What an event would begin and change, as sentences.
"""

from collections.abc import Iterable, Iterator

from unless.app.explain import Judged
from unless.cli.console import count, printable
from unless.cli.journeys.filter_words import audience_words, event_words, value_words
from unless.cli.why.sentences import MOVED, cause_and_code
from unless.cli.why.telling import Telling
from unless.cli.why.times import LocalClock, span_words
from unless.cli.words import explained
from unless.engine.beginnings import Canceller, Entering, Starting
from unless.engine.claims import Hold
from unless.engine.consequences import Consequences, Moved
from unless.engine.explaining import Explanation


def would_begin(told: Explanation, judged: Judged, clock: LocalClock) -> Iterator[str]:
    """Yield what the event would start or enter, and what could still stop it."""
    match told.begins:
        case Starting() as starting:
            yield from _send(starting, judged, clock, told)
        case Entering() as entering:
            yield from _run(entering, judged, clock)


def _send(
    starting: Starting, judged: Judged, clock: LocalClock, told: Explanation
) -> Iterator[str]:
    now = judged.now
    if starting.due <= now:
        when = "at once"
    else:
        when = f"{clock.at(starting.due, now)}, in {span_words(starting.due - now)}"
    yield f"Would be sent {when}{_unless(starting.cancelled_by)}."
    for hold in starting.holds:
        yield f"{_capital(MOVED[hold.by])} until {clock.when(hold.until, now)}."
    for check in starting.at_claim:
        if isinstance(check, Hold):
            yield f"When it is due it would be {MOVED[check.by]}."
        else:
            meaning = explained(check.reason, told.kind).removesuffix(".")
            yield f"As things are it would then be cancelled: {meaning} (`{check.reason}`)."


def _run(entering: Entering, judged: Judged, clock: LocalClock) -> Iterator[str]:
    if entering.step is None or entering.due is None:
        yield "Would enter the journey, and be out of it at once."
    else:
        due = clock.when(entering.due, judged.now)
        yield f"Would enter the journey, and be in step {entering.step} until {due}."
    rows = _rows(entering.exits)
    if rows:
        yield f"What would take them out: {' or '.join(rows)}."
    if entering.exit_audience is not None:
        yield f"So would this: {audience_words(entering.exit_audience)}."
    if entering.exit is not None:
        yield f"An exit event is on record already: {printable(entering.exit.name)}."


def _unless(cancellers: Iterable[Canceller]) -> str:
    rows = _rows(cancellers)
    return f", unless {' or '.join(rows)} comes first" if rows else ""


def _rows(cancellers: Iterable[Canceller]) -> list[str]:
    """Return the events that would cancel it, each with its filter and what it must agree on."""
    return [
        event_words(each.event, each.where)
        + "".join(f" with {path} {value_words(value)}" for path, value in each.match.items())
        for each in cancellers
        if not each.never
    ]


def would_change(found: Consequences, clock: LocalClock) -> Iterator[str]:
    """Yield what would become of what is pending now and of the profile."""
    for item in found.ended:
        record = found.record_of(item)
        why = cause_and_code(Telling(record, clock, item.name)) if record else "it would end."
        about = f"{printable(item.name)} {printable(item.event)}"
        yield f"What is pending of {item.definition} since {about} would end: {why}"
    for moved in found.moved:
        yield from _moved(moved, clock)
    for name, change in found.attributes.items():
        before, after = (
            "missing" if each is None else value_words(each)
            for each in (change.before, change.after)
        )
        yield f"The attribute {printable(name)} would be {after}; it is {before} now."
    if found.late:
        yield f"It would come too late for {count(found.late, 'message')} that it should cancel."


def _moved(moved: Moved, clock: LocalClock) -> Iterator[str]:
    before, after = moved.before, moved.after
    if before.due != after.due:
        yield (
            f"What is pending of {after.definition} would be due {clock.when(after.due)} instead "
            f"of {clock.when(before.due)}."
        )
    elif getattr(before, "exit", None) != getattr(after, "exit", None):
        yield f"The run of {after.definition} would leave at the end of its step."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
