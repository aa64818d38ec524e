"""
What people read: colour on a terminal, plain and unwrapped text in a pipe.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

PIPE_COLUMNS = 4000
"""Columns of a pipe: whoever reads it, `grep` or an editor, wraps as they like."""


class Failure(Exception):
    """What was asked cannot be done: `what` is one sentence, `remedy` what to do about it."""

    label = "Error: "

    def __init__(self, what: str, remedy: str = "", *, code: int = 1) -> None:
        """Say what is wrong; `code` is the exit code, 1 for bad input and 2 for a wrong command."""
        super().__init__(what)
        self.what, self.remedy, self.code = what, remedy, code


class Ended(Failure):
    """The person ended it; nobody made a mistake."""

    label = ""


def output() -> Console:
    """Return the console of standard output."""
    return _console(stderr=False)


def errors() -> Console:
    """Return the console of standard error."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPE_COLUMNS
    return console


def say_failure(failure: Failure) -> None:
    """Print the failure on standard error."""
    errors().print(Text.assemble((failure.label, "bold red"), failure.what))
    if failure.remedy:
        errors().print(Text(failure.remedy, "yellow"))


def columns(console: Console, rows: Iterable[Sequence[Text | str]]) -> None:
    """Print rows in columns: on a terminal each wraps within its own, in a pipe none does."""
    texts = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in rows]
    if not texts:
        return
    if console.is_terminal:
        table = Table.grid(padding=(0, 2))
        for _ in texts[0]:
            table.add_column(overflow="fold")  # an id is not cut off
        for row in texts:
            table.add_row(*row)
        console.print(table)
        return
    widths = [max(cell.cell_len for cell in column) for column in zip(*texts, strict=True)]
    for row in texts:
        padded = (cell.plain.ljust(width) for cell, width in zip(row, widths, strict=True))
        console.print("  ".join(padded).rstrip(), soft_wrap=True)


@contextmanager
def progress(what: str, total: int, *, beside: Console | None = None) -> Iterator[Progress | None]:
    """
    Show a bar on standard error while something runs, if that is a terminal.

    There is none when `beside`, to which something is printed meanwhile, is a terminal as well.
    """
    if not sys.stderr.isatty() or (beside is not None and beside.is_terminal):
        yield None
        return
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        console=errors(), transient=True, redirect_stdout=False, redirect_stderr=False,
    )  # fmt: skip
    bar.add_task(what, total=total)
    with bar:
        yield bar


def advance(bar: Progress | None, steps: int) -> None:
    """Move the bar on, if there is one."""
    if bar is not None:
        bar.advance(bar.task_ids[0], steps)


def printable(text: str) -> str:
    """Return the text on one line, with nothing in it that a terminal would obey."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def count(number: int, noun: str, plural: str = "") -> str:
    """Return the number with its noun: `1 event`, `1,200 events`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
