"""
Folders of events: a local copy of what a bus's events became on S3.

EventBridge has no export of an archive: an archive can be replayed to its bus, and nothing else
(EventBridge User Guide, "Archiving and replaying events", read 2026-11). What people have on S3 is
what a rule for all events hands to Amazon Data Firehose, at the time or during such a replay:

- The objects lie in folders by date, `YYYY/MM/dd/HH/` in UTC unless a prefix of one's own was set,
  and are named `<stream>-<version>-<year>-…-<second>-<uuid>` with or without an extension
  (Firehose Developer Guide, "Configure Amazon S3 object name format", read 2026-11). Both are times
  of arrival, not of the events; nothing here relies on them but the order among equal times.
- Each object holds whole envelopes, one right after the other or, where the rule or the stream adds
  a line end, one a line (see `unless.events.objects`); gzip is optional (for Snappy and Zip, which
  Firehose offers, too, the object has to be unpacked first).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

from unless.events.lines import UnreadableFile

HIDDEN = (".", "_")
"""How names begin that are no data: `.DS_Store`, and `_SUCCESS` of Hadoop and Spark."""


def files_of(paths: Iterable[Path]) -> list[Path]:
    """
    Return the files, and of a folder those in it at any depth, by their paths, without hidden ones.

    Raises:
        UnreadableFile: there is no such path, or a folder without a file.
    """
    return [file for path in paths for file in _files(path)]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if not path.exists():
            raise UnreadableFile(f"{path}: there is no such file")
        yield path
        return
    files = list(_inside(path))
    if not files:
        raise UnreadableFile(f"{path}: there is no file in this folder, nor in those in it")
    yield from files


def _inside(folder: Path) -> Iterator[Path]:
    for place, folders, names in folder.walk(on_error=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith(HIDDEN))
        yield from (place / name for name in sorted(names) if not name.startswith(HIDDEN))


def _refuse(error: OSError) -> NoReturn:
    """Let no part of the events be missing without a word."""
    raise UnreadableFile(f"{error.filename}: cannot be read: {error.strerror}") from error
