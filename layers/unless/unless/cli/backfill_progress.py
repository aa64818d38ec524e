"""
How far a backfill has come: a small file beside the file of events, so that it can be continued.

    events.jsonl   events.jsonl.backfill-1f9d07c2.json

The name tells stacks apart. It holds the last line that is settled, a digest of the lines that the
bus has taken, and the numbers of those that it has not: these may be mended in the file.
"""

import json
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from unless.cli.console import Failure, count
from unless.definitions.snapshot import canonical_json

FORMAT = 1
"""The layout of the file."""

DIGITS = 8
"""Hexadecimal digits by which the files of several stacks are told apart."""

DIGEST_BITS = 256
"""The digest is a sum of SHA-256 over lines, in any order: what failed is added later."""


class Offered(NamedTuple):
    """A line on its way to the bus; `name` is None for one that no bus should get."""

    line: int
    digest: int
    name: str | None = None
    at: datetime | None = None


def line_digest(line: int, row: Mapping[str, Any]) -> int:
    """Return what a line adds to the digest."""
    return int.from_bytes(sha256(f"{line}:{canonical_json(row)}".encode()).digest())


@dataclass
class Progress:
    """
    What is settled: every line up to `line`, of which `failed` are not on the bus.

    `oldest` is the earliest time of each event that is on the bus.
    """

    file: Path
    line: int = 0
    accepted: int = 0
    digest: int = 0
    failed: set[int] = field(default_factory=set)
    oldest: dict[str, datetime] = field(default_factory=dict)
    _offered: deque[Offered] = field(default_factory=deque)

    @classmethod
    def of(cls, events: Path, target: str, *, restart: bool) -> "Progress":
        """
        Return how far this file has come on that stack, from the beginning if `restart`.

        Raises:
            Failure: what lies there is no such file, or it cannot be written.
        """
        mark = sha256(target.encode()).hexdigest()[:DIGITS]
        file = events.with_name(f"{events.name}.backfill-{mark}.json")
        known = cls(file)
        if file.is_file() and not restart:
            known = _read(file)
        known.save()
        return known

    def is_open(self, line: int) -> bool:
        """Whether the line is still to be put: not reached, or refused."""
        return line > self.line or line in self.failed

    def offer(self, offered: Offered) -> None:
        """Take note of a line that is on its way, in the order of the file."""
        self._offered.append(offered)

    def settle(self, through: int, refused: Collection[int]) -> None:
        """Take note of what became of the offered lines up to this one."""
        while self._offered and self._offered[0].line <= through:
            line, digest, name, at = self._offered.popleft()
            self.line = max(self.line, line)
            if name is None or line in refused:
                self.failed.add(line)
                continue
            self.failed.discard(line)
            self.accepted += 1
            self.digest = (self.digest + digest) % 2**DIGEST_BITS
            if at is not None:
                self.oldest[name] = min(at, self.oldest.get(name, at))

    def save(self) -> None:
        """
        Write the file, whole or not at all.

        Raises:
            Failure: it cannot be written.
        """
        content = {
            "format": FORMAT,
            "line": self.line,
            "accepted": self.accepted,
            "digest": f"{self.digest:064x}",
            "failed": sorted(self.failed),
            "oldest": {name: at.isoformat() for name, at in self.oldest.items()},
        }
        fresh = self.file.with_name(f"{self.file.name}.new")
        try:
            fresh.write_text(json.dumps(content))
            fresh.replace(self.file)
        except OSError as error:
            raise Failure(
                f"{self.file}: cannot be written: {error.strerror}.",
                "A backfill notes there how far it has come; copy the events to a folder of yours.",
            ) from error


def _read(file: Path) -> Progress:
    try:
        content = json.loads(file.read_text())
        if content["format"] != FORMAT:
            raise ValueError("another layout")
        return Progress(
            file,
            line=content["line"],
            accepted=content["accepted"],
            digest=int(content["digest"], 16),
            failed=set(content["failed"]),
            oldest={n: datetime.fromisoformat(at) for n, at in content["oldest"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure(
            f"{file}: does not say how far the backfill came.",
            "Start it again with --restart: within 16 days no event counts twice.",
        ) from error


def changed(events: Path, progress: Progress) -> Failure:
    """Return what to say when the lines that were put are not those of the file any more."""
    return Failure(
        f"{events} has changed since {count(progress.accepted, 'line')} of it were put.",
        "Lines may be added, and refused ones mended. For another file, use --restart; events that "
        "are on the bus for less than 16 days and have kept their lines do not count twice.",
    )
