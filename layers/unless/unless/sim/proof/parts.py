"""
What a part of the proof is: cases in jobs, and what was found in them.

Every case has a name by which it alone can be had again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

VIOLATIONS_KEPT_MAX = 20
"""Violations of one job that are told in full; all are counted."""


@dataclass(frozen=True, slots=True)
class Violation:
    """
    A promise that did not hold: in which case, what is wrong, and how it came to it.

    `case` is the name by which `Part.replay` has it again.
    """

    case: str
    sentence: str
    story: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """
    Some cases of a part, which one process judges: `size` of them from `first` on.

    `about` is what the part made it of, such as the name of a scenario.
    """

    part: str
    seed: int
    first: int = 0
    size: int = 1
    about: str = ""


@dataclass(slots=True)
class Found:
    """How many cases were judged, what was seen in them and how often, and what was wrong."""

    cases: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    violations: list[Violation] = field(default_factory=list)

    def violate(self, violation: Violation) -> None:
        """Take note of what is wrong."""
        self.wrong += 1
        if len(self.violations) < VIOLATIONS_KEPT_MAX:
            self.violations.append(violation)

    def add(self, other: "Found") -> None:
        """Take over what another job has found."""
        self.cases += other.cases
        self.seen.update(other.seen)
        self.wrong += other.wrong
        self.violations.extend(other.violations)
        del self.violations[VIOLATIONS_KEPT_MAX:]


class Part(Protocol):
    """One part of the proof."""

    @property
    def name(self) -> str:
        """How it is called on the command line."""

    @property
    def noun(self) -> str:
        """What its cases are, in the plural."""

    def jobs(self, scale: float, seed: int) -> Sequence[Job]:
        """Return the jobs of the whole proof, or of that share of it, in any order."""

    def work(self, job: Job) -> Found:
        """Judge the cases of a job; what it finds depends on the job alone."""

    def conclude(self, found: Found, scale: float) -> Sequence[str]:
        """Return what can only be said of all cases together and is wrong with them."""

    def replay(self, case: str) -> Found:
        """
        Judge one case again, with its story.

        Raises:
            ValueError: there is no such case.
        """


def shares(part: str, cases: int, size: int, seed: int, about: str = "") -> list[Job]:
    """Return jobs of up to `size` cases that are so many together."""
    return [
        Job(part, seed, first, min(size, cases - first), about) for first in range(0, cases, size)
    ]


def scaled(cases: int, scale: float) -> int:
    """Return that share of the cases, at least one."""
    return max(1, round(cases * scale))


def top(seen: Mapping[str, int], prefix: str) -> dict[str, int]:
    """Return what was seen whose name begins so, without that beginning, most frequent first."""
    found = {name.removeprefix(prefix): n for name, n in seen.items() if name.startswith(prefix)}
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))
