"""
What differs between two versions, printed: for people, for a pull request, and for machines.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from unless.cli.console import count
from unless.cli.simulating.difference_tables import (
    OneSided,
    changes_table,
    detail_titles,
    examples_table,
    goals_table,
    kinds_table,
)
from unless.cli.simulating.markdown import folded, plain, table_lines
from unless.cli.simulating.tally import print_table
from unless.sim.differences import Difference, Tally
from unless.sim.report import Owner, Report

FOLDED_MAX = 25
"""Most campaigns and journeys whose differences are told one by one in a comment."""


@dataclass(slots=True)
class Compared:
    """
    What a comparison came to; `report` counts what the new definitions decided, and `waiting` what
    is left on its way.
    """

    tally: Tally
    one_sided: OneSided
    report: Report
    waiting: Counter[Owner]
    users: int

    def page(self) -> str:
        """Return what differs, and the report of the new definitions, as an HTML page."""
        from unless.cli.simulating.report_page import comparison_page

        return comparison_page(self)


def print_json(found: Iterator[Difference]) -> None:
    """Print each difference on a line, with the records that say so."""
    for difference in found:
        sys.stdout.write(json.dumps(as_json(difference), ensure_ascii=False) + "\n")


def as_json(difference: Difference) -> Mapping[str, Any]:
    """Return a difference as a JSON object; what does not apply is null."""
    owner, part = difference.subject
    return {
        "change": difference.change.value,
        owner.kind.value: owner.id,
        "part": part.value,
        "step": difference.step,
        "user": difference.user,
        "event": difference.event,
        "later_s": int(difference.shift.total_seconds()),
        "old": difference.old.as_json() if difference.old else None,
        "new": difference.new.as_json() if difference.new else None,
    }


def played(result: Compared) -> str:
    """Return what was played under both, as a sentence."""
    report = result.report
    span = f", {_day(report.first)} to {_day(report.last)}" if report.first else ""
    events, users = count(report.events, "event"), count(result.users, "user")
    return f"{events} of {users}{span}, played under the old and the new definitions."


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else ""


def print_differences(console: Console, result: Compared) -> None:
    """Print how much differs, and then for each campaign and journey why, with examples."""
    tally, one_sided = result.tally, result.one_sided
    console.print(played(result))
    console.print()
    if not tally.changes:
        console.print("Nothing differs.")
        print_table(console, goals_table(tally))
        return
    print_table(console, changes_table(tally, one_sided))
    print_table(console, goals_table(tally))
    for subject, title in detail_titles(tally, one_sided):
        console.print(Text(title, "bold"))
        print_table(console, kinds_table(tally, subject))
        print_table(console, examples_table(tally, subject))


def print_markdown(result: Compared) -> None:
    """Print the same as Markdown, the details folded, for a comment on a pull request."""
    sys.stdout.write("".join(f"{line}\n" for line in _markdown(result)))


def _markdown(result: Compared) -> Iterator[str]:
    tally, one_sided = result.tally, result.one_sided
    yield "### What these definitions change"
    yield ""
    yield plain(played(result))
    yield ""
    if not tally.changes:
        yield "**Nothing differs.**"
        yield from _goals(tally)
        return
    yield from table_lines(changes_table(tally, one_sided))
    yield from _goals(tally)
    titles = list(detail_titles(tally, one_sided))
    for subject, title in titles[:FOLDED_MAX]:
        kinds, examples = kinds_table(tally, subject), examples_table(tally, subject)
        lines = [*table_lines(kinds), "For example:", "", *table_lines(examples, frozenset({1, 2}))]
        yield from folded(title, iter(lines))
    if len(titles) > FOLDED_MAX:
        yield f"… and {len(titles) - FOLDED_MAX} more campaigns and journeys"


def _goals(tally: Tally) -> Iterator[str]:
    if (goals := goals_table(tally)).rows:
        yield from ("", f"#### {goals.title}", "")
        yield from table_lines(goals)
