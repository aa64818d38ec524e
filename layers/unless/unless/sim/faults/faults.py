"""
What can go wrong with a call, and what does in this history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from unless.sim.faults.chance import Chance


class Fault(StrEnum):
    """What goes wrong with one call."""

    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    FAILED = "failed"
    UNHEARD = "done, but no answer came"
    OVERTAKEN = "somebody else is writing"


KINDS = (Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.FAILED, Fault.UNHEARD)
"""The four kinds that every call knows; only a commit can be overtaken."""

COMMIT = "store.commit"


@dataclass(slots=True)
class Process:
    """
    One run of a function or a command, which dies as a whole; `name` is the same in every replay.
    """

    name: str
    role: str
    began: datetime
    deadline: datetime
    calls: int = 0
    known: dict[str, str] = field(default_factory=dict)


class Faults(Protocol):
    """Says what goes wrong."""

    def at(self, process: Process, call: str, now: datetime) -> Fault | None:
        """Return what goes wrong with the process's present call, None if nothing does."""


class NoFaults:
    """Nothing goes wrong."""

    def at(self, process: Process, call: str, now: datetime) -> Fault | None:
        """Return None."""
        del process, call, now
        return None


@dataclass(frozen=True, slots=True)
class Outage:
    """All calls that begin with these letters fail from then to then."""

    calls: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class ChanceFaults:
    """
    Calls go wrong by chance, and for a while all of a kind do; from `calm` on nothing does.

    `but` are calls, by process and number, that go well all the same: what shrinking has found to
    be without effect.
    """

    chance: Chance
    rate: float
    calm: datetime
    outages: tuple[Outage, ...] = ()
    but: frozenset[str] = frozenset()

    def at(self, process: Process, call: str, now: datetime) -> Fault | None:
        """Return what goes wrong with the process's present call, None if nothing does."""
        if now >= self.calm:
            return None
        if any(call.startswith(o.calls) and o.since <= now < o.until for o in self.outages):
            return Fault.FAILED
        place = place_of(process)
        if not self.chance.happens(self.rate, "fault", place) or place in self.but:
            return None
        kinds = (*KINDS, Fault.OVERTAKEN) if call == COMMIT else KINDS
        return self.chance.choose(kinds, "kind", place)


class NumberedFaults:
    """Exactly these calls go wrong, by their numbers in the whole history, counted from 1."""

    def __init__(self, faults: Mapping[int, Fault]) -> None:
        """Take which calls, and what goes wrong with them; good for one run."""
        self._faults = faults
        self._number = 0

    def at(self, process: Process, call: str, now: datetime) -> Fault | None:
        """Return the fault if this is one of the calls."""
        del process, call, now
        self._number += 1
        return self._faults.get(self._number)


class OneFault(NumberedFaults):
    """Exactly one call goes wrong: the n-th of the whole history, counted from 1."""

    def __init__(self, number: int, fault: Fault) -> None:
        """Take which call it is, and what goes wrong with it; good for one run."""
        super().__init__({number: fault})


@dataclass(frozen=True)
class ChosenFaults:
    """Exactly these calls go wrong, by process and number."""

    chosen: Mapping[str, Fault]

    def at(self, process: Process, call: str, now: datetime) -> Fault | None:
        """Return what was chosen for the process's present call."""
        del call, now
        return self.chosen.get(place_of(process))


def place_of(process: Process) -> str:
    """Return the name of the process's present call."""
    return f"{process.name}:{process.calls}"
