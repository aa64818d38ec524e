"""
The index `due`: which items are overdue, which a pause has parked, and how many wait.

The index follows the table with a short delay, and holds no more than keys and the definition: what
is found here is looked at again, consistently, before anything is done about it.
"""

import heapq
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from unless.app.ports import Waiting
from unless.aws.clients import Clients
from unless.aws.errors import aws_errors
from unless.aws.items import DUE, SHARDS, Item, parked_shard, sortable

INDEX = "due"


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
        for item in self._pages("query", request):
            yield Waiting(
                due=datetime.fromisoformat(item["due_at"]["S"]),
                user=item["PK"]["S"].removeprefix("USER#"),
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
