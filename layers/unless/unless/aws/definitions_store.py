"""
The published definitions in the table: each version whole, and a pointer to the present one.

    PK = DEFINITIONS   SK = CURRENT             the pointer: version, number of chunks
                       SK = V#<version>#<n>     a chunk of the compressed snapshot
                       SK = J#<hash>            an earlier version of a journey, compressed

Earlier versions of journeys are kept for good: a run keeps the one with which it entered (J11).
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from unless.app.errors import ConfigurationError, ConflictError
from unless.aws.clients import Clients
from unless.aws.errors import aws_errors, code_of
from unless.aws.items import Item
from unless.definitions.snapshot import EMPTY, BadSnapshot, Snapshot, canonical_json

PARTITION = {"S": "DEFINITIONS"}
POINTER: Item = {"PK": PARTITION, "SK": {"S": "CURRENT"}}

CHUNK_BYTES_MAX = 350_000
"""Bytes of a chunk. Source: DynamoDB Developer Guide, "Quotas", item size 400 KB (read 2026-11)."""

GZIP = 31
"""`wbits` of zlib for gzip with its header, so that a chunk can be read with any tool."""


STILL_THERE = "version = :expected"
"""The pointer is where the publisher read it: nobody else published in between."""

NOTHING_PUBLISHED = "attribute_not_exists(PK)"
"""There is no pointer yet, as the first publisher saw."""


class DynamoSnapshots:
    """`unless.app.ports.SnapshotStore` on the table."""

    def __init__(self, clients: Clients, table: str) -> None:
        """Use this table; no call is made yet."""
        self._clients = clients
        self._table = table

    def version(self) -> str:
        """Return the version that is published now, by one read; "" before the first."""
        return self._pointer()[0]

    def read(self) -> tuple[Snapshot, str]:
        """
        Return the published snapshot and the version of its pointer; an empty one before the first.

        Raises:
            ConfigurationError: the chunks are not those of a snapshot; publish again.
        """
        version, chunks = self._pointer()
        if not version:
            return EMPTY, ""
        data = b"".join(self._chunks(version)[:chunks])
        try:
            return Snapshot.from_json(zlib.decompress(data, wbits=GZIP)), version
        except (BadSnapshot, zlib.error) as error:
            raise ConfigurationError(
                f"definitions {version} cannot be read; publish again"
            ) from error

    def write(
        self,
        snapshot: Snapshot,
        expected_version: str,
        superseded: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """
        Publish the snapshot: its chunks first, then the pointer, so that no reader finds a part.

        `superseded` are the documents, by hash, of journeys that it replaces; they are there before
        the pointer moves, so that who is in one always finds it.

        Raises:
            ConflictError: somebody else published since `expected_version` was read.
        """
        for version, document in superseded.items():
            self._put(_journey_key(version), _compressed(canonical_json(document)))
        data = _compressed(snapshot.to_json())
        starts = range(0, len(data), CHUNK_BYTES_MAX)
        for number, start in enumerate(starts):
            key = {"PK": PARTITION, "SK": {"S": f"V#{snapshot.version}#{number:03}"}}
            self._put(key, data[start : start + CHUNK_BYTES_MAX])
        self._point_to(snapshot.version, len(starts), expected_version)

    def journey(self, version: str) -> Mapping[str, Any]:
        """
        Return the document of a version of a journey, by its content's hash.

        Mostly an earlier one; but whoever is behind asks for the present one, too.

        Raises:
            ConfigurationError: it is not there; people are in it who cannot go on without it.
        """
        if item := self._get(_journey_key(version)):
            document: Mapping[str, Any] = json.loads(zlib.decompress(item["data"]["B"], wbits=GZIP))
            return document
        for published in self.read()[0].definitions.values():
            if published.hash == version:
                return published.document
        raise ConfigurationError(
            f"version {version} of a journey is not in the table, and users are still in it; "
            "publish that version of the journey once more, then the present one again"
        )

    def _put(self, key: Item, data: bytes) -> None:
        with aws_errors("write the definitions"):
            self._clients.get("dynamodb").put_item(
                TableName=self._table, Item={**key, "data": {"B": data}}
            )

    def _point_to(self, version: str, chunks: int, expected: str) -> None:
        item = {**POINTER, "version": {"S": version}, "chunks": {"N": str(chunks)}}
        put: dict[str, Any] = {"TableName": self._table, "Item": item}
        put["ConditionExpression"] = NOTHING_PUBLISHED
        if expected:
            put["ConditionExpression"] = STILL_THERE
            put["ExpressionAttributeValues"] = {":expected": {"S": expected}}
        put["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        with aws_errors("publish the definitions"):
            try:
                self._clients.get("dynamodb").put_item(**put)
            except ClientError as error:
                if code_of(error) != "ConditionalCheckFailedException":
                    raise
                # A request that was repeated because its answer was lost meets its own success.
                if error.response.get("Item") != item:
                    raise ConflictError("somebody else published at the same time") from error

    def _pointer(self) -> tuple[str, int]:
        item = self._get(POINTER)
        return (item["version"]["S"], int(item["chunks"]["N"])) if item else ("", 0)

    def _get(self, key: Item) -> Item | None:
        with aws_errors("read the definitions"):
            answer = self._clients.get("dynamodb").get_item(
                TableName=self._table, Key=key, ConsistentRead=True
            )
        item: Item | None = answer.get("Item")
        return item

    def _chunks(self, version: str) -> list[bytes]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "PK = :definitions AND begins_with(SK, :version)",
            "ExpressionAttributeValues": {
                ":definitions": PARTITION,
                ":version": {"S": f"V#{version}#"},
            },
            "ConsistentRead": True,
        }
        chunks: list[bytes] = []
        while True:
            with aws_errors("read the definitions"):
                page = self._clients.get("dynamodb").query(**request)
            chunks.extend(item["data"]["B"] for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return chunks
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _journey_key(version: str) -> Item:
    return {"PK": PARTITION, "SK": {"S": f"J#{version}"}}


def _compressed(text: str) -> bytes:
    return zlib.compress(text.encode(), wbits=GZIP)
