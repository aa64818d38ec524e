"""
Mistakes of commits, markers and timers.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from unless.app import dispatch, evaluate
from unless.app.ports import AlreadyApplied, Committed, Conflict, Loaded
from unless.engine import events
from unless.engine.decision import Marker
from unless.engine.identity import send_id
from unless.engine.model import DueStatus, UserState
from unless.sim.faults.history import History
from unless.sim.faults.memory.store import MemoryStore
from unless.sim.faults.mutants.mutant import Mutant, Patch
from unless.sim.faults.wired import WiredStore, WiredTimers

type Answered = Committed | Conflict | AlreadyApplied

DROPPED = 0.03
"""The share of timers that are lost where no sweeper would notice."""


def _no_claim() -> Sequence[Patch]:
    commit = WiredStore.commit

    def unclaimed(
        self: WiredStore,
        before: Loaded,
        after: UserState,
        markers: Sequence[Marker],
        now: datetime,
    ) -> Answered:
        is_claim = any(
            item.status is DueStatus.CLAIMED and before.state.pending.get(name) is not item
            for name, item in after.pending.items()
        )
        if is_claim and not markers:
            return Committed(before.rev)
        return commit(self, before, after, markers, now)

    return [(WiredStore, "commit", unclaimed)]


def _no_repeat() -> Sequence[Patch]:
    return [(module, "repeat", lambda *_: None) for module in (evaluate, dispatch)]


def _timer_first() -> Sequence[Patch]:
    commit = WiredStore.commit

    def timed(
        self: WiredStore,
        before: Loaded,
        after: UserState,
        markers: Sequence[Marker],
        now: datetime,
    ) -> Answered:
        for name, item in after.pending.items():
            if name not in before.state.pending:
                WiredTimers(self.calls, self.ports).ensure(item, now)
        return commit(self, before, after, markers, now)

    return [
        (WiredStore, "commit", timed),
        (evaluate, "carry_out", lambda *_: 0),
        (evaluate, "repeat", lambda *_: None),
    ]


def _no_rev() -> Sequence[Patch]:
    commit = MemoryStore.commit

    def unguarded(
        self: MemoryStore,
        before: Loaded,
        after: UserState,
        markers: Sequence[Marker],
        now: datetime,
    ) -> Answered:
        present = replace(before, rev=self.load(after.user).rev)
        return commit(self, present, after, markers, now)

    return [(MemoryStore, "commit", unguarded)]


def _ttl_at_due() -> Sequence[Patch]:
    load = WiredStore.load

    def expired(self: WiredStore, user: str) -> Loaded:
        loaded, now = load(self, user), self.ports.now
        end = timedelta(minutes=1)
        left = {k: i for k, i in loaded.state.pending.items() if i.due + end > now}
        if len(left) == len(loaded.state.pending):
            return loaded
        state = replace(loaded.state, pending=left)
        return Loaded(state, self.ports.store.put(state, loaded.rev))

    return [(WiredStore, "load", expired)]


def _marker_apart() -> Sequence[Patch]:
    commit = WiredStore.commit

    def in_two(
        self: WiredStore,
        before: Loaded,
        after: UserState,
        markers: Sequence[Marker],
        now: datetime,
    ) -> Answered:
        user = after.user
        known = [m for each in markers if (m := self.marker(user, each.id, now)) is not None]
        if known:
            return AlreadyApplied(tuple(known))
        answer = commit(self, before, after, (), now)
        if isinstance(answer, Committed) and markers:
            return commit(self, Loaded(after, answer.rev), after, markers, now)
        return answer

    return [(WiredStore, "commit", in_two)]


def _random_ids() -> Sequence[Patch]:
    commit, numbers = MemoryStore.commit, count()

    def unmarked(
        self: MemoryStore,
        before: Loaded,
        after: UserState,
        markers: Sequence[Marker],
        now: datetime,
    ) -> Answered:
        kept = [marker for marker in markers if marker.id.startswith(("s-", "r-", "#"))]
        return commit(self, before, after, kept, now)

    def numbered(*about: Any) -> str:
        return f"{send_id(*about)}{next(numbers)}"

    return [(events, "send_id", numbered), (MemoryStore, "commit", unmarked)]


def _without_sweeper(history: History) -> History:
    trouble = replace(history.trouble, dropped=DROPPED)
    return replace(history, sweeper=False, trouble=trouble)


OF_STORAGE = (
    Mutant("M2", "check, send, then mark: no claim", _no_claim),
    Mutant("M3", "a duplicate does not repeat the timers", _no_repeat),
    Mutant("M4", "no sweeper, though timers get lost", list, False, _without_sweeper),
    Mutant("M5", "the timer before the commit", _timer_first, False),
    Mutant("M6", "no look at `rev`", _no_rev),
    Mutant("M7", "TTL at the due time", _ttl_at_due),
    Mutant("M11", "the marker is not in the transaction", _marker_apart),
    Mutant("M12", "random ids, and events are not told apart", _random_ids),
    Mutant("M13", "as M3, where the sweeper hides it", _no_repeat, True),
)
