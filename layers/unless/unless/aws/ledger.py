"""
The decision records, in a table of their own: one item a record, the newest last.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from unless.aws.batches import delete_all, put_all
from unless.aws.clients import Clients
from unless.aws.errors import aws_errors
from unless.aws.items import Item, epoch, pack, sortable, unpack, user_key
from unless.aws.record_json import record_from_json, record_id, record_to_json
from unless.aws.state_json import compact
from unless.engine.records import Reason, Record


class DynamoLedger:
    """
    `unless.app.ports.Ledger` on a table with the keys PK = USER#<id>, SK = <at>#<record's id>.
    """

    def __init__(self, clients: Clients, table: str, days: int) -> None:
        """Keep records for so many days; no call is made yet."""
        self._clients = clients
        self._table = table
        self._kept = timedelta(days=days)

    def write(self, records: Sequence[Record]) -> None:
        """
        Keep the records, 25 in a call; writing one again leaves one, since its key is derived.

        Raises:
            TransientError: not all of them are kept.
        """
        # One call may not name a key twice.
        items = {(i["PK"]["S"], i["SK"]["S"]): i for i in map(self._item, records)}
        put_all(self._clients, self._table, items.values())

    def read(self, user: str, definition: str | None = None) -> Iterator[Record]:
        """Yield the user's records, newest first, of one campaign or journey if it is given."""
        for item in self._query(user):
            record = record_from_json(json.loads(unpack(item["data"])))
            if definition in (None, record.definition):
                yield record

    def erase(self, user: str, before: datetime) -> int:
        """
        Delete the user's records from before that instant; return how many.

        What ended because the user was deleted stays: it holds nothing of theirs, and is what tells
        that the send or the run has ended.
        """
        keys = [
            user_key(user, item["SK"]["S"])
            for item in self._query(user)
            if item["SK"]["S"] < sortable(before)
            and record_from_json(json.loads(unpack(item["data"]))).reason
            is not Reason.USER_NOT_FOUND
        ]
        delete_all(self._clients, self._table, keys)
        return len(keys)

    def _item(self, record: Record) -> Item:
        sort = f"{sortable(record.at)}#{record_id(record)}"
        return user_key(record.user, sort) | {
            "ttl": epoch(record.at, self._kept),
            "data": pack(compact(record_to_json(record))),
        }

    def _query(self, user: str) -> Iterator[Item]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "PK = :user",
            "ExpressionAttributeValues": {":user": {"S": f"USER#{user}"}},
            "ScanIndexForward": False,
        }
        while True:
            with aws_errors("read decision records"):
                page = self._clients.get("dynamodb").query(**request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
