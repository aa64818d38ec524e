"""
`unless why --audit`: whether every trigger on record ended exactly once, or is pending.
"""

import json
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.status import Status
from rich.text import Text

from unless.app.audited import Audited, Progress
from unless.cli.console import columns, count, errors, output
from unless.cli.why.times import LocalClock
from unless.composition import OnAws
from unless.definitions.models import Kind
from unless.engine.balance import Counts, Definition


def audit(app: OnAws, stack: str, *, as_json: bool) -> bool:
    """Print the sums of every campaign and journey; return whether nothing is wrong."""
    status = errors().status("reading what is pending") if sys.stderr.isatty() else None
    if status is None:
        found = app.audit.run()
    else:
        with status:
            found = app.audit.run(lambda progress: _tell(status, progress))
    if as_json:
        for row in _rows(found):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    else:
        _show(output(), found, stack)
    return found.holds


def _tell(status: Status, progress: Progress) -> None:
    if progress.suspects_in_all:
        doing = f"looking again at {progress.suspects:,} of {progress.suspects_in_all:,} users"
    else:
        doing = f"{progress.due_items:,} pending, {count(progress.records, 'record')} read"
    status.update(doing)


def _rows(found: Audited) -> Iterator[dict[str, object]]:
    """Yield the counts of each definition, then what is wrong, one object each."""
    for (kind, name), counts in sorted(found.counts.items()):
        yield {kind.value: name, **counts.as_json(kind)}
    for violation in found.examples:
        yield violation.as_json()


def _show(console: Console, found: Audited, stack: str) -> None:
    since = LocalClock().when(found.since)
    read = f"{count(found.records, 'record')} and {count(found.due_items, 'pending item')}"
    console.print(Text(f"{stack}: {read}, complete since {since}", "dim"), soft_wrap=True)
    for kind in Kind:
        rows = {each: counts for each, counts in sorted(found.counts.items()) if each[0] is kind}
        if rows:
            console.print()
            _show_counts(console, kind, rows)
    console.print()
    _show_verdict(console, found)


def _show_counts(console: Console, kind: Kind, rows: dict[Definition, Counts]) -> None:
    """Print one line for each definition: triggers, and what they came to."""
    table = [_cells(counts, kind) for counts in rows.values()]
    names = list(table[0])
    widths = {name: max(len(name), *(len(row[name]) for row in table)) for name in names}
    heading = [Text(f"{name:>{widths[name]}}", "dim") for name in names]
    lines: list[list[Text | str]] = [[Text(str(kind), "bold"), *heading, ""]]
    for (_, name), row, counts in zip(rows, table, rows.values(), strict=True):
        adds_up = Text("✓", "green") if counts.balanced else Text("✗", "red")
        lines.append([name, *(f"{row[each]:>{widths[each]}}" for each in names), adds_up])
    columns(console, lines)


def _cells(counts: Counts, kind: Kind) -> dict[str, str]:
    """Return the numbers that must add up, the sum first."""
    told = counts.as_json(kind)
    names = ["triggers", "sent", "cancelled", "skipped", "pending"]
    if kind is Kind.JOURNEY:
        names = ["triggers", "completed", "exited", "skipped", "running"]
    return {name: f"{told[name]:,}" for name in names}


def _show_verdict(console: Console, found: Audited) -> None:
    if found.unsettled:
        users = count(found.unsettled, "user")
        console.print(f"{users} changed whenever they were looked at: ask again about them.")
    if found.unexamined:
        console.print(f"{count(found.unexamined, 'more user')} could not be looked at twice.")
    if found.holds:
        console.print(Text("Every trigger on record ended once, or is pending.", "green"))
        return
    for broken, number in found.violations.items():
        console.print(Text(f"{number:,} times: {broken.explanation} ({broken})", "red"))
    for violation in found.examples:
        console.print(f"  {violation.sentence}", soft_wrap=True)
    console.print("`unless why USER` tells each of these in full; please report them.")
