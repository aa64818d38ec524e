"""
The events that a command plays: opened with progress, and what had to be left out of them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.text import Text

from unless.cli.console import Failure, count, errors
from unless.events.lines import UnreadableFile
from unless.sim.event_stream import EventStream, Phase, open_events

BAD_SHOWN_MAX = 20
"""Most bad lines that are listed one by one."""


@contextmanager
def opened(paths: Sequence[Path]) -> Iterator[EventStream]:
    """
    Open files and folders of events; at the end it is said which lines were left out.

    Raises:
        Failure: one of them cannot be read, or there is no event in them.
    """
    try:
        with _opened(paths) as stream:
            if not stream.total:
                _report_bad(errors(), stream, paths[0])
                raise _nothing_in(paths)
            yield stream
            _report_bad(errors(), stream, paths[0])
    except UnreadableFile as error:
        raise Failure(f"{error}.") from None


def _opened(paths: Sequence[Path]) -> EventStream:
    console = errors()
    if not console.is_terminal:
        return open_events(paths)
    with console.status("reading") as status:
        return open_events(paths, _Shown(status))


class _Shown:
    """Says how far the reading has come, while it is shown."""

    def __init__(self, status: Status) -> None:
        self._status = status

    def __call__(self, phase: Phase, done: int, total: int) -> None:
        share = f" {100 * done // total} %" if total else ""
        self._status.update(f"{phase}{share}")


def _nothing_in(paths: Sequence[Path]) -> Failure:
    where = f"{paths[0]}" if len(paths) == 1 else count(len(paths), "path")
    return Failure(
        f"{where}: there is no event in it to play.",
        'An event is one JSON object on a line: {"user": "u-17", "event": "purchase", '
        '"time": "2026-02-02T10:00:00Z"}',
    )


def _report_bad(console: Console, stream: EventStream, path: Path) -> None:
    """Print the lines that were left out, the first ones with their reasons."""
    for line in stream.bad[:BAD_SHOWN_MAX]:
        where = f"{line.path or path}:{line.number}: "
        console.print(Text.assemble(where, (str(line.reason), "yellow"), f": {line.detail}"))
    if stream.bad_count > BAD_SHOWN_MAX:
        console.print(f"… and {count(stream.bad_count - BAD_SHOWN_MAX, 'bad line')} more")
    if stream.bad_count:
        console.print(Text(f"{count(stream.bad_count, 'line')} left out", "yellow"))
