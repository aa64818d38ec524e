"""
`unless stats`: how many were triggered, sent, opened and converted, from what is on record.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from unless.app.stats import Counted, Counts, counted, of_kind
from unless.cli.console import Failure, count, errors, output
from unless.cli.deployment import deployed
from unless.cli.simulating.tally import print_table
from unless.cli.since import since_instant
from unless.cli.stats.as_json import as_json as row_of
from unless.cli.stats.tables import (
    actions_table,
    goal_tables,
    outcomes_table,
    overview,
    reasons_table,
    steps_table,
)
from unless.cli.why.sources import name_of, records_in
from unless.cli.why.times import LocalClock, span_words
from unless.definitions.issues import choices, nearest
from unless.definitions.keeping import RecordKeeping
from unless.definitions.models import Kind
from unless.engine.balance import Definition

NAMES_SHOWN_MAX = 10
"""Most names that are listed where one is unknown."""


IN_CONTROL = (
    "The control group counts from the trigger, and people whose message would have been cancelled "
    "or skipped are in it, too: who was about to convert anyway makes it look better than it is."
)
"""What makes a control group differ from those who got a message, beside the message."""


@dataclass(frozen=True, slots=True)
class Source:
    """
    What was counted, and where.

    Of a stack it is known what is `published`, what is `pending` by id, and how records are kept;
    of a file of records none of that.
    """

    where: str
    counted: Counted
    published: frozenset[str] = frozenset()
    pending: Mapping[str, int] | None = None
    keeping: RecordKeeping | None = None

    def waiting(self, name: str) -> int | None:
        """Return how many sends or runs of the definition are pending, None if nobody knows."""
        return None if self.pending is None else self.pending.get(name, 0)


def stats(
    name: str | None, stack: str, *, since: str | None, records: Path | None, as_json: bool
) -> None:
    """
    Print the counts of one campaign or journey, or a line for each.

    Raises:
        Failure: there is no such campaign or journey, or the file cannot be read.
    """
    source = _of_file(records, since) if records else _of_stack(stack, since)
    chosen = dict(source.counted.definitions)
    if name is not None:
        chosen = _chosen(name, source)
    if as_json:
        for definition, counts in sorted(chosen.items()):
            pending = source.waiting(definition[1])
            row = row_of(definition, counts, source.counted, pending)
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    console = output()
    console.print(_heading(source), soft_wrap=True)
    console.print()
    if not chosen:
        console.print(_nothing(name, source, since), soft_wrap=True)
    elif name is not None:
        for definition, counts in sorted(chosen.items()):
            _show_one(console, definition, counts, source)
    else:
        for kind in Kind:
            print_table(console, overview(kind, of_kind(source.counted, kind), source.pending))
    for sentence in _caveats(source.keeping):
        console.print(Text(sentence, "dim"), soft_wrap=True)


def _of_file(path: Path, since: str | None) -> Source:
    rows = records_in(path)
    begin = since_instant(since, max(record.at for record in rows))
    return Source(name_of(path), counted(rows, begin))


def _of_stack(stack: str, since: str | None) -> Source:
    app = deployed(stack)
    now = datetime.now(UTC)
    begin = since_instant(since, now)
    published = app.pending.published()
    with _told() as tell:
        found = app.stats.run(begin, tell)
        pending = app.operate.pending()
    keeping = app.definitions.fresh(now).workspace.ledger
    return Source(stack, found, frozenset(published.definitions), pending, keeping)


@contextmanager
def _told() -> Iterator[Callable[[int], None]]:
    """Show on standard error, if that is a terminal, how many records have been read."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with errors().status("reading the ledger") as status:
        yield lambda number: status.update(f"{count(number, 'record')} read")


def _chosen(name: str, source: Source) -> dict[Definition, Counts]:
    """Return the counts of what has that id; of something published, perhaps nothing."""
    found = {key: counts for key, counts in source.counted.definitions.items() if key[1] == name}
    names = sorted({*source.published, *(each for _, each in source.counted.definitions)})
    if not found and name not in names:
        like = nearest(name, names)
        others = f"There are {choices(names[:NAMES_SHOWN_MAX])}." if names else ""
        raise Failure(
            f"There is no campaign or journey {name} in {source.where}.",
            f"Did you mean {like}?" if like else others,
        )
    return found


def _heading(source: Source) -> Text:
    found = source.counted
    said = [count(found.records, "record")]
    if found.first is not None and found.last is not None:
        clock = LocalClock()
        said.append(f"{clock.when(found.first)} to {clock.when(found.last)}")
    return Text(f"{source.where}: {', '.join(said)}", "dim")


def _nothing(name: str | None, source: Source, since: str | None) -> str:
    """Return why there is nothing to count."""
    about = f" about {name}" if name else ""
    span = " in this time" if since else ""
    if source.counted.records or since:
        return f"No decision{about} is on record{span}."
    return (
        "No decision is on record yet: `unless put EVENTS.jsonl` puts events on the bus, and "
        "`unless simulate` plays them here."
    )


def _show_one(console: Console, definition: Definition, counts: Counts, source: Source) -> None:
    kind, name = definition
    console.print(Text.assemble((name, "bold"), (f"  {kind}", "dim")))
    for table in (
        outcomes_table(counts, kind, source.waiting(name)),
        steps_table(counts),
        reasons_table(counts, kind),
        actions_table(counts),
        *goal_tables(counts),
    ):
        print_table(console, table)
    if counts.control and counts.goals:
        console.print(Text(IN_CONTROL, "dim italic"), soft_wrap=not console.is_terminal)
        console.print()


def _caveats(keeping: RecordKeeping | None) -> Iterator[str]:
    """Yield what keeps the counts of a stack from being the whole truth."""
    if keeping is None:
        return
    yield f"Records are kept for {span_words(keeping.keep)}: older ones are not counted."
    if keeping.filter_mismatch != "all":
        kept = "only the last one of each person" if keeping.filter_mismatch == "last" else "none"
        yield (
            f"Of triggers whose filter failed {kept} is on record (`ledger.filter_mismatch: "
            f"{keeping.filter_mismatch}`), so there were more triggers than these."
        )
