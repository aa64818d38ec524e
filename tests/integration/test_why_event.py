"""
`unless why --event` and `--audit` against a stack on moto: judged now, summed up, nothing written.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_commands import Typed, typed_on
from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated, where: {cart_value: {gte: 100}}}
audience: {all: [{attribute: country, in: [FR, BE]}, {attribute: plan, eq: gold}]}
delay: {after: 1h}
unless: [{event: purchase, match: cart_id}]
"""

TOUR = """
journey: tour
entry: {trigger: {event: registered}}
steps: [{delay: {id: wait, after: 2d}}, {message: {id: later}}]
"""

FRENCH = {"country": "FR", "plan": "gold", "time_zone": "Europe/Paris"}


@pytest.fixture
def typed(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command, on the stack `unless` with a campaign and a journey."""
    world.publish(CART, TOUR)
    return typed_on(world, monkeypatch)


@pytest.fixture
def event(tmp_path: Path) -> Path:
    """A cart of 150 euros, without a user or an id."""
    return written(tmp_path, event="cart_updated", properties={"cart_id": "c-9", "cart_value": 150})


def written(folder: Path, **row: Any) -> Path:
    """A file with this event."""
    path = folder / "event.json"
    path.write_text(json.dumps(row, indent=1))
    return path


def asked(typed: Typed, *words: str | Path) -> str:
    """What the command answers."""
    result = typed("why", *words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_an_event_that_would_start_a_message_says_when(
    world: AwsWorld, typed: Typed, event: Path
) -> None:
    """When it would go out on the user's clock, and what would cancel it; nothing is written."""
    world.evaluate(world.event("ana", "page_viewed", attributes=FRENCH))
    before = world.items("ana")
    text = asked(typed, "ana", "--event", event)
    assert "Would be sent at 12:00 (11:00 UTC), in 1 hour, unless purchase with cart_id c-9" in text
    assert "Nothing was written" in text
    assert world.items("ana") == before
    assert world.records("ana") == []


def test_an_event_that_would_start_nothing_names_all_that_fails(
    typed: Typed, tmp_path: Path
) -> None:
    """The first check that fails is the reason, the others stand beside it with their values."""
    low = written(tmp_path, event="cart_updated", properties={"cart_value": 50})
    text = asked(typed, "ben", "--event", low)
    assert "Nothing is known of this user so far" in text
    assert "Would not be sent: the event cart_updated did not pass the trigger's filter" in text
    assert "cart_value was 50 and had to be at least 100. (`filter_mismatch`)" in text
    assert "Nor otherwise: they were not in the audience, because they had no country" in text
    assert "The audience asks for more: they had no plan, and it had to be gold." in text


def test_what_an_event_would_end_or_change_is_said(
    world: AwsWorld, typed: Typed, tmp_path: Path
) -> None:
    """An exception triggers nothing, and still something follows from it."""
    world.evaluate(world.event("ana", "cart_updated", "e1", cart_id="c-9", cart_value=150,
                               attributes=FRENCH))  # fmt: skip
    world.pass_time(minutes=45)
    bought = written(
        tmp_path, event="purchase", properties={"cart_id": "c-9"}, attributes={"vip": True}
    )
    text = asked(typed, "ana", "--event", bought)
    assert "No campaign or journey has the trigger purchase." in text
    assert "What is pending of cart since cart_updated e1 would end: they bought at 11:45" in text
    assert "The attribute vip would be true; it is missing now." in text


def test_a_journey_says_in_which_step_they_would_be(typed: Typed, tmp_path: Path) -> None:
    """And another definition says that it is not triggered by such an event."""
    registered = written(tmp_path, event="registered", user="eve")
    text = asked(typed, "eve", "tour", "--event", registered)
    assert "Would enter the journey, and be in step wait until Wed 4 Feb 2026, 10:00 UTC." in text
    text = asked(typed, "eve", "cart", "--event", registered)
    assert "cart is not triggered by registered: its trigger is cart_updated." in text


def test_an_event_that_has_arrived_before_is_said_to_do_nothing(
    world: AwsWorld, typed: Typed, tmp_path: Path
) -> None:
    """The same id is the same event (V1)."""
    world.evaluate(world.event("ana", "registered", "reg"))
    again = written(tmp_path, event="registered", id="reg")
    text = asked(typed, "ana", "--event", again)
    assert "This id arrived" in text
    assert "the same event again does nothing" in text


def test_json_has_the_form_of_records(typed: Typed, event: Path) -> None:
    """Machines see what the record would be, and that there is none."""
    (row,) = map(json.loads, asked(typed, "ben", "--event", event, "--json").splitlines())
    assert (row["campaign"], row["outcome"], row["reason"]) == (
        "cart",
        "skipped",
        "not_in_audience",
    )
    assert row["would"] is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this is not one event"),
        ("[]", "it is no JSON object"),
        ('{"event": "a"}\n{"event": "b"}', "it has 2 lines"),
        ('{"properties": {}}', "can never be understood"),
        ('{"event": "a", "user": "eve"}', "the event is of eve, not of ana"),
    ],
)
def test_what_is_no_event_is_said(typed: Typed, tmp_path: Path, text: str, said: str) -> None:
    """Each with what an event looks like, or what to ask instead."""
    path = tmp_path / "event.json"
    path.write_text(text)
    result = typed("why", "ana", "--event", path)
    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 2


def test_the_sums_of_a_stack_add_up(world: AwsWorld, typed: Typed) -> None:
    """Every trigger is sent, cancelled, skipped or pending, and the command says so."""
    for user, value in (("ana", 150), ("ben", 150), ("eve", 50)):
        world.evaluate(
            world.event(user, "cart_updated", cart_id="c", cart_value=value, attributes=FRENCH)
        )
    world.evaluate(world.event("ana", "registered"), world.event("ben", "purchase", cart_id="c"))
    text = asked(typed, "--audit")
    assert [line.split() for line in text.splitlines() if line.startswith(("cart", "tour"))] == [
        ["cart", "3", "0", "1", "1", "1", "✓"],
        ["tour", "1", "0", "0", "0", "1", "✓"],
    ]
    assert "Every trigger on record ended once, or is pending." in text
    rows = [json.loads(line) for line in asked(typed, "--audit", "--json").splitlines()]
    assert [row["triggers"] for row in rows] == [3, 1]


def test_a_lost_message_is_found(
    world: AwsWorld, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What began, has not ended and is not pending fails the audit, which names user and event."""
    monkeypatch.setattr("unless.app.audit.SETTLING", timedelta())
    cart = {"cart_id": "c", "cart_value": 150, "attributes": FRENCH}
    world.evaluate(world.event("ana", "cart_updated", "evt-1", **cart))
    (sort,) = [sort for sort in world.items("ana") if "#s-" in sort]
    world.client("dynamodb").delete_item(
        TableName=world.aws.settings.table, Key={"PK": {"S": "USER#ana"}, "SK": {"S": sort}}
    )
    result = typed("why", "--audit")
    assert result.exit_code == 1
    assert "cart 1 0 0 0 0 ✗" in " ".join(result.stdout.split())
    assert "campaign cart, user ana, event evt-1: It began, has not ended" in result.stdout


@pytest.mark.parametrize(
    "words", [(), ("ana", "--audit"), ("ana", "--event", "e", "--records", "r")]
)
def test_a_question_that_contradicts_itself_is_refused(
    typed: Typed, words: tuple[str, ...]
) -> None:
    """The exit code is that of a wrong command."""
    assert typed("why", *words).exit_code == 2
