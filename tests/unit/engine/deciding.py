"""What the tests of `decide` share: one campaign, one user, a clock in seconds after its start."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from unless.definitions.checks import check
from unless.definitions.documents import Document
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY, Snapshot
from unless.engine.decide import decide
from unless.engine.decision import Answer, Decision, Dispatched, DueNotice
from unless.engine.definitions import Definitions, compile_definitions
from unless.engine.model import DueItem, UserEvent, UserState

START = datetime(2026, 2, 2, 10, tzinfo=UTC)
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Return the instant that many seconds after the start."""
    return START + timedelta(seconds=seconds)


def published(*documents: Mapping[str, Any]) -> Snapshot:
    """Return a snapshot of these documents, live since ever."""
    checked = check([Document(document) for document in documents])
    assert checked.ok, checked.issues
    return publish(EMPTY, checked, START, launch_default=LONG_AGO)[0]


def defined(*documents: Mapping[str, Any]) -> Definitions:
    """Return these documents, compiled."""
    return compile_definitions(published(*documents))


def event(name: str, seconds: float = 0, event_id: str = "", **more: Any) -> UserEvent:
    """Return an event of the user u that happened then and arrived at once."""
    name_id = event_id or f"{name}-{seconds}"
    fields = {"time": at(seconds), "arrived": at(seconds), "root": name_id, **more}
    return UserEvent(id=name_id, user="u", name=name, **fields)


def after(*inputs: tuple[float, UserEvent], definitions: Definitions) -> UserState:
    """Return the state of a user to whom all this happened, each at its second."""
    state = UserState("u")
    for seconds, what in inputs:
        state = decide(state, what, definitions, at(seconds)).state
    return state


def only(state: UserState) -> DueItem:
    """Return the one pending send or run."""
    (item,) = state.pending.values()
    return item


def ring(
    state: UserState, seconds: float, definitions: Definitions, turn: int | None = None
) -> Decision:
    """Return what follows when the timer of the one pending send or run rings then."""
    item = only(state)
    notice = DueNotice("u", item.id, item.turn if turn is None else turn)
    return decide(state, notice, definitions, at(seconds))


def answer(
    state: UserState, seconds: float, definitions: Definitions, said: Answer = Answer.ACCEPTED
) -> Decision:
    """Return what follows from the channel's answer to the one claimed item."""
    return decide(state, Dispatched("u", only(state).id, said), definitions, at(seconds))
