"""
An event judged now: against the live definitions and what is known of the user; nothing is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unless.app.ports import DefinitionsSource, Store
from unless.engine.decision import Marker
from unless.engine.definitions import Definitions
from unless.engine.explaining import Explained, explain
from unless.engine.model import UserEvent, UserState
from unless.events.forms import is_envelope
from unless.events.intake import parse_row
from unless.events.rejection import Rejected

NO_ID = "asked-about"
"""The id of an event that is written without one: it is asked about, and never arrived."""


@dataclass(frozen=True, slots=True)
class OtherUser:
    """The event names another user than the one asked about."""

    user: str


@dataclass(frozen=True, slots=True)
class Judged:
    """
    What one event would do if it arrived now, at the instant `now`, UTC.

    `known` says whether anything was ever known of the user. `applied` is the memory, kept 16 days,
    of an event of this id that arrived before: the same event again does nothing, and what did
    follow stands in its records. `explained` is then what it would do under another id.
    """

    event: UserEvent
    now: datetime
    known: bool
    applied: Marker | None
    explained: Explained
    state: UserState
    definitions: Definitions


class Explain:
    """Tells what an event would do."""

    def __init__(
        self, *, store: Store, definitions: DefinitionsSource, clock: Callable[[], datetime]
    ) -> None:
        """Read from these ports; `clock` returns the time now, aware, UTC."""
        self._store = store
        self._definitions = definitions
        self._clock = clock

    def event(self, user: str, row: Mapping[str, Any]) -> Judged | Rejected | OtherUser:
        """
        Return what the event would do, or why it can never be understood, or whose it is.

        `row` is the object as it stands in a file of events, in either form; without a user it is
        this one's, without an id it is a new event, without a time it happens now.

        Raises:
            TransientError, ConfigurationError: the tables cannot be read.
        """
        now = self._clock()
        event = parse_row(_with_user(row, user), now, NO_ID)
        if isinstance(event, Rejected):
            return event
        if event.user != user:
            return OtherUser(event.user)
        loaded = self._store.load(user)
        fresh = self._definitions.fresh(now)
        definitions = self._definitions.covering(fresh, loaded.state)
        has_id = event.id != NO_ID
        return Judged(
            event=event,
            now=now,
            known=loaded.rev > 0,
            applied=self._store.marker(user, event.id, now) if has_id else None,
            explained=explain(loaded.state, event, definitions, now),
            state=loaded.state,
            definitions=definitions,
        )


def _with_user(row: Mapping[str, Any], user: str) -> Mapping[str, Any]:
    """Return the row, of this user if it names none."""
    if not is_envelope(row):
        return row if row.get("user") is not None else {**row, "user": user}
    detail = row.get("detail", {})
    if not isinstance(detail, Mapping) or detail.get("user_id") is not None:
        return row
    return {**row, "detail": {**detail, "user_id": user}}
