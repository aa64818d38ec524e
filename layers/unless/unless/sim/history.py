"""A user as a scenario's `users` tells: attributes, and a history that happened before the run."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from unless.definitions.durations import in_utc
from unless.engine.attributes import GROUPS
from unless.engine.model import Attribute, History, Purchases, UserState
from unless.sim.scenario import ScenarioError

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When the attributes of a scenario's users were set: before every event."""


def initial_state(user: str, values: Mapping[str, Any]) -> UserState:
    """
    Return the state of a scenario's user at the beginning of the run.

    Raises:
        ScenarioError: a key or an instant that is not of SPEC section 7.
    """
    if unknown := set(values) - {"attributes", "history"}:
        raise ScenarioError(
            f"users.{user}: unknown key {min(unknown)!r}; expected attributes, history"
        )
    attributes = dict(values.get("attributes") or {})
    groups = attributes.pop(GROUPS, None) or {}
    told = dict(values.get("history") or {})
    received = told.pop("received", None) or {}
    purchase = told.get("purchase") or {}
    products = purchase.get("products") or {}
    where = f"users.{user}.history"
    return UserState(
        user=user,
        attributes={name: Attribute(value, LONG_AGO) for name, value in attributes.items()},
        groups={name: Attribute(value, LONG_AGO) for name, value in groups.items()},
        history={name: _history(f"{where}.{name}", row) for name, row in told.items()},
        purchases=Purchases(
            total=str(purchase.get("total", 0)),
            products={name: _history(f"{where}.{name}", row) for name, row in products.items()},
        ),
        received={
            name: _history(f"{where}.received.{name}", row) for name, row in received.items()
        },
    )


def _history(where: str, row: Mapping[str, Any]) -> History:
    """
    Return the history of a row; at least one of the events happened on the day of `first` and
    `last`.
    """
    if unknown := set(row) - {"count", "first", "last", "total", "products"}:
        raise ScenarioError(f"{where}: unknown key {min(unknown)!r}; expected count, first, last")
    times = {}
    for key in ("first", "last"):
        if row.get(key) is not None:
            times[key] = in_utc(row[key])
            if times[key] is None:
                raise ScenarioError(f"{where}.{key}: expected an instant, got {row[key]!r}")
    count = row.get("count", 1 if times else 0)
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise ScenarioError(f"{where}.count: expected a whole number, got {count!r}")
    days = {at.date(): 1 for at in times.values() if at} if count else {}
    return History(count, times.get("first"), times.get("last"), days)
