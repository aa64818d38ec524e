"""
What is understood of a broken message has to survive everything that comes after: be decided,
stored, read again, written to the ledger and sent.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from unless.aws.items import due_item, due_item_of, marker_item, marker_of
from unless.aws.record_json import record_to_json
from unless.aws.state_json import state_from_json, state_to_json
from unless.engine.decide import decide
from unless.engine.decision import Answer, Decision, Dispatch, Dispatched, DueNotice, Marker
from unless.engine.definitions import Definitions
from unless.engine.model import Attribute, UserEvent, UserState
from unless.events.json_text import compact
from unless.events.limits import EVENT_BYTES_MAX, NAME_CHARACTERS_MAX
from unless.sim.proof.malformed.definitions import nasty_definitions

TURNS_MAX = 80
"""Timers that are let ring after one event: those of 24 campaigns and a journey, and then some."""


def unsound(event: UserEvent, arrived: datetime) -> Iterator[str]:
    """Yield what is wrong with an event that was understood: everything within the limits."""
    if not event.time <= event.arrived == arrived or event.time.tzinfo is not UTC:
        yield f"the time {event.time} is after the arrival or not UTC"
    for text in (event.user, event.name, event.id):
        if not 1 <= len(text) <= NAME_CHARACTERS_MAX:
            yield f"a text of {len(text)} characters"
        text.encode()
    parts = {"p": dict(event.properties), "a": dict(event.attributes)}
    if len(compact(parts, finite=True).encode()) > EVENT_BYTES_MAX:
        yield "larger than an event may be"


def lived_through(event: UserEvent, seen: Counter[str]) -> Iterator[str]:
    """
    Yield what goes wrong with the event and all that follows from it; count that in `seen`.

    Whatever is raised on the way is wrong, too, and for the caller to catch.
    """
    definitions = nasty_definitions()
    now = event.arrived
    state = _somebody(event.user)
    decision = decide(state, event, definitions, now)
    yield from _unwritable(decision, event, now)
    yield from _rung(decision.state, definitions, seen)
    again = UserEvent(
        id=f"{event.id}."[-NAME_CHARACTERS_MAX:],
        user=event.user,
        name="checkout",
        time=now,
        arrived=now + timedelta(minutes=1),
        properties=event.properties,
        root=event.id,
    )
    yield from _unwritable(decide(decision.state, again, definitions, again.arrived), again, now)


def _somebody(user: str) -> UserState:
    known = datetime(2026, 1, 1, tzinfo=UTC)
    attributes = {"email": "before@example.test", "country": "BE", "phone": "+3360"}
    return UserState(user, attributes={n: Attribute(v, known) for n, v in attributes.items()})


def _rung(state: UserState, definitions: Definitions, seen: Counter[str]) -> Iterator[str]:
    """Let every timer ring at its time, and the channel answer, until nothing waits."""
    for _ in range(TURNS_MAX):
        item = min(state.pending.values(), key=lambda i: (i.due, i.order), default=None)
        if item is None:
            return
        notice = DueNotice(state.user, item.id, item.turn)
        decision = decide(state, notice, definitions, item.due)
        if decision.state is state:
            yield f"{item.definition} rings for ever"
            return
        yield from _unwritable(decision, None, item.due)
        state = decision.state
        for effect in decision.effects:
            if isinstance(effect, Dispatch):
                repr(effect.content).encode()
                seen["messages written and sent"] += 1
                answer = Dispatched(state.user, effect.item.id, Answer.ACCEPTED)
                state = decide(state, answer, definitions, item.due).state


def _unwritable(decision: Decision, event: UserEvent | None, now: datetime) -> Iterator[str]:
    """Yield what the table and the ledger could not keep as it is."""
    state = decision.state
    if state_from_json(state_to_json(state), state.user, state.pending) != state:
        yield "the state is another one once it was stored"
    state_to_json(state).encode()
    items = state.pending.values() if event is not None else ()
    for item in items:
        if due_item_of(due_item(item, now), item.user).due != item.due:
            yield f"{item.definition}: the due item is another one once it was stored"
    for record in decision.records:
        json.dumps(record_to_json(record), allow_nan=False, ensure_ascii=False).encode()
    if event is not None:
        marker = Marker(event.id, now, (), decision.records, decision.derived)
        if marker_of(marker_item(event.user, marker)).id != event.id:
            yield "the marker is another one once it was stored"
