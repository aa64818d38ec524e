"""
What each flow writes, in DynamoDB's units: twice each KiB of an item in a transaction, and what
changes on the index `due`. Records of the ledger are counted apart, once a batch.
"""

from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from random import Random
from string import ascii_letters
from typing import Any

import pytest

from tests.integration.test_call_budgets import (
    CART,
    DEBOUNCED,
    LEDGER,
    NAMED,
    POINTER,
    READ,
    SOON,
    TIMER,
    WRITE,
    warm,
)
from tests.integration.world import AwsWorld

JOURNEY = """
journey: onboarding
entry: {trigger: {event: registered}}
steps:
  - delay: {after: 1d}
  - split: {if: {attribute: vip, eq: true}, then: [{exit: true}], else: [{delay: {after: 1d}}]}
  - message: {channel: event}
  - delay: {after: 1d}
  - message: {channel: event}
"""

type Item = dict[str, dict[str, Any]]

UNIT_BYTES, IN_A_TRANSACTION = 1024, 2
"""Source: DynamoDB Developer Guide, "Read and write operations", write units (read 2025-11)."""

PROJECTED = ("due_shard", "due_at", "definition")
"""What the index holds of an item beside its key."""

CHARACTERS_MAX = 8_000
"""Characters of one string, a little less than SPEC V6 allows."""


@dataclass
class Units:
    """Write units since it began: those of the table, and those of the index `due`."""

    table: int = 0
    index: int = 0

    def take(self, world: AwsWorld, request: dict[str, Any]) -> None:
        """Count a request that is about to be made."""
        if "TransactItems" in request:
            for action in request["TransactItems"]:
                ((verb, what),) = action.items()
                self._write(world, verb, what, IN_A_TRANSACTION)
        elif "Item" in request:
            self._write(world, "Put", request, 1)

    def _write(self, world: AwsWorld, verb: str, what: dict[str, Any], each: int) -> None:
        after: Item | None = what["Item"] if verb == "Put" else None
        key = {name: (after or what["Key"])[name] for name in ("PK", "SK")}
        answer = world.client("dynamodb").get_item(TableName=what["TableName"], Key=key)
        before: Item | None = answer.get("Item")
        if verb == "Update":  # of a body's end, which is on no index
            after = before
        size = max(item_bytes(before), item_bytes(after))
        self.table += each * max(1, ceil(size / UNIT_BYTES))
        self.index += index_units(on_index(before), on_index(after))


def item_bytes(item: Item | None) -> int:
    """Return the size of an item: names and values, numbers a little generously."""
    return sum(len(name) + value_bytes(value) for name, value in (item or {}).items())


def value_bytes(value: dict[str, Any]) -> int:
    """Return the size of a value: as on the wire, or as the test's own client reads it."""
    ((kind, held),) = value.items()
    if kind == "B":
        return len(b64decode(held) if isinstance(held, str) else held)
    return len(held.encode())


def on_index(item: Item | None) -> Item | None:
    """Return what the index holds of an item: nothing, if it is not on it."""
    return {name: item[name] for name in PROJECTED} if item and "due_shard" in item else None


def index_units(before: Item | None, after: Item | None) -> int:
    """Return the units of the index's entry: a new key is a deletion and a write."""
    if before == after:
        return 0
    return 1 if before is None or after is None or before["due_at"] == after["due_at"] else 2


def units(world: AwsWorld, happens: Callable[[], object]) -> tuple[int, int]:
    """Return the units of the table and of the index for what happens now."""
    counted = Units()

    def hear(request: dict[str, Any]) -> None:
        counted.take(world, request)

    world.wire.requests.append(hear)
    happens()
    world.wire.requests.remove(hear)
    return counted.table, counted.index


@pytest.mark.parametrize(
    ("definitions", "earlier", "event", "expected"),
    [
        ((CART, NAMED), "", "page_viewed", (0, 0)),
        ((CART,), "", "page_viewed", (4, 0)),
        ((CART,), "", "cart_updated", (6, 1)),
        ((SOON,), "", "cart_updated", (6, 1)),
        ((CART,), "cart_updated", "purchase", (6, 1)),
        ((DEBOUNCED,), "page_viewed", "page_viewed", (8, 2)),
    ],
    ids=["nobody cares", "only history", "trigger", "short delay", "exception", "debounce"],
)
def test_an_event(
    world: AwsWorld,
    definitions: tuple[str, ...],
    earlier: str,
    event: str,
    expected: tuple[int, int],
) -> None:
    """Each item of its transaction is small, and only sends that come or go are on the index."""
    warm(world, *definitions)
    if earlier:
        world.evaluate(world.event("u", earlier))
    assert units(world, lambda: world.evaluate(world.event("u", event))) == expected


