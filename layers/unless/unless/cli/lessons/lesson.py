"""
A lesson on one kind of mistake: a wrong definition, a mended one, and the events of a user.

Lessons are files in `codes/`, one for each code of SPEC section 8. A test plays every one of them
and holds what it promises under `expect`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from unless.definitions.checks import Checked, check
from unless.definitions.issues import CheckCode
from unless.definitions.reading import read_text

_RANGE = re.compile(r"(\d+), … (\d+)")
"""Numbers that a lesson does not print one by one: `2, … 300`."""


@dataclass(frozen=True, slots=True)
class Version:
    """
    Definitions as people write them, and what `happens` under them, in words.

    `taken_for` is what is simulated where the definitions cannot be run at all: what they would
    have been taken for. Without `expect` nothing is simulated.
    """

    define: str
    happens: str
    taken_for: str = ""
    expect: list[Mapping[str, Any]] | None = None

    def checked(self) -> Checked:
        """Return the definitions as they are written, judged."""
        return _judged(self.define)

    def played(self) -> Checked:
        """Return the definitions that are simulated, judged."""
        return _judged(self.taken_for or self.define)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a code means, shown on users and their events under a wrong and a mended version."""

    code: CheckCode
    title: str
    means: str
    wrong: Version
    mended: Version
    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    when: list[Mapping[str, Any]] = field(default_factory=list)


def lesson_on(code: CheckCode) -> Lesson:
    """Return the lesson on a code."""
    name = f"{code}.yaml"
    text = files("unless.cli.lessons").joinpath("codes", name).read_text(encoding="utf-8")
    (document,) = read_text(text, name).documents
    values: dict[str, Any] = dict(document.value)
    wrong, mended = Version(**values.pop("wrong")), Version(**values.pop("mended"))
    return Lesson(code=code, wrong=wrong, mended=mended, **values)


def _judged(text: str) -> Checked:
    reading = read_text(_RANGE.sub(_numbers, text))
    return check(reading.documents, found=reading.issues)


def _numbers(written: re.Match[str]) -> str:
    first, last = (int(number) for number in written.groups())
    return ", ".join(str(number) for number in range(first, last + 1))
