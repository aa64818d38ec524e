"""
Many writes, or reads, in few calls of DynamoDB, with what it leaves undone asked for again.
"""

import random
import time
from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any

from unless.app.errors import TransientError
from unless.aws.clients import Clients
from unless.aws.errors import aws_errors
from unless.aws.items import Item

BATCH_MAX = 25
"""Most writes of one call. Source: DynamoDB API Reference, "BatchWriteItem" (read 2026-11)."""

READ_MAX = 100
"""Most reads of one call. Source: DynamoDB API Reference, "BatchGetItem" (read 2026-11)."""

ROUNDS_MAX = 5
"""How often what was left undone is asked for again, about 3 s in all."""

PAUSE_SECONDS = 0.1
"""The first pause between rounds at most; it doubles from round to round."""


def put_all(clients: Clients, table: str, items: Iterable[Item]) -> None:
    """
    Write the items; one with the same key is replaced.

    Raises:
        TransientError: the table took only a part of them, after several rounds.
    """
    _write_all(clients, table, [{"PutRequest": {"Item": item}} for item in items])


def delete_all(clients: Clients, table: str, keys: Iterable[Item]) -> None:
    """
    Delete the items of these keys.

    Raises:
        TransientError: the table took only a part of them, after several rounds.
    """
    _write_all(clients, table, [{"DeleteRequest": {"Key": key}} for key in keys])


def get_all(clients: Clients, table: str, keys: Iterable[Item]) -> list[Item]:
    """
    Return the items of these keys, each named once, read consistently; in no order.

    Raises:
        TransientError: the table gave only a part of them, after several rounds.
    """
    found: list[Item] = []
    for chunk in batched(keys, READ_MAX, strict=False):
        left: list[Item] = list(chunk)
        for round_ in range(ROUNDS_MAX):
            _pause(round_)
            asked = {table: {"Keys": left, "ConsistentRead": True}}
            with aws_errors("read a batch"):
                answer = clients.get("dynamodb").batch_get_item(RequestItems=asked)
            found += answer["Responses"].get(table, [])
            left = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            if not left:
                break
        else:
            raise TransientError(f"read a batch: {len(left)} of {len(chunk)} not given")
    return found


def _pause(round_: int) -> None:
    """Wait before every round but the first."""
    if round_:
        time.sleep(random.uniform(0, PAUSE_SECONDS * 2**round_))  # noqa: S311 - only jitter


def _write_all(clients: Clients, table: str, requests: Sequence[dict[str, Any]]) -> None:
    for chunk in batched(requests, BATCH_MAX, strict=False):
        left = list(chunk)
        for round_ in range(ROUNDS_MAX):
            _pause(round_)
            with aws_errors("write a batch"):
                answer = clients.get("dynamodb").batch_write_item(RequestItems={table: left})
            left = answer.get("UnprocessedItems", {}).get(table, [])
            if not left:
                break
        else:
            raise TransientError(f"write a batch: {len(left)} of {len(chunk)} left undone")
