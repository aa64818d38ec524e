"""
`unless pending` and `unless cancel` as a person types them, against a stack on moto.
"""

import json
from typing import Any

import pytest

from tests.integration.journeys import pass_and_ring
from tests.integration.test_commands import Typed, typed_on
from tests.integration.wire import Wire
from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 1h}
reeligible: always
"""
TOUR = """
journey: tour
entry: {trigger: {event: registered}}
steps:
  - wait_for: {id: visit, within: 2d, paths: [{event: session_start, steps: [{exit: true}]}]}
  - message: {id: hello}
"""


@pytest.fixture
def typed(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command, on the stack `unless` whose outputs are those of the world."""
    return typed_on(world, monkeypatch)


@pytest.fixture(autouse=True)
def waiting(world: AwsWorld) -> None:
    """Let u wait for a message about a cart and in a journey, v for one half an hour later."""
    world.publish(CART, TOUR)
    world.evaluate(world.event("u", "cart_updated", "e1", cart_id="c-9", items=[{"sku": "bag"}]))
    world.evaluate(world.event("u", "registered", "e2"))
    world.pass_time(minutes=30)
    world.evaluate(world.event("v", "cart_updated", "e3", cart_id=7))
    world.pass_time(seconds=1)


@pytest.fixture
def heard(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The wire on which `unless cancel` talks to the stack."""
    monkeypatch.setattr("unless.cli.cancel.deployed", lambda _: world.aws)
    return world.wire


def rows(output: str) -> list[dict[str, Any]]:
    """The objects that a command printed."""
    return [json.loads(line) for line in output.splitlines()]


def users(typed: Typed, *words: str) -> list[str]:
    """Whose items a command finds, in its order."""
    result = typed("pending", "--json", *words)
    assert result.exit_code == 0, result.output
    return [row["user"] for row in rows(result.output)]


def test_everything_that_waits_is_shown_by_due_time(typed: Typed) -> None:
    """Each line says when, how far from now, for whom, what for, and what it waits for."""
    said = typed("pending").output.splitlines()
    assert [line.split()[:2] for line in said[1:4]] == [
        ["2026-02-02", "11:00:00"], ["2026-02-02", "11:30:00"], ["2026-02-04", "10:00:00"],
    ]  # fmt: skip
    assert "in 29m59s" in said[1]
    assert "u     campaign cart  its due time" in said[1]
    assert "cart_updated 2026-02-02 10:00:00" in said[1]
    assert "in 1d23h" in said[3]
    assert "journey tour" in said[3]
    assert "step visit: wait for session_start, at most 2d" in said[3]
    assert said[4] == "3 pending sends and runs."


def test_a_line_for_machines_holds_everything(typed: Typed) -> None:
    """One object an item, times in UTC, by the words of its kind."""
    (send, run) = rows(typed("pending", "u", "--json").output)
    assert send["send"].startswith("s-")
    assert {name: value for name, value in send.items() if name != "send"} == {
        "due": "2026-02-02T11:00:00Z", "user": "u", "campaign": "cart", "status": "waiting",
        "waits_for": "its due time", "held": None, "event": "e1", "name": "cart_updated",
        "at": "2026-02-02T10:00:00Z",
        "properties": {"cart_id": "c-9", "items": [{"sku": "bag"}]},
    }  # fmt: skip
    assert (run["journey"], run["step"]) == ("tour", "visit")
    assert run["run"].startswith("r-")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("u",), "uu"),
        (("--campaign", "cart"), "uv"),
        (("--journey", "tour"), "u"),
        (("u", "--campaign", "cart"), "u"),
        (("--due-to", "30m"), "u"),
        (("--due-from", "30m"), "vu"),
        (("--due-from", "2026-02-02T11:30", "--due-to", "2026-02-02T11:30"), "v"),
        (("--due-from=-1h", "--due-to", "1h"), "uv"),
        (("--where", "cart_id=c-9"), "u"),
        (("--where", "cart_id=7"), "v"),
        (("--where", "items[].sku=bag", "--where", "cart_id=c-9"), "u"),
        (("--where", "items[].sku=bag", "--where", "cart_id=7"), ""),
        (("--limit", "2"), "uv"),
        (("nobody",), ""),
    ],
)
def test_filters_say_which(typed: Typed, words: tuple[str, ...], found: str) -> None:
    """All filters must hold; a number is found as it is written."""
    assert "".join(users(typed, *words)) == found


def test_a_property_of_a_large_trigger_is_found(world: AwsWorld, typed: Typed) -> None:
    """Also where the properties are kept apart from the item."""
    items = [{"sku": "tent", "text": "x" * 6000}]
    world.evaluate(world.event("w", "cart_updated", "e4", items=items))
    assert users(typed, "--where", "items[].sku=tent") == ["w"]


def test_it_is_said_how_many_more_there_are(typed: Typed) -> None:
    """A short list is no wrong list."""
    said = typed("pending", "--limit", "2").output
    assert "The first 2 of 3 pending sends and runs: 1 more." in said


def test_what_a_pause_holds_is_said(world: AwsWorld, typed: Typed) -> None:
    """Before it is due and once it is parked, which is long past its time."""
    world.operate("pause", "cart")
    assert "its due time; held, cart is paused" in typed("pending", "v").output
    pass_and_ring(world, hours=1)
    first = typed("pending").output.splitlines()[1]
    assert "30m1s ago" in first
    assert "held, cart is paused" in first
    assert [row["status"] for row in rows(typed("pending", "u", "--json").output)] == [
        "parked",
        "waiting",
    ]


def test_what_is_being_sent_or_stopped_is_said(world: AwsWorld, typed: Typed) -> None:
    """A claimed send is on its way, one of a stopped campaign will never be."""
    world.pass_time(minutes=30)
    (notice,) = world.due()
    with world.wire.killed("events.PutEvents"):
        world.deliver(notice)
    assert "is being sent" in typed("pending", "u", "--campaign", "cart").output
    world.operate("stop", "cart")
    assert "ends then, cart is stopped" in typed("pending", "v").output


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("nobody",), "Nothing was ever heard of a user nobody", 0),
        (("--where", "cart_id=x"), "Nothing that is pending fits.", 0),
        (("--campaign", "crat"), "Did you mean `cart`?", 1),
        (("--due-to", "soon"), "--due-to is no time: 'soon'.", 2),
        (("--where", "cart_id"), "--where is no property with its value", 2),
        (("--due-from", "2h", "--due-to", "1h"), "--due-from is later than --due-to.", 2),
    ],
)
@pytest.mark.parametrize("command", ["pending", "cancel"])
def test_what_cannot_be_found_is_one_sentence(
    typed: Typed, command: str, words: tuple[str, ...], said: str, code: int
) -> None:
    """Nobody, nothing, a typing error, and options that say nothing."""
    result = typed(command, *words)
    assert said in result.output
    assert result.exit_code == code


def test_a_cancel_says_first_what_it_ends_and_then_that_it_did(
    world: AwsWorld, typed: Typed
) -> None:
    """Without --yes and a terminal nothing is done; with it each item has its answer."""
    refused = typed("cancel", "--due-to", "7d")
    assert refused.exit_code == 1
    assert "Cancelling 3 pending sends and runs of 2 users:" in refused.output
    assert "2 pending sends of campaign cart" in refused.output
    assert "1 run of journey tour" in refused.output
    assert "step visit: wait for session_start" in refused.output
    assert "Add --yes" in refused.output
    assert len(users(typed)) == 3
    done = typed("cancel", "--due-to", "7d", "--yes")
    assert done.exit_code == 0, done.output
    assert "3 cancelled." in done.output
    assert users(typed) == []
    assert world.said("v") == ["scheduled", "cancelled campaign_stopped"]
    assert "exited journey_stopped" in world.said("u")
    assert "Nothing that is pending fits." in typed("cancel", "--due-to", "7d", "--yes").output


def test_a_cancel_for_machines_answers_for_each(typed: Typed) -> None:
    """Nothing but objects is on standard output."""
    result = typed("cancel", "--campaign", "cart", "--where", "cart_id=7", "--yes", "--json")
    (row,) = rows(result.stdout)
    assert (row["user"], row["campaign"], row["answer"]) == ("v", "cart", "cancelled")
    assert users(typed) == ["u", "u"]


def test_what_was_sent_meanwhile_is_named(world: AwsWorld, typed: Typed, heard: Wire) -> None:
    """Between the question and the deed a message goes out: it is not said to be cancelled."""
    world.pass_time(minutes=30)
    notices = iter([world.due()])

    def meanwhile(moment: str) -> None:
        if moment == "before sqs.SendMessage" and (due := next(notices, None)):
            assert world.deliver(*due) == []

    heard.moments.append(meanwhile)
    result = typed("cancel", "u", "--campaign", "cart", "--yes")
    assert "1 already sent." in result.output
    assert "already sent" in result.output.splitlines()[-2]
    assert len(world.requests()) == 1


def test_a_user_who_cannot_be_written_is_left_for_another_try(typed: Typed, heard: Wire) -> None:
    """There is no vague answer: it is said what has none, and to try again."""
    heard.refuse("dynamodb.TransactWriteItems", "ProvisionedThroughputExceededException")
    result = typed("cancel", "v", "--yes")
    assert result.exit_code == 1
    assert "1 item without an answer: cancel again." in result.output
    assert "not done: " in result.output
    assert typed("cancel", "v", "--yes").exit_code == 0


def test_cancelling_everything_by_a_slip_is_refused(typed: Typed) -> None:
    """Without any filter it is asked which, whatever else was typed."""
    result = typed("cancel", "--yes")
    assert result.exit_code == 2
    assert "Cancel what?" in result.output
    assert len(users(typed)) == 3


def test_a_later_trigger_counts_again(world: AwsWorld, typed: Typed) -> None:
    """The next cart is reminded of an hour after it."""
    typed("cancel", "v", "--yes")
    world.evaluate(world.event("v", "cart_updated", "e9"))
    world.pass_time(hours=1)
    world.ring()
    assert {request["user_id"] for request in world.requests()} == {"u", "v"}
