"""
The decision records, in a table of their own: one item a record, the newest last.

    PK = USER#<id>   SK = <at>#<rank>#<record's id>       a record
                     SK = LAST#<kind>#<definition>        the last about a filter that failed, where
                                                          the workspace keeps only that one
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge
from itertools import chain
from typing import Any

from botocore.exceptions import ClientError

from unless.app.ports import KEEPING
from unless.aws.batches import delete_all, put_all
from unless.aws.clients import Clients
from unless.aws.errors import aws_errors, code_of
from unless.aws.items import Item, epoch, pack, sortable, unpack, user_key
from unless.aws.record_json import record_from_json, record_id, record_to_json
from unless.aws.state_json import compact
from unless.definitions.keeping import RecordKeeping
from unless.engine.records import Outcome, Reason, Record, is_unsettled

LAST = "LAST#"
"""How the sort keys of last records begin: behind those of all times, so that a query from the end
meets them first."""

RANKS = {
    Outcome.CANCELLED: 0,
    Outcome.CONVERTED: 0,
    Outcome.INTERACTED: 0,
    Outcome.ENTERED: 1,
    Outcome.SCHEDULED: 1,
    Outcome.SENT: 2,
    Outcome.SKIPPED: 2,
    Outcome.EXITED: 3,
    Outcome.COMPLETED: 3,
}
"""
In which order things of one instant are told: what becomes of an earlier send, what begins, what
becomes of that, and the end of a run.
"""


NOT_THERE_YET = "attribute_not_exists(PK)"
"""Nobody has written this record before."""


class DynamoLedger:
    """`unless.app.ports.Ledger` on a table."""

    def __init__(self, clients: Clients, table: str) -> None:
        """Use this table; no call is made yet."""
        self._clients = clients
        self._table = table

    def write(
        self, records: Sequence[Record], keeping: RecordKeeping = KEEPING, *, again: bool = False
    ) -> None:
        """
        Keep the records, 25 in a call; writing one again leaves one, since its key is derived.

        Of two that share the place of a last record the newer one stays. One that may have been
        written before (`again`) may be older than what is there, so it goes to a place of its own.
        Nor does a `delivery_unknown` take the place of what has been confirmed since.

        Raises:
            TransientError: not all of them are kept.
        """
        only_last = keeping.filter_mismatch == "last" and not again
        # One call may not name a key twice.
        items: dict[tuple[str, str], Item] = {}
        for record in sorted(records, key=lambda record: record.at):
            if is_unsettled(record):
                self._put_first(_item(record, _key(record), keeping))
                continue
            is_last = only_last and record.reason is Reason.FILTER_MISMATCH
            sort = _last_key(record) if is_last else _key(record)
            items[record.user, sort] = _item(record, sort, keeping)
        put_all(self._clients, self._table, items.values())

    def _put_first(self, item: Item) -> None:
        """Put the item unless its place is taken: what stands there may be confirmed already."""
        with aws_errors("write a decision record"):
            try:
                self._clients.get("dynamodb").put_item(
                    TableName=self._table, Item=item, ConditionExpression=NOT_THERE_YET
                )
            except ClientError as error:
                if code_of(error) != "ConditionalCheckFailedException":
                    raise

    def read(self, user: str, definition: str | None = None) -> Iterator[Record]:
        """Yield the user's records, newest first, of one campaign or journey if it is given."""
        for record in self._newest_first(user):
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
            if _is_erased(_record(item), before)
        ]
        delete_all(self._clients, self._table, keys)
        return len(keys)

    def _newest_first(self, user: str) -> Iterator[Record]:
        """Yield the records of both kinds of places; one that has both is told once."""
        items = self._query(user)
        last: list[Record] = []
        for item in items:
            if not item["SK"]["S"].startswith(LAST):
                items = chain((item,), items)
                break
            last.append(_record(item))
        last.sort(key=_key, reverse=True)
        told = {_key(record) for record in last}
        others = (_record(item) for item in items if item["SK"]["S"] not in told)
        yield from merge(last, others, key=_key, reverse=True)

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


def _key(record: Record) -> str:
    return f"{sortable(record.at)}#{RANKS[record.outcome]}#{record_id(record)}"


def _item(record: Record, sort: str, keeping: RecordKeeping) -> Item:
    return user_key(record.user, sort) | {
        "ttl": epoch(record.at, keeping.keep),
        "data": pack(compact(record_to_json(record))),
    }


def _last_key(record: Record) -> str:
    return f"{LAST}{record.kind.value}#{record.definition}"


def _record(item: Item) -> Record:
    return record_from_json(json.loads(unpack(item["data"])))


def _is_erased(record: Record, before: datetime) -> bool:
    return record.at < before and record.reason is not Reason.USER_NOT_FOUND