def test_several_triggers_in_one_batch(world: AwsWorld) -> None:
    """They share the state: beside it two items for each."""
    warm(world, SOON)
    events = [world.event("u", "cart_updated") for _ in range(5)]
    assert units(world, lambda: world.evaluate(*events)) == (2 * (1 + 5 + 5), 5)


def test_a_due_send(world: AwsWorld) -> None:
    """The claim writes state and send and leaves the index alone; the end takes the send away."""
    warm(world, SOON)
    world.evaluate(world.event("u", "cart_updated"))
    world.pass_time(minutes=10)
    notices = world.due()
    assert units(world, lambda: world.deliver(*notices)) == (2 * (2 + 3), 1)


def test_a_run_from_its_entry_to_its_second_wait(world: AwsWorld) -> None:
    """A step writes state, marker and run, once for all steps that take no time."""
    warm(world, JOURNEY)
    entry = world.event("u", "registered")
    assert units(world, lambda: world.evaluate(entry)) == (2 * 3, 1)
    world.pass_time(days=1)
    notices = world.due()
    assert units(world, lambda: world.deliver(*notices)) == (2 * 3, 2)


def test_a_message_of_a_run(world: AwsWorld) -> None:
    """The claim writes state and run and leaves the index alone; the run then moves on."""
    warm(world, JOURNEY)
    world.evaluate(world.event("u", "registered"))
    for _ in range(2):
        world.pass_time(days=1)
        assert world.ring() == []
    notices = world.due()
    assert units(world, lambda: world.deliver(*notices)) == (2 * (2 + 3), 2)
    assert world.said("u") == ["entered", "sent"]


def test_a_large_entry(world: AwsWorld) -> None:
    """The end of its body follows each wait, at the price of the body; the claim spares it."""
    warm(world, JOURNEY)
    body = ["".join(Random(n).choices(ascii_letters, k=CHARACTERS_MAX)) for n in range(5)]
    world.evaluate(world.event("u", "registered", body=body))
    whole = units_of_body(world)
    world.pass_time(days=1)
    notices = world.due()
    assert units(world, lambda: world.deliver(*notices)) == (2 * (3 + whole), 2)
    world.pass_time(days=1)
    world.ring()
    notices = world.due()
    assert units(world, lambda: world.deliver(*notices)) == (2 * (2 + 3 + whole), 2)
    (asked,) = world.requests()
    assert asked["event"]["properties"] == {"body": body}


def units_of_body(world: AwsWorld) -> int:
    """Return the units of the item that holds the large properties."""
    (body,) = [item for sort, item in world.items("u").items() if sort.startswith("B#")]
    return ceil(item_bytes(body) / UNIT_BYTES)


def test_a_large_trigger(world: AwsWorld) -> None:
    """Its body is written once for all that it starts, and neither claim nor end writes it."""
    warm(world, SOON, SOON.replace("campaign: cart", "campaign: other"))
    body = ["".join(Random(n).choices(ascii_letters, k=CHARACTERS_MAX)) for n in range(5)]
    event = world.event("u", "cart_updated", body=body)
    table, index = units(world, lambda: world.evaluate(event))
    size = ceil(5 * CHARACTERS_MAX / UNIT_BYTES)
    assert 2 * (4 + size / 2) < table < 2 * (4 + size)
    assert index == 2
    world.pass_time(minutes=10)
    notices = world.due()
    assert units(world, lambda: world.deliver(*notices)) == (2 * 2 * (2 + 3), 2)


def test_a_state_that_has_grown(world: AwsWorld) -> None:
    """Sixty different events are still a state of two units at most."""
    warm(world, CART)
    world.evaluate(*(world.event("u", f"event_number_{n}") for n in range(60)))
    table, index = units(world, lambda: world.evaluate(world.event("u", "page_viewed")))
    assert table <= 2 * (2 + 1)
    assert index == 0


def test_what_a_batch_of_users_shares(world: AwsWorld) -> None:
    """Ten users: the ledger is written once, and deliver asks once which definitions hold."""
    warm(world, SOON)
    users = [f"u-{number}" for number in range(10)]
    with world.wire.counting() as calls:
        world.evaluate(*(world.event(user, "cart_updated") for user in users))
    assert Counter(calls) == {READ: 10, WRITE: 10, TIMER: 10, LEDGER: 1}
    world.pass_time(minutes=10)
    notices = world.due()
    with world.wire.counting() as calls:
        world.deliver(*notices)
    assert Counter(calls) == {POINTER: 1, READ: 10, WRITE: 20, "events.PutEvents": 10, LEDGER: 1}
