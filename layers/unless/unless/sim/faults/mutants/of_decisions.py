"""
Mistakes of what is decided: exceptions, times, entitlement, deletion, and who gets nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from unless.engine import decide as deciding
from unless.engine import events, exceptions, message_checks, sending, triggers
from unless.engine.decision import Decision, DeleteUser, DueNotice
from unless.engine.definitions import Definitions
from unless.engine.deletion import take_deletion
from unless.engine.due import take_due_notice
from unless.engine.fold import Fold
from unless.engine.history import remember_receipt
from unless.engine.model import DueStatus, PendingSend, Receipt, UserEvent, UserState
from unless.engine.timing import delays
from unless.engine.timing.zones import exact_instant
from unless.sim.faults.mutants.mutant import Mutant, Patch


def _no_marks() -> Sequence[Patch]:
    return [(events, "leave_marks", lambda state, *_: state)]


def _claims_overwritten() -> Sequence[Patch]:
    is_open = exceptions._is_open

    def also_claimed(send: PendingSend, plan: Any, event: UserEvent) -> bool:
        return is_open(replace(send, status=DueStatus.WAITING), plan, event)

    return [(exceptions, "_is_open", also_claimed)]


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


def _hash_of_the_process() -> Sequence[Patch]:
    def by_hash(user: str, campaign: str, percent: int) -> bool:
        return hash((user, campaign)) % 100 < percent

    return [(triggers, "in_control_group", by_hash)]


def _never_closed() -> Sequence[Patch]:
    return [(sending, "_window", lambda *_: None)]


OF_DECISIONS = (
    Mutant("M1", "an exception leaves no mark", _no_marks),
    Mutant("M10", "an exception overwrites a claim", _claims_overwritten),
    Mutant("M14", "sent before it is due", _early),
    Mutant("M15", "caps and re-eligibility count triggers", _counted_at_trigger),
    Mutant("M16", "a deletion takes claimed sends with it", _claims_erased),
    Mutant("M17", "clock times without daylight saving", _naive_clock),
    Mutant("M23", "the control group by the hash of the process", _hash_of_the_process),
    Mutant("M28", "no look at the window at the claim", _never_closed),
)
