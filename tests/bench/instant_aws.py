"""
An AWS in this process that answers at once and remembers, so that what a client costs is the CPU.

It stands at botocore's `before-send`: requests are built, signed, and their answers parsed as ever,
only the network is left out. It checks no condition: nobody else writes here.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.awsrequest import AWSResponse

from unless.aws.clients import Clients

type Tables = dict[str, dict[str, dict[str, Any]]]
"""Items by table, partition key and sort key, as they are on the wire."""


@dataclass(frozen=True)
class Call:
    """A call as the application made it."""

    service: str
    operation: str
    parameters: dict[str, Any]

    def __str__(self) -> str:
        """Name it as `dynamodb.Query`."""
        return f"{self.service}.{self.operation}"


class InstantAws:
    """The account: what its tables hold."""

    def __init__(self) -> None:
        """Begin with empty tables."""
        self.tables = _copied({})
        self._calls: list[Call] | None = None
        self.session = botocore.session.get_session()
        self.session.set_config_variable("region", "eu-west-1")
        self.session.set_credentials("test", "test")
        self.session.register("before-send", self._answer)
        self.session.register("provide-client-params", self._take_note)

    @contextmanager
    def listening(self) -> Iterator[list[Call]]:
        """The calls that are made meanwhile."""
        calls: list[Call] = []
        self._calls = calls
        yield calls
        self._calls = None

    def remember(self) -> Callable[[], None]:
        """Return what lets the tables hold again, any number of times, what they hold now."""
        kept = _copied(self.tables)

        def restore() -> None:
            self.tables = _copied(kept)

        return restore

    def _take_note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if self._calls is not None:
            self._calls.append(Call(model.service_model.service_name, model.name, dict(params)))

    def _answer(self, event_name: str, request: Any, **_: Any) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        body = json.dumps(self._do(operation, json.loads(request.body or "{}"))).encode()
        return AWSResponse(request.url, 200, {"Content-Type": "application/json"}, _Body(body))

    def _do(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        match operation:
            case "Query":
                user, prefix = (v["S"] for v in asked["ExpressionAttributeValues"].values())
                found = sorted(self.tables[asked["TableName"]][user].items())
                return {"Items": [item for sort, item in found if sort.startswith(prefix)]}
            case "GetItem":
                partition, sort = (asked["Key"][name]["S"] for name in ("PK", "SK"))
                item = self.tables[asked["TableName"]][partition].get(sort)
                return {"Item": item} if item else {}
            case "PutItem":
                self._write([{"Put": asked}])
            case "TransactWriteItems":
                self._write(asked["TransactItems"])
            case "BatchWriteItem":
                for table, requests in asked["RequestItems"].items():
                    puts = (request["PutRequest"] for request in requests)
                    self._write({"Put": {"TableName": table, **put}} for put in puts)
            case "PutEvents":
                return {
                    "FailedEntryCount": 0,
                    "Entries": [{"EventId": "1"}] * len(asked["Entries"]),
                }
        return {}

    def _write(self, actions: Iterable[dict[str, Any]]) -> None:
        for action in actions:
            ((verb, what),) = action.items()
            key = what["Item"] if verb == "Put" else what["Key"]
            items = self.tables[what["TableName"]][key["PK"]["S"]]
            if verb == "Put":
                items[key["SK"]["S"]] = what["Item"]
            else:
                items.pop(key["SK"]["S"], None)


class _Body(BytesIO):
    """The body of an answer, as botocore reads it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def _copied(tables: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Tables:
    """Return a copy down to the items, which are never changed, only replaced."""
    copied: Tables = defaultdict(lambda: defaultdict(dict))
    for table, partitions in tables.items():
        copied[table].update({key: dict(items) for key, items in partitions.items()})
    return copied


def make(calls: Iterable[Call], clients: Clients, at_a_time: int) -> None:
    """Make these calls, so many at a time, and do nothing else."""

    def one(call: Call) -> None:
        getattr(clients.get(call.service), xform_name(call.operation))(**call.parameters)

    with ThreadPoolExecutor(at_a_time) as pool:
        list(pool.map(one, calls))
