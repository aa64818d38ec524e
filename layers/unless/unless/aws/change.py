"""
What a commit writes: the difference between a user before and after, as items.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from unless.app.ports import COMMIT_ITEMS_MAX, Loaded
from unless.aws.items import (
    MARKER,
    SEND,
    STATE,
    Item,
    body_item,
    body_key,
    epoch,
    marker_item,
    send_item,
    state_item,
    user_key,
)
from unless.aws.send_json import is_large
from unless.aws.state_json import state_to_json
from unless.engine.decision import Marker
from unless.engine.model import PendingSend, UserState

UNSEEN = "attribute_not_exists(rev)"
"""Nobody has written this user yet: `before` was an empty state at rev 0."""

UNCHANGED = "rev = :read"
"""Nobody has written this user since `before` was read: every change of a user raises `rev`."""

NOT_KNOWN = "attribute_not_exists(PK) OR #ttl <= :now"
"""
The event was not applied yet, or so long ago that its id is another event's.

Expiry is judged here, because DynamoDB deletes what has expired only within days.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """
    The difference to write for one user.

    `moved` are pending sends that were there before and are now otherwise, `started` new ones,
    `gone` the ids of sends that have ended.
    """

    table: str
    user: str
    read_rev: int
    before: UserState
    after: UserState
    markers: tuple[Marker, ...]
    now: datetime
    moved: tuple[PendingSend, ...] = ()
    started: tuple[PendingSend, ...] = ()
    gone: tuple[str, ...] = ()

    @classmethod
    def between(
        cls, table: str, before: Loaded, after: UserState, markers: Sequence[Marker], now: datetime
    ) -> "Change":
        """Return the difference between a user as read and as decided."""
        was, will = before.state.pending, after.pending
        return cls(
            table=table,
            user=after.user,
            read_rev=before.rev,
            before=before.state,
            after=after,
            markers=tuple(markers),
            now=now,
            moved=tuple(s for key, s in will.items() if key in was and was[key] != s),
            started=tuple(s for key, s in will.items() if key not in was),
            gone=tuple(key for key in was if key not in will),
        )

    @property
    def touches_user(self) -> bool:
        """Whether anything but markers is to be written: `decide` returns the same state if not."""
        return self.after is not self.before

    def split(self, size: int) -> tuple["Change", "Change"]:
        """
        Return a change of the first `size` moved sends alone, and the rest to be written after it.

        Only moved sends may go ahead: to decide again what moves them moves them to the same
        place. The state, the markers and what they tell of go in one transaction, whatever happens
        in between.
        """
        first, rest = self.moved[:size], self.moved[size:]
        between = {**self.before.pending, **{send.id: send for send in first}}
        halfway = replace(self.before, pending=between)
        ahead = replace(self, after=halfway, markers=(), moved=first, started=(), gone=())
        behind = replace(self, before=halfway, read_rev=self.read_rev + 1, moved=rest)
        return ahead, behind

    def actions(self) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
        """
        Return the actions of the transaction, the state's first and then the markers', and the
        ended sends for whose deletion it has no room.
        """
        puts = [self._put(item) for item in self._puts()]
        room = COMMIT_ITEMS_MAX - 1 - len(self.markers) - len(puts)
        deleted, leftover = self.gone[: max(room, 0)], self.gone[max(room, 0) :]
        deletes = [
            {"Delete": {"TableName": self.table, "Key": user_key(self.user, SEND + key)}}
            for key in deleted
        ]
        actions = [self.put_marker(marker) for marker in self.markers] + puts + deletes
        return [self.put_state(leftover), *actions] if self.touches_user else actions, leftover

    def put_state(self, leftover: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the guarded write of the state, which every other write of the user hangs on."""
        item = state_item(self.user, state_to_json(self.after), self.read_rev + 1, leftover)
        seen = self.read_rev > 0
        values: Item = {":read": {"N": str(self.read_rev)}} if seen else {}
        return self._put(item, UNCHANGED if seen else UNSEEN, values)

    def put_marker(self, marker: Marker) -> dict[str, Any]:
        """Return the write of a marker, which fails if the event was applied before."""
        put = self._put(marker_item(self.user, marker), NOT_KNOWN, {":now": epoch(self.now)})
        put["Put"]["ExpressionAttributeNames"] = {"#ttl": "ttl"}
        return put

    def _puts(self) -> Iterator[Item]:
        """
        Yield the sends' items, and of large properties one item for all the sends of an event.
        """
        bodies: dict[str, tuple[PendingSend, datetime]] = {}
        for send in (*self.moved, *self.started):
            yield send_item(send)
            if is_large(send.properties):
                key = body_key(send)["SK"]["S"]
                _, until = bodies.get(key, (send, send.due))
                bodies[key] = send, max(until, send.due)
        for send, until in bodies.values():
            yield body_item(send, until, self.now)

    def _put(
        self, item: Item, condition: str = "", values: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        put: dict[str, Any] = {"TableName": self.table, "Item": item}
        if condition:
            put["ConditionExpression"] = condition
            put["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        if values:
            put["ExpressionAttributeValues"] = dict(values)
        return {"Put": put}


def is_state(action: Mapping[str, Any]) -> bool:
    """Whether the action writes the state."""
    return bool(action["Put"]["Item"]["SK"]["S"] == STATE) if "Put" in action else False


def is_marker(action: Mapping[str, Any]) -> bool:
    """Whether the action writes a marker."""
    return "Put" in action and str(action["Put"]["Item"]["SK"]["S"]).startswith(MARKER)
