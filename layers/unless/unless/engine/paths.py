"""
Paths into the properties of an event or the attributes of a user (SPEC F1).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import methodcaller
from typing import Any

CACHED_PATHS = 4096
"""Most paths kept parsed; far more than the definitions of one workspace write."""

_SEGMENT = re.compile(r'"(?P<literal>[^"]*)"(?P<marks>(?:\[\])*)(?=\.|\Z)|(?P<plain>[^.]*)')


@dataclass(frozen=True, slots=True)
class Path:
    """
    Where a value lies: names to follow, and None for "each element of the list that is here".

    Two paths with the same `steps` name the same place, however they were written.
    """

    text: str
    steps: tuple[str | None, ...]

    @property
    def is_array(self) -> bool:
        """Whether the path goes through the elements of a list and may have several values."""
        return None in self.steps

    def values(self, obj: object) -> list[Any]:
        """
        Return the values at this path that are present and not null, in their order.

        There is none where the path ends early, a name meets no object or `[]` meets no list.
        """
        found: list[Any] = [obj]
        for step in self.steps:
            found = _elements(found) if step is None else _named(found, step)
        return found

    def value(self, obj: object) -> Any | None:
        """Return the value at this path; None when it is missing or null, or this an array path."""
        for step in self.steps:
            if step is None or not isinstance(obj, dict | Mapping):
                return None
            obj = obj.get(step)
        return obj

    def reader(self) -> Callable[[Mapping[str, Any]], Any | None]:
        """Return what reads the single value at this path, quickly for a path of one name."""
        if len(self.steps) == 1:
            return methodcaller("get", self.steps[0])
        return self.value


def _named(objects: Iterable[Any], name: str) -> list[Any]:
    values = (obj.get(name) for obj in objects if isinstance(obj, dict | Mapping))
    return [value for value in values if value is not None]


def _elements(objects: Iterable[Any]) -> list[Any]:
    lists = (obj for obj in objects if isinstance(obj, list | tuple))
    return [element for each in lists for element in each if element is not None]


@lru_cache(maxsize=CACHED_PATHS)
def parse_path(text: str) -> Path:
    """Return the path that a text such as `items[].sku` or `"songs[].album".year` means."""
    steps: list[str | None] = []
    for segment in _segments(text):
        name, marks = segment["literal"], segment["marks"]
        if name is None:
            name = segment["plain"]
            while name.endswith("[]"):
                name, marks = name[:-2], (marks or "") + "[]"
        steps += [name, *[None] * (len(marks or "") // 2)]
    return Path(text, tuple(steps))


def _segments(text: str) -> Iterator[re.Match[str]]:
    """Yield the parts between the dots; a dot in quotes is no border."""
    at = 0
    while segment := _SEGMENT.match(text, at):
        yield segment
        if segment.end() == len(text):
            return
        at = segment.end() + 1


def read(text: str, obj: object) -> Any | None:
    """Return the single value at the path of that text, or None; an array path has none."""
    return parse_path(text).value(obj)
