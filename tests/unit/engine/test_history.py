"""What is remembered of events and purchases (SPEC section 2, section 3 `in_last`)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from unless.engine.history import PRODUCTS_MAX, in_last, remember, remember_event
from unless.engine.model import History, Purchases, UserEvent, UserState

TODAY = date(2026, 2, 28)
NOON = datetime(2026, 2, 28, 12, tzinfo=UTC)


def days_ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def happened(*times: datetime) -> History:
    """Return the history of something that happened at these times, told in this order."""
    history = History()
    for at in times:
        history = remember(history, at, 1, TODAY)
    return history


def event(name: str = "visit", at: datetime = NOON, **properties: Any) -> UserEvent:
    return UserEvent("e", "u", name, at, NOON, properties)


def bought(*purchases: dict[str, Any]) -> UserState:
    state = UserState("u")
    for properties in purchases:
        state = remember_event(state, event("purchase", **properties))
    return state


def test_the_first_time() -> None:
    """Once is a count of one, first and last at that time."""
    assert happened(NOON) == History(1, NOON, NOON, {TODAY: 1})


@pytest.mark.parametrize("order", [(3, 1, 2), (1, 2, 3), (2, 3, 1)])
def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    """First is the earliest and last the latest, whichever arrives first (V4)."""
    history = happened(*(days_ago(days) for days in order))
    assert (history.count, history.first, history.last) == (3, days_ago(3), days_ago(1))
    assert history.days == {date(2026, 2, 25): 1, date(2026, 2, 26): 1, date(2026, 2, 27): 1}


def test_days_are_kept_for_31_dates() -> None:
    """Counts by day reach back 30 days before today; the count and the first time know more."""
    history = remember(happened(days_ago(31), days_ago(30)), NOON, 2, TODAY)
    assert history.days == {date(2026, 1, 29): 1, TODAY: 2}
    assert (history.count, history.first) == (4, days_ago(31))


def test_days_that_have_become_old_are_dropped() -> None:
    """What was within the 31 dates is dropped when it no longer is."""
    history = remember(happened(days_ago(30)), NOON + timedelta(days=1), 1, date(2026, 3, 1))
    assert history.days == {date(2026, 3, 1): 1}


def test_an_unknown_first_time_stays_unknown() -> None:
    """A history that begins in the middle does not take its next event for the first one."""
    known = remember(History(count=2, last=days_ago(9)), NOON, 1, TODAY)
    assert (known.count, known.first, known.last) == (3, None, NOON)


@pytest.mark.parametrize(
    ("days", "count", "why"),
    [
        (1, 3, "today and yesterday, from midnight UTC"),
        (2, 4, "and the day before"),
        (29, 4, "one day too few"),
        (30, 5, "31 dates in all"),
    ],
)
def test_in_last_counts_whole_days(days: int, count: int, why: str) -> None:
    """`in_last` counts today and the days before, whatever the hour (SPEC section 3)."""
    yesterday = datetime(2026, 2, 27, tzinfo=UTC)
    just_before = yesterday - timedelta(seconds=1)
    history = happened(NOON, NOON, yesterday, just_before, days_ago(30))
    assert in_last(history, days, NOON) == count, why


def test_in_last_of_a_later_day_counts_less() -> None:
    """The days slide with the clock, also while nothing new happens."""
    history = happened(NOON)
    assert in_last(history, 1, NOON + timedelta(days=1)) == 1
    assert in_last(history, 1, NOON + timedelta(days=2)) == 0


def test_an_event_goes_to_the_history_of_its_name() -> None:
    """Each name has a history of its own, and the state from before is left as it was."""
    before = UserState("u", history={"login": happened(NOON)})
    after = remember_event(before, event("visit", at=days_ago(2)))
    assert after.history == {"login": happened(NOON), "visit": happened(days_ago(2))}
    assert after.purchases == Purchases()
    assert set(before.history) == {"login"}


def test_days_are_reckoned_from_the_arrival() -> None:
    """A late event still counts on its own day, one from too long ago on none."""
    state = remember_event(UserState("u"), event("visit", at=days_ago(5)))
    state = remember_event(state, event("visit", at=days_ago(40)))
    assert state.history["visit"].days == {date(2026, 2, 23): 1}


@pytest.mark.parametrize(
    ("quantity", "times"),
    [(3, 3), (1, 1), (None, 1), (0, 1), (-2, 1), (2.5, 1), ("3", 1), (True, 1), ([3], 1)],
)
def test_a_quantity_counts_as_so_many_purchases(quantity: Any, times: int) -> None:
    """A quantity of n is n purchases; what is no positive whole number is one."""
    state = bought({"product_id": "bag", "price": 10, "quantity": quantity})
    assert state.history["purchase"].count == times
    assert state.purchases.products["bag"] == History(times, NOON, NOON, {TODAY: times})
    assert state.purchases.total == str(10 * times)


@pytest.mark.parametrize(
    ("prices", "total"),
    [
        ([0.1, 0.2], "0.3"),
        ([0.1] * 10, "1.0"),
        ([30, -5.5], "24.5"),
        ([10**37, 0.01], f"{10**37}.01"),
        ([1e308, 0.01, -1e308], "0.01"),
        (["30", None, True, float("nan"), float("inf"), [1], {}], "0"),
    ],
)
def test_the_money_spent_is_exact(prices: list[Any], total: str) -> None:
    """Prices add up digit by digit as written; refunds subtract; what is no number adds nothing."""
    assert bought(*({"price": price} for price in prices)).purchases.total == total


@pytest.mark.parametrize("product", [None, 7, True, ["bag"], {"id": "bag"}])
def test_a_product_is_named_by_a_text(product: Any) -> None:
    """A purchase without a product's text counts, and is of no product."""
    state = bought({"product_id": product, "price": 5})
    assert (state.history["purchase"].count, state.purchases) == (1, Purchases("5", {}))


def test_the_product_bought_longest_ago_is_forgotten_first() -> None:
    """There are at most PRODUCTS_MAX products; the totals still know of all."""
    state = UserState("u")
    for number in range(PRODUCTS_MAX + 1):
        at = days_ago(1 if number == 0 else 3 if number == 7 else 2)
        bag = event("purchase", at=at, product_id=f"p{number}", price=1)
        state = remember_event(state, bag)
    assert set(state.purchases.products) == {f"p{n}" for n in range(PRODUCTS_MAX + 1)} - {"p7"}
    assert state.purchases.total == str(PRODUCTS_MAX + 1)
    assert state.history["purchase"].count == PRODUCTS_MAX + 1


def test_a_product_that_is_bought_again_pushes_none_out() -> None:
    """Only a new product makes the number of products grow."""
    products = {f"p{n}": happened(days_ago(n / 1000)) for n in range(PRODUCTS_MAX)}
    state = UserState("u", purchases=Purchases("0", products))
    again = remember_event(state, event("purchase", product_id="p9"))
    assert again.purchases.products.keys() == products.keys()
