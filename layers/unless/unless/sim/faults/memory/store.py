"""
The users in memory: one lock a user, markers that expire, all or nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from unless.app.ports import AlreadyApplied, Committed, Conflict, Loaded
from unless.engine.decision import Marker
from unless.engine.fold import ID_MEMORY
from unless.engine.model import DueItem, UserState

type Changed = Callable[[Loaded, Loaded], None]
"""Is told of each change of a user: what it was, and what it is now."""


def _nobody(_before: Loaded, _after: Loaded) -> None:
    pass


class MemoryStore:
    """`unless.app.ports.Store` on dictionaries; every answer is consistent."""

    def __init__(self, changed: Changed = _nobody) -> None:
        """Begin with no user; `changed` is told of every change, as an index is."""
        self.users: dict[str, Loaded] = {}
        self.markers: dict[str, dict[str, Marker]] = {}
        self._changed = changed

    def load(self, user: str) -> Loaded:
        """Return the user; an unknown one is an empty state at rev 0."""
        return self.users.get(user) or Loaded(UserState(user), 0)

    def commit(
        self, before: Loaded, after: UserState, markers: Sequence[Marker], now: datetime
    ) -> Committed | Conflict | AlreadyApplied:
        """Write state and markers, all or nothing; without either do nothing."""
        touches = after is not before.state
        if not touches and not markers:
            return Committed(before.rev)
        known = tuple(
            there for m in markers if (there := self.marker(after.user, m.id, now)) is not None
        )
        if known:
            return AlreadyApplied(known)
        if touches and self.load(after.user).rev != before.rev:
            return Conflict()
        for marker in markers:
            self.markers.setdefault(after.user, {})[marker.id] = marker
        return Committed(self.put(after, before.rev) if touches else before.rev)

    def put(self, after: UserState, read_rev: int) -> int:
        """Replace the user by this state, whatever it is now; return the new `rev`."""
        now = Loaded(after, read_rev + 1)
        was, self.users[after.user] = self.load(after.user), now
        self._changed(was, now)
        return now.rev

    def marker(self, user: str, marker_id: str, now: datetime) -> Marker | None:
        """Return the marker of that id if it exists and has not expired at `now`."""
        marker = self.markers.get(user, {}).get(marker_id)
        return None if marker is None or _is_over(marker, now) else marker

    def markers_of(self, user: str, item: str, now: datetime) -> tuple[Marker, ...]:
        """Return the markers whose ids begin with the item's and which have not expired."""
        found = sorted(self.markers.get(user, {}).items())
        return tuple(m for name, m in found if name.startswith(item) and not _is_over(m, now))

    def properties(self, item: DueItem) -> Mapping[str, Any]:
        """Return all trigger properties of the item."""
        return item.properties

    def erase(self, user: str, before: datetime) -> int:
        """Delete the user's markers that are not younger than `before`; return how many."""
        markers = self.markers.get(user, {})
        gone = [name for name, marker in markers.items() if marker.at <= before]
        for name in gone:
            del markers[name]
        return len(gone)


def _is_over(marker: Marker, now: datetime) -> bool:
    """Whether the marker has expired: to the second, rounded up, as TTL counts."""
    end = marker.at + ID_MEMORY
    whole = end.replace(microsecond=0)
    return now >= (whole if whole == end else whole + timedelta(seconds=1))
