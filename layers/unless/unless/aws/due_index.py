"""
The index `due`: which items are overdue, which a pause has parked, and how many wait.

The index follows the table with a short delay, and holds no more than keys and the definition: what
is found here is looked at again, consistently, before anything is done about it.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from unless.app.ports import Waiting
from unless.aws.batches import get_all
from unless.aws.clients import Clients
from unless.aws.errors import aws_errors
from unless.aws.items import (
    DUE,
    SHARDS,
    Item,
    due_item_of,
    parked_shard,
    sortable,
    user_key,
)
from unless.engine.model import DueItem

INDEX = "due"

USER = "USER#"
"""What the partition key of a user begins with."""

PAGE_ENTRIES_MAX = 1_000
"""
Entries of one page of each shard where nothing is sorted out: about 150 KB, while 16 pages of 1 MB
at a time, the most that DynamoDB gives, would be 100 MB of Python objects.
"""

BEFORE_ALL, AFTER_ALL = "0", "~"
"""Texts that sort before and after every instant."""


class DynamoDueIndex:
    """`unless.app.ports.DueIndex` on the sparse index of the table."""

    def __init__(self, clients: Clients, table: str) -> None:
        """Use this table's index; no call is made yet."""
        self._clients = clients
        self._table = table

    def overdue(self, before: datetime) -> Iterator[Waiting]:
        """
        Yield the items that were due before that instant, the oldest first, read page by page.
        """
        shards = [self._shard(f"DUE#{number}", before) for number in range(SHARDS)]
        return heapq.merge(*shards)

    def parked(self, definition: str) -> Iterator[Waiting]:
        """Yield the items of the definition that a pause has parked, the oldest first."""
        return self._shard(parked_shard(definition), None)

    def between(
        self,
        first: datetime | None,
        last: datetime | None,
        *,
        definition: str | None = None,
        parked: Iterable[str] = (),
    ) -> Iterator[Waiting]:
        """
        Yield the items due from `first` to `last`, both included, the oldest first, page by page.

        Of one definition if it is given; with what a pause has parked of those in `parked`.
        """
        names = [f"DUE#{number}" for number in range(SHARDS)] + [*map(parked_shard, parked)]
        request = _range(first, last)
        if definition is None:
            request["Limit"] = PAGE_ENTRIES_MAX
        else:
            request["FilterExpression"] = "#definition = :definition"
            request["ExpressionAttributeNames"] = {"#definition": "definition"}
            request["ExpressionAttributeValues"][":definition"] = {"S": definition}
        return heapq.merge(*[self._entries(_on_shard(request, name)) for name in names])

    def items(self, entries: Sequence[Waiting]) -> list[DueItem]:
        """
        Return these items as they are now, consistently, by due time; those that have ended are
        left out.

        Raises:
            TransientError: the table did not give all of them, after several rounds.
        """
        keys = {(entry.user, entry.item): _key(entry) for entry in entries}
        found = get_all(self._clients, self._table, keys.values())
        items = [due_item_of(each, each["PK"]["S"].removeprefix(USER)) for each in found]
        return sorted(items, key=lambda item: (item.due, item.user, item.id))

    def count(self) -> Counter[str]:
        """Return how many wait, by definition: a scan of the index, for people who operate."""
        counts: Counter[str] = Counter()
        # `definition` is one of DynamoDB's reserved words.
        names = {"#definition": "definition"}
        request = {"ProjectionExpression": "#definition", "ExpressionAttributeNames": names}
        for item in self._pages("scan", request):
            counts[item["definition"]["S"]] += 1
        return counts

    def _shard(self, shard: str, before: datetime | None) -> Iterator[Waiting]:
        condition, values = "due_shard = :shard", {":shard": {"S": shard}}
        if before is not None:
            condition += " AND due_at < :before"
            values[":before"] = {"S": sortable(before)}
        request = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}
        return self._entries(request)

    def _entries(self, request: dict[str, Any]) -> Iterator[Waiting]:
        for item in self._pages("query", request):
            yield Waiting(
                due=datetime.fromisoformat(item["due_at"]["S"]),
                user=item["PK"]["S"].removeprefix(USER),
                item=item["SK"]["S"].removeprefix(DUE),
                definition=item["definition"]["S"],
            )

    def _pages(self, operation: str, request: dict[str, Any]) -> Iterator[Item]:
        request = {"TableName": self._table, "IndexName": INDEX, **request}
        while True:
            with aws_errors("read the index of what is due"):
                page = getattr(self._clients.get("dynamodb"), operation)(**request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _range(first: datetime | None, last: datetime | None) -> dict[str, Any]:
    """Return the request for what is due in a range, on a shard that is still to be named."""
    values = {
        ":first": {"S": sortable(first) if first else BEFORE_ALL},
        ":last": {"S": sortable(last) if last else AFTER_ALL},
    }
    condition = "due_shard = :shard AND due_at BETWEEN :first AND :last"
    return {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}


def _on_shard(request: dict[str, Any], shard: str) -> dict[str, Any]:
    values = {**request["ExpressionAttributeValues"], ":shard": {"S": shard}}
    return {**request, "ExpressionAttributeValues": values}


def _key(entry: Waiting) -> Item:
    return user_key(entry.user, DUE + entry.item)
