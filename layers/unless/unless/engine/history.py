"""
What is remembered of the past: how often things happened to a user, purchases and receipts.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from typing import Any

from unless.definitions.filters import IN_LAST_MAX_DAYS
from unless.engine.model import History, Purchases, Receipt, UserEvent, UserState
from unless.engine.operators import is_number

PRODUCTS_MAX = 500
"""Most products per user whose purchases are told apart; keeps the user's state within its item."""

RECEIPTS_KEPT = timedelta(days=32)
"""How long single receipts are kept: the longest look-back of caps and conversions, and a day."""

PURCHASE = "purchase"

PROFILE = "unless.profile"
"""The name of what only brings attributes: nothing happened, so it has no history."""

# Wide enough for the sum of any two floating-point numbers (exponents -324 to 308), digit by digit.
_EXACT = Context(prec=1000)


def remember(history: History, at: datetime, times: int, today: date) -> History:
    """
    Return the history with `times` more at that instant, and days kept for the last 31 UTC dates.

    An unknown first time stays unknown: what happened before was earlier, or may have been.
    """
    first_ever = history.count == 0 and history.first is None
    oldest = today - timedelta(days=IN_LAST_MAX_DAYS)
    days = {day: count for day, count in history.days.items() if day >= oldest}
    if at.date() >= oldest:
        days[at.date()] = days.get(at.date(), 0) + times
    return History(
        count=history.count + times,
        first=at if first_ever else history.first and min(history.first, at),
        last=at if history.last is None else max(history.last, at),
        days=days,
    )


def in_last(history: History, days: int, now: datetime) -> int:
    """Return how often it happened today and on the given number of days before, UTC dates."""
    oldest = now.date() - timedelta(days=days)
    return sum(count for day, count in history.days.items() if day >= oldest)


def remember_event(state: UserState, event: UserEvent) -> UserState:
    """Return the state with this event in its history; a purchase of n counts as n purchases."""
    times = _quantity(event.properties) if event.name == PURCHASE else 1
    before = state.history.get(event.name, History())
    after = remember(before, event.time, times, event.arrived.date())
    state = replace(state, history={**state.history, event.name: after})
    if event.name != PURCHASE:
        return state
    return replace(state, purchases=_with_purchase(state.purchases, event, times))


def _quantity(properties: Mapping[str, Any]) -> int:
    quantity = properties.get("quantity")
    return quantity if type(quantity) is int and quantity > 0 else 1


def _with_purchase(purchases: Purchases, event: UserEvent, times: int) -> Purchases:
    spent = _EXACT.multiply(_price(event.properties), Decimal(times))
    total = str(_EXACT.add(Decimal(purchases.total), spent))
    product = event.properties.get("product_id")
    if not isinstance(product, str):
        return replace(purchases, total=total)
    before = purchases.products.get(product, History())
    after = remember(before, event.time, times, event.arrived.date())
    return Purchases(total, _most_recent({**purchases.products, product: after}))


def _price(properties: Mapping[str, Any]) -> Decimal:
    """Return the price as it was written, negative for a refund; zero when it is no number."""
    price = properties.get("price")
    amount = Decimal(repr(price)) if is_number(price) else Decimal(0)
    return amount if amount.is_finite() else Decimal(0)


def _most_recent(products: Mapping[str, History]) -> Mapping[str, History]:
    """Return the products without the one that was bought longest ago when there are too many."""
    if len(products) <= PRODUCTS_MAX:
        return products
    oldest = min(products, key=lambda name: (products[name].last is not None, products[name].last))
    return {name: history for name, history in products.items() if name != oldest}


def remember_receipt(state: UserState, receipt: Receipt) -> UserState:
    """Return the state with this receipt; `release_receipt` can take it back."""
    before = state.received.get(receipt.definition)
    after = remember(before or History(), receipt.time, 1, receipt.time.date())
    kept = (r for r in state.receipts if r.time >= receipt.time - RECEIPTS_KEPT)
    return replace(
        state,
        receipts=(*kept, replace(receipt, before=_without_days(before))),
        received={**state.received, receipt.definition: after},
    )


def release_receipt(state: UserState, send_id: str) -> UserState:
    """
    Return the state as if the message of that send had never been received.

    The campaign's later receipts are remembered again on top of what was known before this one.
    """
    released = next((r for r in state.receipts if r.send == send_id), None)
    if released is None:
        return state
    place = state.receipts.index(released)
    receipts = list(state.receipts[:place])
    history = released.before
    for later in state.receipts[place + 1 :]:
        if later.definition == released.definition:
            receipts.append(replace(later, before=history))
            history = _without_days(
                remember(history or History(), later.time, 1, later.time.date())
            )
        else:
            receipts.append(later)
    received = {name: h for name, h in state.received.items() if name != released.definition}
    if history is not None:
        days = _one_less(state.received[released.definition].days, released.time.date())
        received[released.definition] = replace(history, days=days)
    return replace(state, receipts=tuple(receipts), received=received)


def _without_days(history: History | None) -> History | None:
    """Return the history without its counts by day, which releasing a receipt can reckon back."""
    return history and History(history.count, history.first, history.last)


def _one_less(days: Mapping[date, int], day: date) -> Mapping[date, int]:
    return {d: n - (d == day) for d, n in days.items() if d != day or n > 1}
