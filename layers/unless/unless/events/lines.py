"""
Files of events for the commands: JSON objects in either form, one a line or one right after the
other, plain or compressed with gzip.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from io import BufferedReader
from pathlib import Path
from typing import Any

from unless.events.objects import objects_in
from unless.events.rejection import Rejected

GZIP_MARK = b"\x1f\x8b"
"""How a file of gzip begins, whatever its name. Source: RFC 1952, section 2.3.1 (May 1996)."""

WATCHED_ROWS = 2_000
"""After how many rows the watcher of a file is told how far it has come."""

type Watcher = Callable[[int], None]
"""Is told how many bytes of the file, as it lies on disk, have been read."""


class UnreadableFile(Exception):
    """
    A file of events that cannot be read (on); the text is one sentence, and the person mends the
    file.
    """


def read_events(
    path: Path, watch: Watcher | None = None
) -> Iterator[tuple[int, Mapping[str, Any] | Rejected]]:
    """
    Yield for each line that is not blank its number, from 1, and its object or what is wrong with
    it.

    Objects that follow each other on one line count as if each had a line. The file is streamed:
    what is in memory is a line, or of a longer one about 1 MiB. Objects are not judged here;
    `parse_row` does that. What is compressed with gzip is told by its content, not by its name.

    Raises:
        UnreadableFile: there is no such file, it may not be read, or its compression is broken.
    """
    number = 0
    try:
        with path.open("rb") as raw, closing(_unpacked(raw)) as file:
            for number, row in objects_in(file):
                if watch is not None and number % WATCHED_ROWS == 0:
                    watch(raw.tell())
                yield number, row
            if watch is not None and raw.seekable():
                watch(raw.tell())
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(_sentence(path, number, error)) from error


def _unpacked(raw: BufferedReader) -> BufferedReader:
    if raw.peek(len(GZIP_MARK)).startswith(GZIP_MARK):
        return BufferedReader(gzip.GzipFile(fileobj=raw))
    return raw


def _sentence(path: Path, number: int, error: Exception) -> str:
    after = f" after line {number}" if number else ""
    match error:
        case FileNotFoundError():
            return f"{path}: there is no such file"
        case IsADirectoryError():
            return f"{path}: is a folder; name a file with one JSON object a line"
        case PermissionError():
            return f"{path}: may not be read; check its permissions"
        case gzip.BadGzipFile() | EOFError() | zlib.error():
            return f"{path}: the compressed file is cut off or damaged{after}"
        case _:
            return f"{path}: cannot be read{after}: {error}"
