"""
Campaigns and events as a shop of some size might have them, for the benchmark of matching.

Each campaign has an event name and up to four property filters: a plan (80 %), a range of cart
values (60 %), some countries (50 %), a product of its own (10 %).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from typing import Any

from pydantic import TypeAdapter

from unless.definitions.filters import Where
from unless.engine.filters import Filter, compile_where
from unless.engine.index import EventIndex

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
PLANS = tuple(f"plan-{n}" for n in range(12))
COUNTRIES = tuple(f"country-{n}" for n in range(30))
CART_MAX = 2000
EVENTS, EVENTS_OF_MANY = 50, 5
"""
Different events per measurement, so that no single one decides the result; the more campaigns, at
all of which the plain loop has to look, the fewer.
"""

type Happened = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Campaigns:
    """Trigger rows, compiled, with an index over them; the key of a row is its place."""

    names: tuple[str, ...]
    filters: tuple[Filter, ...]
    index: EventIndex

    def plain_loop(self, happened: Happened) -> list[int]:
        """Return the rows that the event passes, by looking at all of them."""
        name, properties = happened
        return [
            key
            for key, other in enumerate(self.names)
            if other == name and self.filters[key].mismatch(properties, NOW) is None
        ]

    def indexed(self, happened: Happened) -> list[int]:
        """Return the rows that the event passes, by looking at the candidates."""
        filters = self.filters
        name, properties = happened
        return [
            key
            for key in self.index.candidates(name, properties)
            if filters[key].mismatch(properties, NOW) is None
        ]


def campaigns(count: int, names: int) -> Campaigns:
    """Return so many campaigns on so many event names, the same ones every time."""
    wheres, filters = _filters(count)
    rows = [(f"event-{n % names}", where, n) for n, where in enumerate(wheres)]
    return Campaigns(tuple(name for name, _, _ in rows), filters, EventIndex(rows))


@lru_cache(maxsize=1)
def _filters(count: int) -> tuple[tuple[Where, ...], tuple[Filter, ...]]:
    """Return the filters as written and compiled; the longest part of it all, so it is kept."""
    chance = Random(count)
    validate = TypeAdapter[Where](Where).validate_python
    wheres = tuple(validate(_where(chance, row)) for row in range(count))
    return wheres, tuple(map(compile_where, wheres))


def forget() -> None:
    """Let go of the filters that are kept."""
    _filters.cache_clear()


def _where(chance: Random, row: int) -> dict[str, Any]:
    where: dict[str, Any] = {}
    if chance.random() < 0.8:
        where["user.plan"] = chance.choice(PLANS)
    if chance.random() < 0.6:
        least = chance.randrange(CART_MAX)
        where["cart_value"] = {"gte": least, "lt": least + chance.randrange(50, 300)}
    if chance.random() < 0.5:
        where["country"] = chance.sample(COUNTRIES, 3)
    if chance.random() < 0.1:
        where["product_id"] = f"product-{row}"
    return where


def events(count: int, names: int) -> list[Happened]:
    """Return events that such campaigns wait for, with properties that some of them want."""
    chance = Random(count)
    return [
        (
            f"event-{chance.randrange(min(names, count))}",
            {
                "user": {"plan": chance.choice(PLANS)},
                "cart_value": round(chance.random() * CART_MAX, 2),
                "country": chance.choice(COUNTRIES),
                "product_id": f"product-{chance.randrange(count)}",
            },
        )
        for _ in range(min(EVENTS, max(EVENTS_OF_MANY, 100_000 // count)))
    ]
