"""
A document as it was written: its value, its file, and the line of each part of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

type Path = tuple[str | int, ...]
"""Keys and list positions, from the top of a document to one part of it."""

_PLAIN_KEY = re.compile(r"[\w-]+")


def path_text(path: Path) -> str:
    """Return a path as people write it: `unless[0].match`, a key with dots in it in quotes."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            key = step if _PLAIN_KEY.fullmatch(step) else f'"{step}"'
            text += f".{key}" if text else key
    return text


@dataclass(frozen=True, slots=True)
class Lines:
    """The line on which something stands, counted from 1, and those of its parts."""

    line: int
    parts: Mapping[str | int, "Lines"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """
    One document: plain JSON-able values, where it was read, and its lines.

    `file` and `lines` are None for a document that was not read from a file.
    """

    value: Any
    file: str | None = None
    lines: Lines | None = None

    def line_of(self, path: Path = ()) -> int | None:
        """Return the line on which the part at that path begins, or the nearest part around it."""
        place = self.lines
        if place is None:
            return None
        for step in path:
            part = place.parts.get(step)
            if part is None:
                break
            place = part
        return place.line

    def part(self, *path: str | int) -> "Document":
        """
        Return the part at that path as a document of its own, with its lines.

        Raises:
            LookupError: there is no such part.
        """
        value, lines = self.value, self.lines
        for step in path:
            value = value[step]
            lines = lines.parts.get(step, lines) if lines else None
        return Document(value, self.file, lines)
