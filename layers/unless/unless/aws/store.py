"""
The users in DynamoDB: read with one Query, changed by one transaction under one lock.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from unless.app.errors import TransientError
from unless.app.ports import COMMIT_ITEMS_MAX, AlreadyApplied, Committed, Conflict, Loaded
from unless.aws.batches import delete_all
from unless.aws.change import Change, is_marker, is_state
from unless.aws.clients import Clients
from unless.aws.errors import aws_errors, code_of
from unless.aws.item_json import Excerpt
from unless.aws.items import (
    MARKER,
    PREFIX,
    PREFIXES_OUTSIDE,
    STATE,
    Item,
    body_key,
    due_item_of,
    marker_of,
    sortable,
    unpack,
    user_key,
)
from unless.aws.state_json import state_from_json
from unless.aws.unfinished import (
    as_if_finished,
    mark_unfinished,
    unfinished_items,
    write_action,
)
from unless.engine.decision import Marker
from unless.engine.model import DueItem, UserState

LOST_RACES = frozenset({"TransactionConflictException", "TransactionInProgressException"})
"""
Codes that say that somebody else was writing at the same moment. It is no duplicate: read again.

Also the rare retry of our own request that meets the first one still at work: what it will have
written, the next read or its `rev` shows.
"""


LOAD_TRIES_MAX = 3
"""How often a user is read anew because somebody else finished first what was unfinished."""


class DynamoStore:
    """`unless.app.ports.Store` on one table."""

    def __init__(self, clients: Clients, table: str) -> None:
        """Use this table; no call is made yet."""
        self._clients = clients
        self._table = table

    def load(self, user: str) -> Loaded:
        """
        Return the user, by one strongly consistent Query for each MiB.

        Raises:
            TransientError: others change the user all the time while something is unfinished.
        """
        for _ in range(LOAD_TRIES_MAX):
            items = {item["SK"]["S"]: item for item in self._query(user, PREFIX)}
            head = items.pop(STATE, None)
            if head is None:
                return Loaded(UserState(user), 0)
            rev, unfinished = int(head["rev"]["N"]), unfinished_items(head, user)
            if self._finish(user, rev, unfinished):
                rest = as_if_finished(items, unfinished)
                due = [due_item_of(item, user) for item in rest.values()]
                pending = {each.id: each for each in due}
                return Loaded(state_from_json(unpack(head["data"]), user, pending), rev)
        raise TransientError(f"read a user: changed {LOAD_TRIES_MAX} times meanwhile")

    def commit(
        self, before: Loaded, after: UserState, markers: Sequence[Marker], now: datetime
    ) -> Committed | Conflict | AlreadyApplied:
        """
        Write the difference and the markers, all or nothing; without either make no call.

        A change of more than COMMIT_ITEMS_MAX items is still one transaction: what has no place in
        it is written with the state, counts for every reader from then on, and is put in its own
        place right after.
        """
        change = Change.between(self._table, before, after, markers, now)
        actions, unfinished = change.actions()
        if not actions:
            return Committed(change.read_rev)
        with aws_errors("write a user"):
            refused = self._put_alone(actions[0]) if len(actions) == 1 else self._transact(actions)
        if refused is not None:
            return refused
        rev = change.read_rev + (1 if is_state(actions[0]) else 0)
        self._finish(change.user, rev, unfinished)
        return Committed(rev)

    def _transact(self, actions: list[dict[str, Any]]) -> Conflict | AlreadyApplied | None:
        """Write all or nothing; botocore's token lets it repeat the request without harm."""
        try:
            self._clients.get("dynamodb").transact_write_items(TransactItems=actions)
        except ClientError as error:
            if code_of(error) in LOST_RACES:
                return Conflict()
            if code_of(error) != "TransactionCanceledException":
                raise
            return _refusal(actions, error.response.get("CancellationReasons", ()))
        return None

    def _put_alone(self, action: Mapping[str, Any]) -> Conflict | AlreadyApplied | None:
        """
        Write one item, which costs half of a transaction.

        botocore repeats a request whose answer was lost, and the repetition then fails on its own
        first success: what is stored is compared with what was to be stored. An equal marker needs
        no comparison, because what follows from a marker is the same whoever wrote it.
        """
        put = action["Put"]
        try:
            self._clients.get("dynamodb").put_item(**put)
        except ClientError as error:
            if code_of(error) in LOST_RACES:
                return Conflict()
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            key = {name: put["Item"][name] for name in ("PK", "SK")}
            stored = error.response.get("Item") or self._get(key)
            if stored and is_marker(action):
                return AlreadyApplied((marker_of(stored),))
            return None if stored == put["Item"] else Conflict()
        return None

    def marker(self, user: str, marker_id: str, now: datetime) -> Marker | None:
        """Return the marker of that id if it exists and has not expired at `now`."""
        item = self._get(user_key(user, MARKER + marker_id))
        return None if item is None or _is_over(item, now) else marker_of(item)

    def markers_of(self, user: str, item: str, now: datetime) -> tuple[Marker, ...]:
        """
        Return the markers whose ids begin with the due item's and which have not expired at `now`.
        """
        found = self._query(user, MARKER + item)
        return tuple(marker_of(each) for each in found if not _is_over(each, now))

    def properties(self, item: DueItem) -> Mapping[str, Any]:
        """
        Return all trigger properties, of large ones by one read; all that is left after years.
        """
        if not isinstance(item.properties, Excerpt):
            return item.properties
        body = self._get(user_key(item.user, body_key(item)))
        if body is None or "data" not in body:
            return item.properties
        whole: Mapping[str, Any] = json.loads(unpack(body["data"]))
        return whole

    def erase(self, user: str, before: datetime) -> int:
        """
        Delete everything beside the state that is not younger than `before`; return how many
        items.
        """
        keys = [
            user_key(user, item["SK"]["S"])
            for prefix in PREFIXES_OUTSIDE
            for item in self._query(user, prefix)
            if item["at"]["S"] <= sortable(before)
        ]
        delete_all(self._clients, self._table, keys)
        return len(keys)

    def _finish(self, user: str, rev: int, unfinished: Sequence[Item]) -> bool:
        """
        Put in its place what a commit to this `rev` had no room for; return whether it was still
        to be done, and not by now by somebody else.
        """
        for start in range(0, len(unfinished), COMMIT_ITEMS_MAX - 1):
            end = start + COMMIT_ITEMS_MAX - 1
            actions = [
                mark_unfinished(self._table, user, rev, unfinished[end:]),
                *(write_action(self._table, item) for item in unfinished[start:end]),
            ]
            with aws_errors("finish a change of a user"):
                if self._transact(actions) is not None:
                    return False
        return True

    def _query(self, user: str, prefix: str) -> Iterable[Item]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "PK = :user AND begins_with(SK, :prefix)",
            "ExpressionAttributeValues": {":user": {"S": f"USER#{user}"}, ":prefix": {"S": prefix}},
            "ConsistentRead": True,
        }
        while True:
            with aws_errors("read a user"):
                page = self._clients.get("dynamodb").query(**request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _get(self, key: Item) -> Item | None:
        with aws_errors("read a user"):
            answer = self._clients.get("dynamodb").get_item(
                TableName=self._table, Key=key, ConsistentRead=True
            )
        item: Item | None = answer.get("Item")
        return item


def _is_over(marker: Item, now: datetime) -> bool:
    return int(marker["ttl"]["N"]) <= now.timestamp()


def _refusal(
    actions: Sequence[Mapping[str, Any]], reasons: Sequence[Mapping[str, Any]]
) -> Conflict | AlreadyApplied:
    """
    Return why a transaction wrote nothing: one reason for each action, in the same order.

    Raises:
        TransientError: neither a marker nor the lock nor a race was the cause.
    """
    known = tuple(
        marker_of(reason["Item"])
        for action, reason in zip(actions, reasons, strict=False)
        if reason.get("Code") == "ConditionalCheckFailed" and is_marker(action) and "Item" in reason
    )
    if known:
        return AlreadyApplied(known)
    codes = {str(reason.get("Code", "None")) for reason in reasons} - {"None"}
    if codes and codes <= {"ConditionalCheckFailed", "TransactionConflict"}:
        return Conflict()
    raise TransientError(
        f"write a user: transaction cancelled: {', '.join(sorted(codes)) or 'why?'}"
    )
