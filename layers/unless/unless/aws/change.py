"""
What a commit writes: the difference between a user before and after, as items.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unless.app.ports import COMMIT_ITEMS_MAX, Loaded
from unless.aws.bodies import moved_ends, new_bodies
from unless.aws.items import (
    DUE,
    MARKER,
    STATE,
    Item,
    due_item,
    epoch,
    marker_item,
    state_item,
    user_key,
)
from unless.aws.state_json import state_to_json
from unless.aws.unfinished import ATTRIBUTE, unfinished_value, write_action
from unless.engine.decision import Marker
from unless.engine.model import DueItem, UserState

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

    `moved` are due items that were there before and are now otherwise, `started` new ones, `gone`
    those that have ended.
    """

    table: str
    user: str
    read_rev: int
    before: UserState
    after: UserState
    markers: tuple[Marker, ...]
    now: datetime
    moved: tuple[DueItem, ...] = ()
    started: tuple[DueItem, ...] = ()
    gone: tuple[DueItem, ...] = ()

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
            moved=tuple(due for key, due in will.items() if key in was and was[key] != due),
            started=tuple(due for key, due in will.items() if key not in was),
            gone=tuple(due for key, due in was.items() if key not in will),
        )

    @property
    def touches_user(self) -> bool:
        """Whether anything but markers is to be written: `decide` returns the same state if not."""
        return self.after is not self.before

    def actions(self) -> tuple[list[dict[str, Any]], tuple[Item, ...]]:
        """
        Return the actions of the transaction, the state's first and then the markers', and what it
        has no room for, which is written with the state and has to be put in its place next.
        """
        markers = [self.put_marker(marker) for marker in self.markers]
        if not self.touches_user:
            return markers, ()
        bodies = new_bodies(self.after, self.started, self.now)
        items = self._due_items()
        room = max(COMMIT_ITEMS_MAX - 1 - len(markers) - len(bodies), 0)
        unfinished = tuple(items[room:])
        writes = [write_action(self.table, item) for item in (*bodies, *items[:room])]
        return [self.put_state(unfinished), *markers, *writes], unfinished

    def put_state(self, unfinished: Sequence[Item] = ()) -> dict[str, Any]:
        """Return the guarded write of the state, which every other write of the user hangs on."""
        item = state_item(self.user, state_to_json(self.after), self.read_rev + 1)
        if unfinished:
            item[ATTRIBUTE] = unfinished_value(unfinished)
        seen = self.read_rev > 0
        values: Item = {":read": {"N": str(self.read_rev)}} if seen else {}
        return self._put(item, UNCHANGED if seen else UNSEEN, values)

    def put_marker(self, marker: Marker) -> dict[str, Any]:
        """Return the write of a marker, which fails if the event was applied before."""
        put = self._put(marker_item(self.user, marker), NOT_KNOWN, {":now": epoch(self.now)})
        put["Put"]["ExpressionAttributeNames"] = {"#ttl": "ttl"}
        return put

    def _due_items(self) -> list[Item]:
        """
        Return what is to be written for due items; those that wait for their timers come first.
        """
        changed = (*self.moved, *self.gone)
        return [
            *(due_item(due, self.now) for due in (*self.started, *self.moved)),
            *moved_ends(self.before, self.after, changed, self.now),
            *(user_key(self.user, DUE + due.id) for due in self.gone),
        ]

    def _put(self, item: Item, condition: str, values: Mapping[str, Any]) -> dict[str, Any]:
        put: dict[str, Any] = {"TableName": self.table, "Item": item}
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
