"""
What `make bench` prints at its end: for each question a table that needs no knowledge of the code.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

type Row = dict[str, str]
"""A line of a table: texts by column; all rows under one heading have the same columns."""

UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


@dataclass
class Report:
    """The tables by heading, in the order in which they were begun."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, heading: str, row: Row) -> None:
        """Add a line to the table under this heading, which may take several lines itself."""
        self.tables.setdefault(heading, []).append(row)

    def lines(self) -> Iterator[str]:
        """Yield the lines to print; the first column begins left, the others end right."""
        for heading, rows in self.tables.items():
            yield ""
            yield from heading.splitlines()
            yield ""
            names = list(rows[0])
            widths = [max(len(name), *(len(row[name]) for row in rows)) for name in names]
            for cells in (names, *(list(row.values()) for row in rows)):
                first, *others = (
                    cell.rjust(width) if place else cell.ljust(width)
                    for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
                )
                yield "   ".join(["  " + first, *others]).rstrip()
        yield ""


def span(seconds: float) -> str:
    """Return a time with three digits and its unit."""
    for size, unit in UNITS:
        if seconds >= size:
            return f"{_three_digits(seconds / size)} {unit}"
    return f"{_three_digits(seconds / UNITS[-1][0])} {UNITS[-1][1]}"


def times(ratio: float) -> str:
    """Return how many times as much."""
    return f"{_three_digits(ratio)} x"


def mebibytes(size: float) -> str:
    """Return a number of bytes."""
    return f"{size / 2**20:,.0f} MiB"


def _three_digits(number: float) -> str:
    return f"{number:,.{0 if number >= 100 else 1 if number >= 10 else 2}f}"
