"""
What decision records cost: how many an event writes, and the write units of each, by size.

A batch is no transaction, so a record costs its own size once; that it expires is free. Source:
DynamoDB Developer Guide, "Read and write operations" and "Using time to live" (read 2026-11).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil
from typing import Any

import pytest

from tests.integration.test_call_budgets import CART, DEBOUNCED, NAMED, SOON, warm
from tests.integration.test_write_units import JOURNEY, UNIT_BYTES, item_bytes
from tests.integration.world import AwsWorld
from unless.aws.record_json import DETAIL_BYTES_MAX
from unless.engine.records import Outcome, Reason, Record

FILTERED = """
campaign: {name}
trigger: {{event: cart_updated, where: {{cart_value: {{gte: 100, lte: 200}}, currency: EUR}}}}
delay: {{after: 1h}}
unless: [{{event: purchase, match: cart_id}}]
"""
SEVERAL = tuple(FILTERED.format(name=f"abandoned_cart_{number}") for number in range(3))
USER = "5f0c7d9e-0c1b-4a53-9a0e-3d1f5f6f7a10"


def written(world: AwsWorld, happens: Callable[[], object]) -> list[int]:
    """Return the bytes of each record that is written while this happens."""
    sizes: list[int] = []

    def hear(request: dict[str, Any]) -> None:
        for writes in request.get("RequestItems", {}).values():
            sizes.extend(item_bytes(write["PutRequest"]["Item"]) for write in writes)

    world.wire.requests.append(hear)
    happens()
    world.wire.requests.remove(hear)
    return sizes


def units(sizes: list[int]) -> int:
    """Return the write units of records of these sizes."""
    return sum(ceil(size / UNIT_BYTES) for size in sizes)


@pytest.mark.parametrize(
    ("definitions", "earlier", "event", "records"),
    [
        ((CART, NAMED), "", "page_viewed", 0),
        ((CART,), "", "page_viewed", 0),
        ((CART,), "", "cart_updated", 1),
        ((CART,), "cart_updated", "purchase", 1),
        ((DEBOUNCED,), "page_viewed", "page_viewed", 2),
        (SEVERAL, "", "cart_updated", 3),
        ((*SEVERAL, "workspace: {ledger: {filter_mismatch: last}}"), "", "cart_updated", 3),
        ((*SEVERAL, "workspace: {ledger: {filter_mismatch: none}}"), "", "cart_updated", 0),
    ],
    ids=["nobody cares", "only history", "trigger", "exception", "debounce", "three mismatches",
         "the last three", "none of them"],
)  # fmt: skip
def test_the_records_of_an_event(
    world: AwsWorld, definitions: tuple[str, ...], earlier: str, event: str, records: int
) -> None:
    """One unit for each decision, and nothing for an event about which none is taken."""
    warm(world, *definitions)
    if earlier:
        world.evaluate(world.event(USER, earlier))
    body = world.event(USER, event, "0d8c1f9e-7c55-4a6f-8c0a-3a1d5ac1b7c2", cart_value=50)
    sizes = written(world, lambda: world.evaluate(body))
    assert (len(sizes), units(sizes)) == (records, records)
    assert max(sizes, default=0) <= 600


def test_the_records_of_a_send(world: AwsWorld) -> None:
    """Two in all: that it is scheduled, and how it ended."""
    warm(world, SOON)
    world.evaluate(world.event(USER, "cart_updated"))
    world.pass_time(minutes=10)
    sizes = written(world, world.ring)
    assert (len(sizes), units(sizes)) == (1, 1)
    assert len(world.records(USER)) == 2


def test_the_records_of_a_run(world: AwsWorld) -> None:
    """Its entry, each message, and its end; steps in between leave none of their own."""
    warm(world, JOURNEY)

    def runs() -> None:
        world.evaluate(world.event(USER, "registered"))
        for _ in range(3):
            world.pass_time(days=1)
            world.ring()
            world.ring()

    sizes = written(world, runs)
    assert world.said(USER) == ["entered", "sent", "sent", "completed"]
    assert (len(sizes), units(sizes)) == (4, 4)


def test_the_largest_record(world: AwsWorld) -> None:
    """Whatever is compared, a record costs three units at most."""
    at = datetime(2026, 2, 2, 10, tzinfo=UTC)
    long = "x" * 255
    detail = {"path": "note", "op": "in", "expected": "é" * (DETAIL_BYTES_MAX // 2 - 60)}
    record = Record(
        at, long, "c" * 64, Outcome.CANCELLED, long, reason=Reason.OUTSIDE_DURATION_AT_TRIGGER,
        send="s-" + "a" * 32, due=at, detail=detail,
    )  # fmt: skip
    sizes = written(world, lambda: world.aws.ledger.write([record]))
    assert units(sizes) <= 3
    assert next(world.aws.ledger.read(long)).detail == detail


def test_an_expired_record_costs_nothing(world: AwsWorld) -> None:
    """It has a time to live and is deleted by DynamoDB, not by us."""
    warm(world, CART)
    world.evaluate(world.event(USER, "cart_updated"))
    items = world.client("dynamodb").scan(TableName="LedgerTable")["Items"]
    assert all("ttl" in item for item in items)
    requests: list[dict[str, Any]] = []
    world.wire.requests.append(requests.append)
    world.pass_time(days=31)
    world.sweep()
    assert not any("LedgerTable" in str(request) for request in requests)
