"""
Files of events for the commands: one JSON object a line, in either form, plain or compressed with
gzip.
"""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from unless.events.json_text import read_json
from unless.events.limits import BODY_BYTES_MAX
from unless.events.rejection import NotUnderstood, Rejected, RejectReason

_UTF8_MARK = b"\xef\xbb\xbf"
"""The mark with which some Windows programs begin a UTF-8 file; it belongs to no line."""


class UnreadableFile(Exception):
    """
    A file of events that cannot be read (on); the text is one sentence, and the person mends the
    file.
    """


def read_events(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
    """
    Yield for each line that is not blank its number, from 1, and its object or what is wrong with
    it.

    The file is streamed: what is in memory is one line, of at most BODY_BYTES_MAX bytes. Objects
    are not judged here; `parse_row` does that. A name that ends in `.gz` is read through gzip.

    Raises:
        UnreadableFile: there is no such file, it may not be read, or its compression is broken.
    """
    number = 0
    try:
        with closing(_open(path)) as file:
            for line in _lines(file):
                number += 1
                content = line.removeprefix(_UTF8_MARK) if number == 1 else line
                if content.strip():
                    yield number, _row(content)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(_sentence(path, number, error)) from error


def _open(path: Path) -> BufferedIOBase:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _lines(file: BufferedIOBase) -> Iterator[bytes]:
    """Yield the lines; of one that is too long only as much as shows that it is."""
    while line := file.readline(BODY_BYTES_MAX + 1):
        rest = line
        while len(rest) > BODY_BYTES_MAX and not rest.endswith(b"\n"):
            rest = file.readline(BODY_BYTES_MAX + 1)
        yield line.rstrip(b"\r\n")


def _row(line: bytes) -> Mapping[str, Any] | Rejected:
    try:
        row = read_json(line)
    except NotUnderstood as fault:
        return fault.rejected()
    if isinstance(row, Mapping):
        return row
    return Rejected(
        RejectReason.NOT_AN_OBJECT, "the line is not a JSON object; one event stands on one line"
    )


def _sentence(path: Path, number: int, error: Exception) -> str:
    after = f" after line {number}" if number else ""
    match error:
        case FileNotFoundError():
            return f"{path}: there is no such file"
        case IsADirectoryError():
            return f"{path}: is a folder; name a file with one JSON object a line"
        case PermissionError():
            return f"{path}: may not be read; check its permissions"
        case gzip.BadGzipFile():
            return f"{path}: not gzip{after}; a name ending in .gz is read as gzip"
        case EOFError() | zlib.error():
            return f"{path}: the compressed file is cut off or damaged{after}"
        case _:
            return f"{path}: cannot be read{after}: {error}"
