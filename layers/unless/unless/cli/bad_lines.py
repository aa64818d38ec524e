"""
What is said of the lines of a file of events that were left out.
"""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from unless.cli.console import count
from unless.sim.reading import BadLine

BAD_SHOWN_MAX = 20
"""Most bad lines that are listed one by one."""


def report_bad(console: Console, path: Path, bad: Sequence[BadLine]) -> None:
    """Print the lines of a file that were left out, the first ones with their reasons."""
    for line in bad[:BAD_SHOWN_MAX]:
        where = f"{path}:{line.number}: "
        console.print(Text.assemble(where, (str(line.reason), "yellow"), f": {line.detail}"))
    if len(bad) > BAD_SHOWN_MAX:
        console.print(f"… and {count(len(bad) - BAD_SHOWN_MAX, 'bad line')} more")
    if bad:
        console.print(Text(f"{count(len(bad), 'line')} left out", "yellow"))
