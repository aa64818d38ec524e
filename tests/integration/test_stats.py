"""
`unless stats` against a stack on moto: the ledger, counted.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_commands import Typed, typed_on
from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated, where: {cart_value: {gte: 100}}}
delay: {after: 1h}
unless: [{event: purchase}]
"""

HELLO = """
campaign: hello
trigger: {event: registered}
conversions: [{event: purchase, within: 3d}]
"""


@pytest.fixture
def typed(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command, on the stack `unless` with two campaigns."""
    world.publish(CART, HELLO)
    return typed_on(world, monkeypatch)


def asked(typed: Typed, *words: str | Path) -> str:
    """What the command answers."""
    result = typed("stats", *words)
    assert result.exit_code == 0, result.output
    return result.stdout


def counts(typed: Typed, name: str, *words: str) -> dict[str, Any]:
    """What the command prints for machines of one campaign."""
    found: dict[str, Any] = json.loads(asked(typed, name, "--json", *words))
    return found


def test_what_was_decided_and_what_is_pending_is_counted(world: AwsWorld, typed: Typed) -> None:
    """One is sent, one cancelled, one refused, one pending."""
    world.evaluate(*(world.event(user, "cart_updated", cart_value=150) for user in ("a", "b")))
    world.evaluate(world.event("b", "purchase"), world.event("c", "cart_updated", cart_value=5))
    world.pass_time(hours=1)
    world.deliver(*world.due())
    world.evaluate(world.event("d", "cart_updated", cart_value=200))
    found = counts(typed, "cart")
    assert (found["triggers"], found["pending"]) == (4, 1)
    assert found["outcomes"] == {"scheduled": 3, "sent": 1, "cancelled": 1, "skipped": 1}
    assert "Records are kept for 30 days" in asked(typed)
    assert "No decision about hello is on record." in asked(typed, "hello")


def test_what_came_of_messages_is_counted_by_people(world: AwsWorld, typed: Typed) -> None:
    """Two receive it; one opens it twice and buys."""
    world.evaluate(world.event("a", "registered"), world.event("b", "registered"))
    world.deliver(*world.due())
    (sent,) = (record.send for record in world.records("a") if record.outcome == "sent")
    about = {"campaign": "hello", "send": str(sent), "channel": "push", "action": "opened"}
    for _ in range(2):
        world.evaluate(world.event("a", "message_interaction", **about))
    world.pass_time(hours=2)
    world.evaluate(world.event("a", "purchase"))
    found = counts(typed, "hello")
    assert (found["messages"]["sent"], found["messages"]["opened"]) == (2, 1)
    (goal,) = found["conversions"]
    assert (goal["event"], goal["conversions"], goal["median_s"]) == ("purchase", 1, 7200)
    assert (goal["reached"]["users"], goal["reached"]["converted"]) == (2, 1)


def test_only_what_was_decided_since_counts(world: AwsWorld, typed: Typed) -> None:
    """A span counts back from now."""
    world.evaluate(world.event("a", "registered"))
    world.pass_time(days=3)
    world.evaluate(world.event("b", "registered"))
    assert counts(typed, "hello", "--since", "2d")["triggers"] == 1
    assert counts(typed, "hello", "--since", "7d")["triggers"] == 2
    assert "1 record," in asked(typed, "--since", "2d")


def test_refused_filters_that_are_not_kept_are_owned_up_to(world: AwsWorld, typed: Typed) -> None:
    """Who keeps only the last of them is told that there were more."""
    world.publish("workspace: {ledger: {filter_mismatch: last}}", CART, HELLO)
    for number in range(3):
        world.evaluate(world.event("c", "cart_updated", cart_value=number))
    assert counts(typed, "cart")["triggers"] == 1
    assert "only the last one of each person is on record" in asked(typed, "cart")


def test_a_stack_without_records_and_a_name_without_a_campaign(typed: Typed) -> None:
    """Both say what to do."""
    assert "No decision is on record yet" in asked(typed)
    result = typed("stats", "crat")
    assert result.exit_code == 1
    assert "Did you mean cart?" in result.stderr
