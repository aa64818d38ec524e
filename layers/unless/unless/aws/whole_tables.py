"""
Everything that is on record and everything that is due, read page by page, for the audit.

A scan costs read units for all that is there: 0.5 for each 4 KiB, eventually consistent
(DynamoDB Developer Guide, "Read and write operations", read 2026-11).
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from unless.app.ports import Waiting
from unless.aws.clients import Clients
from unless.aws.due_index import INDEX
from unless.aws.errors import aws_errors
from unless.aws.items import DUE, Item, unpack
from unless.aws.record_json import record_from_json
from unless.engine.records import Record


class WholeLedger:
    """`unless.app.audit.ScannableLedger` on the table of decision records."""

    def __init__(self, clients: Clients, table: str) -> None:
        """Use this table; no call is made yet."""
        self._clients = clients
        self._table = table

    def scan(self, now: datetime) -> Iterator[Record]:
        """
        Yield every record that has not expired at `now`, those of one user one after the other.

        Expired ones stay for some days until TTL deletes them (DynamoDB Developer Guide, "Using
        time to live", read 2026-11).
        """
        request = {
            "TableName": self._table,
            "FilterExpression": "#ttl > :now",
            "ProjectionExpression": "#data",
            "ExpressionAttributeNames": {"#ttl": "ttl", "#data": "data"},  # reserved words
            "ExpressionAttributeValues": {":now": {"N": str(int(now.timestamp()))}},
        }
        for item in _pages(self._clients, "scan", request):
            yield _record(item)

    def read_consistently(self, user: str) -> Iterator[Record]:
        """Yield the user's records, with all that was written before the call, the oldest first."""
        request = {
            "TableName": self._table,
            "KeyConditionExpression": "PK = :user",
            "ExpressionAttributeValues": {":user": {"S": f"USER#{user}"}},
            "ConsistentRead": True,
        }
        for item in _pages(self._clients, "query", request):
            yield _record(item)


class WholeDueIndex:
    """`unless.app.audit.ScannableIndex` on the sparse index of the table of users."""

    def __init__(self, clients: Clients, table: str) -> None:
        """Use this table's index; no call is made yet."""
        self._clients = clients
        self._table = table

    def scan(self) -> Iterator[Waiting]:
        """Yield every due item, also what a pause has parked, perhaps a moment old."""
        for item in _pages(self._clients, "scan", {"TableName": self._table, "IndexName": INDEX}):
            yield Waiting(
                due=datetime.fromisoformat(item["due_at"]["S"]),
                user=item["PK"]["S"].removeprefix("USER#"),
                item=item["SK"]["S"].removeprefix(DUE),
                definition=item["definition"]["S"],
            )


def _record(item: Item) -> Record:
    return record_from_json(json.loads(unpack(item["data"])))


def _pages(clients: Clients, operation: str, request: dict[str, Any]) -> Iterator[Item]:
    request = dict(request)
    while True:
        with aws_errors("read a whole table"):
            page = getattr(clients.get("dynamodb"), operation)(**request)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
