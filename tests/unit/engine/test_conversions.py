"""What counts as a conversion of which receipt, and what is told and derived of it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.engine.deciding import after, answer, at, defined, event, ring
from unless.engine.decide import decide
from unless.engine.decision import Answer, Decision
from unless.engine.definitions import Definitions
from unless.engine.model import Receipt, UserState
from unless.engine.records import Outcome, Record

DAY = 86400


def campaign(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a campaign with these conversions."""
    named = {"campaign": "c", "trigger": {"event": "go"}, "reeligible": "always"}
    return {**named, "conversions": list(rows), **more}


def receiver(definitions: Definitions, *seconds: float) -> UserState:
    """Return a user who was sent the campaign at each of these seconds."""
    state = UserState("u")
    for second in seconds:
        state = decide(state, event("go", second), definitions, at(second)).state
        state = ring(state, second, definitions).state
        state = answer(state, second, definitions).state
    return state


def conversions(decision: Decision) -> list[Record]:
    """Return the records of conversions."""
    return [record for record in decision.records if record.outcome is Outcome.CONVERTED]


def test_a_conversion_is_told_with_its_send_and_derives_an_event() -> None:
    """The record names the receipt's send, the row and how long it took."""
    published = defined(campaign({"event": "order", "within": "1h"}))
    state = receiver(published, 0)
    decision = decide(state, event("order", 90.5), published, at(91))
    (record,) = conversions(decision)
    assert (record.event, record.name, record.reason) == ("order-90.5", "order", None)
    assert record.send == state.receipts[0].send
    assert record.detail == {"row": 0, "primary": True, "after_s": 90}
    assert decision.derived == ("order-90.5#conversion:c",)
    assert decision.state.history["conversion"].count == 1
    assert decision.state.receipts[0].converted != ()


@pytest.mark.parametrize(
    ("second", "counts"), [(0, True), (-1, False), (3600, True), (3601, False)]
)
def test_both_ends_of_the_time_count(second: float, counts: bool) -> None:
    """From the receipt to exactly `within` after it, by when it happened."""
    published = defined(campaign({"event": "order", "within": "1h"}))
    decision = decide(
        receiver(published, 0), event("order", second, arrived=at(4000)), published, at(4000)
    )
    assert bool(conversions(decision)) is counts


@pytest.mark.parametrize(("age", "counts"), [(3 * DAY, True), (3 * DAY + 1, False)])
def test_an_event_older_than_three_days_is_none(age: int, counts: bool) -> None:
    """At exactly 72 hours it is one still (V7)."""
    published = defined(campaign({"event": "order", "within": "1h"}))
    arrived = at(60 + age)
    late = event("order", 60, arrived=arrived)
    assert bool(conversions(decide(receiver(published, 0), late, published, arrived))) is counts


def test_what_is_loaded_as_history_is_none() -> None:
    """It happened before there was anybody to count it."""
    published = defined(campaign({"event": "order"}))
    loaded = event("order", 60, backfill=True)
    assert conversions(decide(receiver(published, 0), loaded, published, at(60))) == []


def test_a_row_counts_once_for_each_receipt() -> None:
    """Two receipts have two conversions, the later one's first; a third order has none."""
    published = defined(campaign({"event": "order", "within": "1h"}))
    state = receiver(published, 0, 600)
    told: list[str | None] = []
    for second in (700, 800, 900):
        decision = decide(state, event("order", second), published, at(second))
        told += [record.send for record in conversions(decision)]
        state = decision.state
    first, second_ = (receipt.send for receipt in receiver(published, 0, 600).receipts)
    assert told == [second_, first]


def test_of_several_rows_the_first_that_counts_makes_the_only_conversion() -> None:
    """The next event of the same name has the next row left."""
    published = defined(campaign({"event": "order"}, {"event": "order", "within": "7d"}))
    state = receiver(published, 0)
    rows: list[Any] = []
    for second in (10, 20, 30):
        decision = decide(state, event("order", second), published, at(second))
        rows += [(record.detail["row"], record.detail["primary"]) for record in decision.records]
        state = decision.state
    assert rows == [(0, True), (1, False)]


def test_one_event_may_convert_several_campaigns() -> None:
    """One conversion of each."""
    other = {**campaign({"event": "order"}), "campaign": "d"}
    published = defined(campaign({"event": "order"}), other)
    state = after((0, event("go")), definitions=published)
    receipts = tuple(Receipt(f"s-{name}", name, at(0), "event") for name in ("c", "d"))
    decision = decide(
        replace(state, pending={}, receipts=receipts), event("order", 9), published, at(9)
    )
    assert decision.derived == ("order-9#conversion:c", "order-9#conversion:d")


def test_the_chain_of_conversions_that_convert_comes_to_an_end() -> None:
    """Each row counts once for a receipt, and nothing is derived too far down."""
    names = [f"c{number}" for number in range(30)]
    published = defined(
        *(
            {**campaign({"event": "conversion"}, {"event": "order"}), "campaign": name}
            for name in names
        )
    )
    receipts = tuple(Receipt(f"s-{name}", name, at(0), "event") for name in names)
    state = UserState("u", receipts=receipts)
    decision = decide(state, event("order", 9), published, at(9))
    assert len(conversions(decision)) == 60
    assert max(name.count("#conversion:") for name in decision.derived) <= 6


def test_what_was_refused_converts_nobody() -> None:
    """Its receipt is given back."""
    published = defined(campaign({"event": "order"}))
    claimed = ring(after((0, event("go")), definitions=published), 0, published).state
    refused = answer(claimed, 1, published, Answer.REFUSED).state
    assert conversions(decide(refused, event("order", 9), published, at(9))) == []
