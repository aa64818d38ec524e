"""
Everything that happened in a history, as one who sees all of it would write it down.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from unless.app.ports import AlreadyApplied, Committed, Conflict, Loaded
from unless.definitions.snapshot import Snapshot
from unless.engine.decision import Decision, Input, Marker
from unless.engine.definitions import Definitions
from unless.engine.model import DueItem, UserState
from unless.sim.faults.faults import Fault, Process


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a process, and what went wrong with it."""

    at: datetime
    process: Process
    number: int
    name: str
    about: str
    fault: Fault | None
    said: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, and under which definitions; `stale` if others were published by then."""

    at: datetime
    now: datetime
    process: str
    before: UserState
    what: Input
    definitions: Definitions
    decision: Decision
    stale: bool


@dataclass(frozen=True, slots=True)
class Commit:
    """
    One change of a user that was asked for; `answer` is what became of it.

    `way` are the decisions that led from `before` to `after`, None if those cannot have; `stored`
    is the user as it was at that moment.
    """

    at: datetime
    number: int
    process: Process
    before: Loaded
    after: UserState
    markers: tuple[Marker, ...]
    answer: Committed | Conflict | AlreadyApplied
    way: tuple[Decided, ...] | None
    stored: Loaded

    @property
    def changed(self) -> bool:
        """Whether the user is another one since."""
        return isinstance(self.answer, Committed) and self.after is not self.before.state

    @property
    def decided_at(self) -> datetime:
        """The instant by which was decided what the commit wrote."""
        return self.way[-1].now if self.way else self.at

    @property
    def new_items(self) -> list[DueItem]:
        """What it started."""
        if not self.changed:
            return []
        before = self.before.state.pending
        return [item for name, item in self.after.pending.items() if name not in before]


@dataclass
class Observed:
    """
    What happened, in order.

    `calls` are kept for a story only, `hit` are those that went wrong; `deletions` are the people
    who have deleted a user, to the end.
    """

    keep_calls: bool = False
    calls: list[Call] = field(default_factory=list)
    hit: list[Call] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    published: list[tuple[datetime, Snapshot]] = field(default_factory=list)
    deletions: set[str] = field(default_factory=set)
    untimed: list[tuple[datetime, DueItem]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    rare: Counter[str] = field(default_factory=Counter)
    _by_result: dict[int, Decided] = field(default_factory=dict)
    _digest: "blake2b" = field(default_factory=lambda: blake2b(digest_size=16))

    @property
    def trace_hash(self) -> str:
        """A name of everything that happened, in its order."""
        return self._digest.hexdigest()

    def called(self, call: Call) -> None:
        """Take note of a call."""
        self._digest.update(
            f"{call.at.timestamp():.6f}|{call.process.name}|{call.number}|{call.name}"
            f"|{call.about}|{call.fault}|{call.said}\n".encode()
        )
        if call.fault is not None:
            self.faults[call.fault] += 1
            self.hit.append(call)
        if self.keep_calls:
            self.calls.append(call)

    def decides(self, decided: Decided) -> None:
        """Take note of a decision."""
        self.decided.append(decided)
        if decided.decision.state is not decided.before:
            self._by_result[id(decided.decision.state)] = decided

    def way_to(self, before: UserState, after: UserState) -> tuple[Decided, ...] | None:
        """Return the decisions that lead from the one state to the other; None if none do."""
        way: list[Decided] = []
        state = after
        while state is not before:
            last = self._by_result.get(id(state))
            if last is None:
                return None
            way.append(last)
            state = last.before
        return tuple(reversed(way))

    def of_user(self, user: str) -> list[Commit]:
        """Return the user's changes that went in, in order."""
        return [c for c in self.commits if c.changed and c.after.user == user]


type Counts = Mapping[str, int]
"""How often something was seen, by name."""

type Commits = Sequence[Commit]
