"""
What is done once a decision is committed, in an order in which a crash loses nothing.

1. Timers are ensured: the message that is still unacknowledged repeats this after a crash.
2. Timers that are needed no more are cancelled, as a courtesy that never fails.
3. Records go to the ledger, where writing one twice leaves one.
4. Only then the message is acknowledged.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from unless.app.ports import Timers
from unless.engine.decision import CancelTimer, Effect, Marker, StartTimer
from unless.engine.model import DueStatus, UserState
from unless.engine.records import Record


def ended_marker_id(send: str) -> str:
    """
    Return the id of the marker of an ended step, or a campaign's send, of that id.

    Not the send's own id: an app that hears of a message may well use that as the id of its event.
    """
    return f"{send}#ended"


def moved_marker_id(send: str, turn: int) -> str:
    """Return the id of the marker of a step, or a send, that got another due time: its new turn."""
    return f"{send}#moved#{turn}"


def carry_out(
    effects: Sequence[Effect], before: UserState, after: UserState, timers: Timers, now: datetime
) -> int:
    """
    Ensure and cancel timers to fit the state after the commit; return how many cancels failed.

    Of effects that outdo each other within one commit only the last one counts: an item that was
    started and cancelled in it never had a timer. It is the turn that tells a timer from another
    one of the item; a run may remember an exit after its timer was to start, and keeps that timer.
    """
    for effect in effects:
        if isinstance(effect, StartTimer) and _is_in_its_turn(effect, after):
            timers.ensure(effect.item, now)
    needless = [
        e.item for e in effects if isinstance(e, CancelTimer) and _is_in_its_turn(e, before)
    ]
    return sum(not timers.cancel(item) for item in needless)


def _is_in_its_turn(effect: StartTimer | CancelTimer, state: UserState) -> bool:
    known = state.pending.get(effect.item.id)
    return known is not None and known.turn == effect.item.turn


def repeat(markers: Iterable[Marker], state: UserState, timers: Timers, now: datetime) -> None:
    """Ensure the timers of what is still waiting of the items that these markers tell of."""
    for marker in markers:
        for name in marker.items:
            item = state.pending.get(name)
            if item is not None and item.status is DueStatus.WAITING:
                timers.ensure(item, now)


def started(effects: Iterable[Effect]) -> tuple[str, ...]:
    """Return the ids of the items for which a timer is to be started."""
    return tuple(effect.item.id for effect in effects if isinstance(effect, StartTimer))


def count_records(records: Iterable[Record]) -> dict[str, int]:
    """Return how many records there are by outcome, and of those that came too late."""
    counts: dict[str, int] = {}
    for record in records:
        if record.moved_by:  # it is scheduled already
            continue
        counts[record.outcome.value] = counts.get(record.outcome.value, 0) + 1
        if record.reason == "too_late":
            counts["too_late"] = counts.get("too_late", 0) + 1
    return counts
