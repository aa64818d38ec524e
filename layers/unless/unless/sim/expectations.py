"""
Whether what happened is what a scenario expects: every terminal record matches one row, each row
once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unless.definitions.durations import in_utc
from unless.engine.model import DueItem, Run
from unless.engine.records import OPEN, Record

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows that nothing matched and the records that nobody expected."""

    missing: tuple[Row, ...]
    extra: tuple[Row, ...]

    @property
    def equal(self) -> bool:
        """Whether all that was expected happened, and nothing else."""
        return not self.missing and not self.extra


def terminal_rows(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Return the records that end something, as rows."""
    return [record.as_json() for record in records if record.outcome not in OPEN]


def pending_rows(
    items: Sequence[DueItem], step_of: Callable[[DueItem], str | None]
) -> list[dict[str, Any]]:
    """Return the pending sends and runs, with the steps in which these are, as rows."""
    return [
        {
            "user": item.user,
            ("journey" if isinstance(item, Run) else "campaign"): item.definition,
            "outcome": "pending",
            "event": item.event,
            "due": item.due.isoformat(),
            **({"step": step_of(item)} if isinstance(item, Run) else {"send": item.id}),
        }
        for item in items
    ]


def compare(expected: Sequence[Row], records: Sequence[Row], pending: Sequence[Row]) -> Comparison:
    """Return what differs; pending sends may be expected and need not be."""
    ended = [row for row in expected if row.get("outcome") != "pending"]
    waiting = [row for row in expected if row.get("outcome") == "pending"]
    missing, extra = _unmatched(ended, records)
    not_waiting, _ = _unmatched(waiting, pending)
    return Comparison((*missing, *not_waiting), tuple(extra))


def _unmatched(expected: Sequence[Row], actual: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """
    Return the rows and the records that remain when as many as possible are paired.

    A row that states little matches many records, so first come, first served would pair them
    wrongly; this is the augmenting-path matching of bipartite graphs.
    """
    choices = [[n for n, row in enumerate(actual) if matches(want, row)] for want in expected]
    owner: dict[int, int] = {}

    def pair(want: int, tried: set[int]) -> bool:
        for found in choices[want]:
            if found not in tried:
                tried.add(found)
                if found not in owner or pair(owner[found], tried):
                    owner[found] = want
                    return True
        return False

    unpaired = [row for want, row in enumerate(expected) if not pair(want, set())]
    return unpaired, [row for found, row in enumerate(actual) if found not in owner]


def matches(expected: Any, actual: Any) -> bool:
    """
    Whether everything stated is so; a mapping states a subset, an instant is compared as
    such.
    """
    if isinstance(expected, Mapping):
        return isinstance(actual, Mapping) and all(
            key in actual and matches(value, actual[key]) for key, value in expected.items()
        )
    if isinstance(expected, datetime):
        return in_utc(actual) == expected
    return type(expected) is type(actual) and bool(expected == actual)
