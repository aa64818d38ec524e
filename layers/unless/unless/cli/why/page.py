"""
The answer as people read it: what is pending, then what was decided, newest first.
"""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from unless.cli.console import columns, count, printable
from unless.cli.why.advice import advice
from unless.cli.why.afterwards import after_lines
from unless.cli.why.alike import Alike, gathered
from unless.cli.why.matters import Matter, matters
from unless.cli.why.sentences import besides, full_sentence, unfinished
from unless.cli.why.sources import Known
from unless.cli.why.telling import Telling
from unless.cli.why.times import LocalClock
from unless.cli.why.waiting import pending_sentence, trigger_facts
from unless.cli.why.way import way_lines
from unless.cli.words import STYLES
from unless.engine.in_app import IN_APP
from unless.engine.records import OPEN, Record

SHOWN_MAX = 20
"""How many decisions are shown unless --limit says otherwise."""

INDENT = 2


def show(console: Console, known: Known, limit: int) -> None:
    """Print what is pending now, and so many of the decisions."""
    clock = LocalClock(known.zone)
    found = matters(known.records, known.pending)
    waiting = sorted((each for each in found if each.item), key=_due)
    decided = [each for each in found if each.item is None]
    groups = gathered(decided)[:limit] if limit else [Alike(each) for each in decided]
    console.print(_heading(known, clock))
    for group in (*map(Alike, waiting), *groups):
        console.print()
        _show_matter(console, group.newest, known, clock)
        if group.oldest is not None:
            since = clock.when(group.oldest.at)
            say(console, f"… and {group.more:,} more for the same reason since {since}", "italic")
    told = sum(1 + group.more for group in groups)
    _show_foot(console, known, len(decided) - told)


def _due(matter: Matter) -> float:
    return matter.item.due.timestamp() if matter.item else 0.0


def _heading(known: Known, clock: LocalClock) -> Text:
    zone = clock.zone.key if clock.zone else "UTC"
    return Text.assemble((known.who, "bold"), (f"  in {known.where}; times of {zone}", "dim"))


def _show_matter(console: Console, matter: Matter, known: Known, clock: LocalClock) -> None:
    record = matter.records[0] if matter.records else None
    name, kind = matter.subject.definition, matter.subject.kind.value
    console.print(
        Text.assemble((name, "bold"), (f"  {kind}  {clock.when(matter.at)}", "dim")),
        soft_wrap=True,
    )
    trigger = matter.trigger
    if matter.item is not None and known.definitions is not None and known.now is not None:
        words = pending_sentence(matter.item, known.definitions, clock, known.now)
        say(console, words, "cyan")
    elif matter.closing is not None:
        _say_record(console, Telling(matter.closing, clock, trigger))
    elif record is not None:
        say(console, unfinished(Telling(record, clock, trigger)), STYLES[record.outcome])
    for each in matter.records:
        if each.step and each.reason:
            _say_record(console, Telling(each, clock, trigger))
    say(console, _begun(matter, trigger, clock), "dim")
    if matter.is_run:
        _show_way(console, way_lines(matter, known.definitions, clock))
    if matter.after:
        _show_way(console, after_lines(matter.after, clock, trigger))


def _say_record(console: Console, told: Telling) -> None:
    """Print a decision, what else there is to say of it, and what would have to change."""
    say(console, full_sentence(told), STYLES[told.record.outcome])
    for more in besides(told):
        say(console, more)
    if line := advice(told):
        say(console, f"→ {line}", "dim")


def say(console: Console, words: str, style: str = "") -> None:
    """Print a sentence below its heading; on a terminal it wraps within its own column."""
    if not words:
        return
    text = Text(words, style)
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, INDENT)))
    else:
        console.print(Text(" " * INDENT) + text, soft_wrap=True)


def _show_way(console: Console, lines: Iterable[Sequence[str]]) -> None:
    columns(console, [(" " * INDENT, *map(Text, cells)) for cells in lines])


def _begun(matter: Matter, trigger: str | None, clock: LocalClock) -> str:
    """Return which event began it, since when that is on record, and when it was due."""
    if not matter.records and matter.item is None:
        return "How the message came about is not on record any more."
    event = printable(matter.subject.event)
    parts = [f"Event {event} ({printable(trigger)})" if trigger else f"Event {event}"]
    if matter.item is not None:
        parts.append(f"happened {clock.at(matter.item.triggered_at, matter.at)}")
        parts += trigger_facts(matter.item)
        return ", ".join(parts) + "."
    opening = matter.opening
    if opening is not None:
        parts.append(f"taken in {clock.at(opening.at, matter.at)}")
        due = _due_text(matter.records, clock, matter)
        parts += [due] if due else []
    return ", ".join(parts) + "."


def _due_text(records: Sequence[Record], clock: LocalClock, matter: Matter) -> str:
    """Return when a message was due, and since what moved it."""
    newest = next((r for r in records if r.due and not r.step), None)
    if newest is None or newest.due is None or newest.due <= records[-1].at:
        return ""
    moved = next((r.moved_by for r in records if r.moved_by), None)
    if moved == IN_APP:
        return f"message kept for their next session until {clock.when(newest.due, matter.at)}"
    by = {"window": "window", "quiet_hours": "quiet hours", "time_zone": "time zone"}
    why = f", moved by their {by.get(moved, moved)}" if moved else ""
    return f"message due {clock.at(newest.due, matter.at)}{why}"


def _show_foot(console: Console, known: Known, more: int) -> None:
    """Print what was left out, and what records do not hold."""
    console.print()
    if more:
        said = f"… and {count(more, 'older decision')}; `--limit 0` shows all"
        console.print(Text(said, "italic"))
    if known.cut:
        console.print(Text("… and older records than could be read at once", "italic"))
    if any(record.outcome not in OPEN for record in known.records):
        said = "Records hold what was compared; other properties of past events are not kept."
        console.print(Text(said, "dim"))
