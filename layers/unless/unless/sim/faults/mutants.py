"""
The mistakes of design that the simulator must catch: each put into the real application for a
while.

A simulator that finds nothing proves nothing until it has found these.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from unless.app import dispatch, evaluate
from unless.app.ports import AlreadyApplied, Committed, Conflict, Loaded, Message, Reply
from unless.engine import decide as deciding
from unless.engine import due, events, exceptions, message_checks
from unless.engine.claims import REPEATABLE_CHANNELS
from unless.engine.decision import Answer, Decision, DeleteUser, DueNotice, Marker
from unless.engine.definitions import Definitions
from unless.engine.deletion import take_deletion
from unless.engine.due import take_due_notice
from unless.engine.fold import Fold
from unless.engine.history import remember_receipt
from unless.engine.identity import send_id
from unless.engine.model import DueStatus, PendingSend, Receipt, UserEvent, UserState
from unless.engine.timing import delays
from unless.engine.timing.zones import exact_instant
from unless.sim.faults.history import History
from unless.sim.faults.memory.store import MemoryStore
from unless.sim.faults.wired import WiredChannel, WiredStore, WiredTimers

type Patch = tuple[Any, str, Any]
"""What is replaced, its name, and by what."""

type Answered = Committed | Conflict | AlreadyApplied

DROPPED = 0.03
"""The share of timers that are lost where no sweeper would notice."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """
    One mistake: `patches` makes it, `changes` makes histories fit for it.

    `swept` says with which sweeper it can be caught: on, off, or None for either.
    """

    name: str
    mistake: str
    patches: Callable[[], Sequence[Patch]]
    swept: bool | None = None
    changes: Callable[[History], History] = lambda history: history


@contextmanager
def made(mutant: Mutant) -> Iterator[None]:
    """Let the application make this mistake while this lasts."""
    before: list[Patch] = []
    try:
        for where, name, new in mutant.patches():
            before.append((where, name, getattr(where, name)))
            setattr(where, name, new)
        yield
    finally:
        for where, name, old in reversed(before):
            setattr(where, name, old)


# --- what each replaces ---------------------------------------------------------------------------


def _no_marks() -> Sequence[Patch]:
    return [(events, "leave_marks", lambda state, *_: state)]


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


def _asked_again() -> Sequence[Patch]:
    send = WiredChannel.send

    def again(self: WiredChannel, message: Message) -> Reply:
        reply = send(self, message)
        return send(self, message) if reply.answer is Answer.UNKNOWN else reply

    return [(WiredChannel, "send", again)]


def _resent() -> Sequence[Patch]:
    return [(due, "REPEATABLE_CHANNELS", REPEATABLE_CHANNELS | {"email", "sms"})]


def _claims_overwritten() -> Sequence[Patch]:
    is_open = exceptions._is_open

    def also_claimed(send: PendingSend, plan: Any, event: UserEvent) -> bool:
        return is_open(replace(send, status=DueStatus.WAITING), plan, event)

    return [(exceptions, "_is_open", also_claimed)]


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


def _early() -> Sequence[Patch]:
    take = take_due_notice

    def as_if_due(
        state: UserState, notice: DueNotice, definitions: Definitions, now: datetime
    ) -> Decision:
        item = state.pending.get(notice.item)
        if item is None or item.due <= now:
            return take(state, notice, definitions, now)
        pending = {**state.pending, item.id: replace(item, due=now)}
        return take(replace(state, pending=pending), notice, definitions, now)

    return [(deciding, "take_due_notice", as_if_due)]


def _counted_at_trigger() -> Sequence[Patch]:
    start = events._start

    def counted(fold: Fold, plan: Any, event: UserEvent, begun: Any) -> None:
        start(fold, plan, event, begun)
        channel = plan.campaign.message.channel
        receipt = Receipt(f"{plan.id}-{event.id}", plan.id, fold.now, channel)
        fold.state = remember_receipt(fold.state, receipt)

    return [
        (events, "_start", counted),
        (message_checks, "remember_receipt", lambda state, _receipt: state),
    ]


def _claims_erased() -> Sequence[Patch]:
    take = take_deletion

    def everything(
        state: UserState, deletion: DeleteUser, definitions: Definitions, now: datetime
    ) -> Decision:
        decision = take(state, deletion, definitions, now)
        return replace(decision, state=replace(decision.state, pending={}))

    return [(deciding, "take_deletion", everything)]


def _naive_clock() -> Sequence[Patch]:
    def by_winter_time(written: datetime, zone: ZoneInfo) -> datetime | None:
        if written.tzinfo is not None:
            return exact_instant(written, zone)
        winter = datetime(2026, 1, 1, tzinfo=zone).utcoffset() or timedelta(0)
        return written.replace(tzinfo=UTC) - winter

    return [(delays, "exact_instant", by_winter_time)]


def _without_sweeper(history: History) -> History:
    trouble = replace(history.trouble, dropped=DROPPED)
    return replace(history, sweeper=False, trouble=trouble)


MUTANTS = (
    Mutant("M1", "an exception leaves no mark", _no_marks),
    Mutant("M2", "check, send, then mark: no claim", _no_claim),
    Mutant("M3", "a duplicate does not repeat the timers", _no_repeat),
    Mutant("M4", "no sweeper, though timers get lost", list, False, _without_sweeper),
    Mutant("M5", "the timer before the commit", _timer_first, False),
    Mutant("M6", "no look at `rev`", _no_rev),
    Mutant("M7", "TTL at the due time", _ttl_at_due),
    Mutant("M8", "an unclear request is made again, as SDKs do", _asked_again),
    Mutant("M9", "sent again when the lease is over", _resent),
    Mutant("M10", "an exception overwrites a claim", _claims_overwritten),
    Mutant("M11", "the marker is not in the transaction", _marker_apart),
    Mutant("M12", "random ids, and events are not told apart", _random_ids),
    Mutant("M13", "as M3, where the sweeper hides it", _no_repeat, True),
    Mutant("M14", "sent before it is due", _early),
    Mutant("M15", "caps and re-eligibility count triggers", _counted_at_trigger),
    Mutant("M16", "a deletion takes claimed sends with it", _claims_erased),
    Mutant("M17", "clock times without daylight saving", _naive_clock),
)
