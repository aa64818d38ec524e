"""
The ways of runs through their journeys, step by step, put together from their records.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unless.cli.journeys.trail import visits
from unless.cli.words import day_and_time
from unless.engine.records import AFTERWARDS, Outcome

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WayLine:
    """
    A step that a run was in, or a record of it: since when, UTC, where, and what there was.

    `took` is the key of the way that the step led, `ended` outcome and reason of the record.
    """

    at: datetime
    step: str
    took: str = ""
    ended: str = ""

    @property
    def cells(self) -> tuple[str, str, str]:
        """The line as columns."""
        return day_and_time(self.at), self.step, f"→ {self.took}" if self.took else self.ended


@dataclass(frozen=True, slots=True)
class RunWay:
    """One run: whose, through which journey, from which event; a line for each step and record."""

    user: str
    journey: str
    event: str
    lines: tuple[WayLine, ...]


def run_ways(records: Sequence[Row], about: Sequence[Row]) -> Iterator[RunWay]:
    """
    Yield the way of each run that one of these rows is about, as far as its records tell.

    A row that names no event is about every run of its user through its journey.
    """
    runs: dict[tuple[str, str, str], list[Row]] = {}
    for record in records:
        if record["outcome"] in AFTERWARDS:
            continue
        # A trigger that entered nothing is `skipped` as a message is, and has no step.
        if "journey" in record and ("step" in record or record["outcome"] != "skipped"):
            key = (record["user"], record["journey"], record["event"])
            runs.setdefault(key, []).append(record)
    for (user, journey, event), told in runs.items():
        names = {"user": user, "journey": journey, "event": event}
        if any(_is_about(row, names) for row in about):
            yield RunWay(user, journey, event, tuple(_lines(told)))


def _is_about(row: Row, names: Mapping[str, str]) -> bool:
    return "journey" in row and all(row.get(key) in (None, name) for key, name in names.items())


def _lines(records: Sequence[Row]) -> Iterator[WayLine]:
    """Yield the steps and the records; a message's step is that of its record."""
    told = ""
    for record in _in_order(records):
        for visit in visits(record.get("detail", {})):
            if visit.step != told:
                yield WayLine(visit.at, visit.step, took=visit.took)
            told = ""
        told = record.get("step", "")
        ended = ", ".join(record[key] for key in ("outcome", "reason") if key in record)
        yield WayLine(_at(record), told, ended=ended)


def _in_order(records: Sequence[Row]) -> Iterator[Row]:
    """
    Yield the records of a run as it went; of one instant they may come in any order.

    The steps that a record tells of begin with the message of the record before it.
    """
    left = sorted(records, key=lambda record: (_at(record), _place(record)))
    told: object = None
    while left:
        tied = [record for record in left if _at(record) == _at(left[0])]
        record = next((record for record in tied if _first_step(record) == told), tied[0])
        left.remove(record)
        told = record.get("step")
        yield record


def _place(record: Row) -> int:
    """Return where a record stands among those of its instant: the entry first, the end last."""
    return 1 if "step" in record else 0 if record["outcome"] == Outcome.ENTERED else 2


def _at(record: Row) -> datetime:
    return datetime.fromisoformat(record["at"])


def _first_step(record: Row) -> str:
    first = next(visits(record.get("detail", {})), None)
    return first.step if first else ""
