"""Who is in an audience: attributes, history, purchases, receipts, segments (SPEC section 3)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from unless.definitions.filters import Audience
from unless.engine.audience import compile_audience
from unless.engine.model import Attribute, History, Purchases, UserState
from unless.engine.records import Mismatch

AUDIENCE: TypeAdapter[Audience] = TypeAdapter(Audience)
NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
STRANGER = UserState("u")


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def attribute(value: Any) -> Attribute:
    return Attribute(value, NOW)


BAG = History(3, ago(40), ago(1), {date(2026, 2, 1): 1})
HAT = History(2, ago(20), ago(5), {date(2026, 1, 28): 2})
REGULAR = UserState(
    "u",
    attributes={
        "plan": attribute("gold"),
        "age": attribute(7),
        "gone": attribute(None),
        "address": attribute({"city": "Lyon"}),
        "pets": attribute([{"kind": "cat"}, {"kind": "dog"}]),
    },
    groups={"news": attribute(True), "promo": attribute(False), "left": attribute(None)},
    history={
        "purchase": History(5, ago(40), ago(1), {date(2026, 2, 1): 1, date(2026, 1, 28): 2}),
        "visit": History(1, ago(3), ago(3), {date(2026, 1, 30): 1}),
        "imported": History(count=2, last=ago(9)),
    },
    purchases=Purchases("99.99", {"bag": BAG, "hat": HAT, "old": History(2, last=ago(9))}),
    received={"welcome": History(1, ago(7), ago(7), {date(2026, 1, 26): 1})},
)
SEGMENTS = {
    "gold": AUDIENCE.validate_python({"attribute": "plan", "eq": "gold"}),
    "not_gold": AUDIENCE.validate_python({"not": {"segment": "gold"}}),
}


def mismatch(audience: Any, state: UserState = REGULAR) -> Mismatch | None:
    written = AUDIENCE.validate_python(audience)
    return compile_audience(written, SEGMENTS).mismatch(state, NOW)


GOLD, SILVER = {"attribute": "plan", "eq": "gold"}, {"attribute": "plan", "eq": "silver"}
BAGS = {"event": "purchase", "where": {"product_id": "bag"}}
OLD_TOO = {"event": "purchase", "where": {"product_id": ["old", "hat"]}}
ALL_PRODUCTS = {"event": "purchase", "where": {"product_id": ["bag", "hat"]}}

IN: list[tuple[Any, str]] = [
    (GOLD, "an attribute of that value"),
    ({"attribute": "address.city", "in": ["Lyon"]}, "a path into an attribute"),
    ({"attribute": "pets[].kind", "eq": "dog"}, "one element of an array attribute"),
    ({"attribute": "gone", "blank": True}, "a removed attribute is missing"),
    ({"attribute": "height", "ne": 7}, "a missing one differs from every value"),
    ({"attribute": "subscription_groups.news", "eq": True}, "groups are an attribute, too"),
    ({"subscription_group": "news", "eq": True}, "in the group"),
    ({"subscription_group": "promo", "eq": False}, "out of the group"),
    ({"subscription_group": "other", "ne": True}, "a group never heard of is missing"),
    ({"subscription_group": "left", "blank": True}, "a group that was removed is missing"),
    ({"event": "visit"}, "at least once is meant"),
    ({"event": "visit", "count": 1}, "exactly once"),
    ({"event": "login", "count": 0}, "a missing count is 0"),
    ({"event": "login", "count": {"lt": 1}}, "a missing count is 0, also for lt"),
    ({"event": "visit", "first": {"more_than_ago": "2d"}}, "first long enough ago"),
    ({"event": "imported", "last": {"before": "2026-02-01"}}, "last before a date"),
    ({"event": "purchase", "last": {"day_of_year": "02-01"}}, "last on that day of the year"),
    ({"event": "purchase", "count": {"gte": 3}, "in_last": "5d"}, "three on these dates"),
    ({"event": "purchase", "count": {"eq": 1}, "in_last": "4d"}, "one since four days before"),
    ({"event": "visit", "count": 0, "in_last": "2d"}, "none on these dates"),
    ({**BAGS, "count": 3}, "three of the product"),
    ({**BAGS, "count": 1, "in_last": "30d"}, "one of the product in 30 days"),
    ({"event": "purchase", "where": {"product_id": "sock"}, "count": 0}, "none of the product"),
    ({**ALL_PRODUCTS, "count": 5}, "counts of products add up"),
    ({**ALL_PRODUCTS, "count": 3, "in_last": "5d"}, "days of products add up"),
    ({**ALL_PRODUCTS, "first": {"more_than_ago": "39d"}}, "first of any of the products"),
    ({**ALL_PRODUCTS, "last": {"within_last": "1d"}}, "last of any of the products"),
    ({"event": "purchase", "where": {"product_id": {"ne": "bag"}}, "count": 4}, "of others"),
    ({"received": "welcome"}, "received it"),
    ({"received": "welcome", "last": {"more_than_ago": "6d"}}, "received it some time ago"),
    ({"received": "other", "count": 0}, "never received it"),
    ({"purchase_total": {"lt": 100, "gte": 99.99}}, "the sum is exact"),
    ({"purchase_total": 99.99}, "equal to the last cent"),
    ({"purchase_total": {"in": [1, 99.99]}}, "one of some sums"),
    ({"segment": "gold"}, "in the segment"),
    ({"not": {"segment": "not_gold"}}, "not in a segment of those not in another"),
    ({"all": []}, "nothing is asked"),
    ({"all": [GOLD, {"event": "visit"}]}, "both"),
    ({"any": [SILVER, GOLD]}, "one of them"),
    ({"not": SILVER}, "the opposite"),
    ({"not": {"attribute": "height", "eq": 7}}, "the opposite of what a missing value fails"),
    ({"all": [{"any": [SILVER, {"not": SILVER}]}, {"not": {"all": [GOLD, SILVER]}}]}, "nested"),
]  # fmt: skip

OUT: list[tuple[Any, Mismatch]] = [
    (SILVER, Mismatch("plan", "eq", "silver", "gold")),
    ({"attribute": "age", "eq": "7"}, Mismatch("age", "eq", "7", 7)),
    ({"attribute": "gone", "blank": False}, Mismatch("gone", "blank", False, None)),
    ({"attribute": "height", "lt": 5}, Mismatch("height", "lt", 5, None)),
    ({"attribute": "pets[].kind", "ne": "dog"},
     Mismatch("pets[].kind", "ne", "dog", ["cat", "dog"])),
    ({"subscription_group": "promo", "eq": True},
     Mismatch("subscription group promo", "eq", True, False)),
    ({"subscription_group": "other", "eq": False},
     Mismatch("subscription group other", "eq", False, None)),
    ({"event": "login"}, Mismatch("count of login", "gte", 1, 0)),
    ({"event": "visit", "count": {"gt": 1}}, Mismatch("count of visit", "gt", 1, 1)),
    ({"event": "visit", "count": 1, "in_last": "2d"},
     Mismatch("count of visit in the last 2 days", "eq", 1, 0)),
    ({"event": "visit", "last": {"within_last": "2d"}},
     Mismatch("last visit", "within_last", "2d", "2026-01-30T10:00:00Z")),
    ({"event": "login", "count": 0, "last": {"before": "2027-01-01"}},
     Mismatch("last login", "before", "2027-01-01T00:00:00Z", None)),
    ({"event": "login", "count": 0, "first": {"blank": True}},
     Mismatch("first login", "blank", True, None)),
    ({"event": "imported", "first": {"ne": "x"}}, Mismatch("first imported", "ne", "x", None)),
    ({**BAGS, "count": 4}, Mismatch("count of purchase", "eq", 4, 3)),
    ({**OLD_TOO, "first": {"after": "2020-01-01"}},
     Mismatch("first purchase", "after", "2020-01-01T00:00:00Z", None)),
    ({"event": "visit", "where": {"product_id": "bag"}}, Mismatch("count of visit", "gte", 1, 0)),
    ({"received": "other"}, Mismatch("count of received other", "gte", 1, 0)),
    ({"purchase_total": {"gte": 100}}, Mismatch("purchase_total", "gte", 100, 99.99)),
    ({"segment": "not_gold"}, Mismatch("plan", "not", {"eq": "gold"}, "gold")),
    ({"all": [GOLD, SILVER, {"event": "login"}]}, Mismatch("plan", "eq", "silver", "gold")),
    ({"any": [SILVER, {"event": "login"}]}, Mismatch("count of login", "gte", 1, 0)),
    ({"any": []}, Mismatch("any", "any", [], None)),
    ({"not": {"event": "visit", "count": {"gte": 1}}},
     Mismatch("visit", "not", {"count": {"gte": 1}}, {"count": 1})),
    ({"not": {"attribute": "height", "ne": 7}}, Mismatch("height", "not", {"ne": 7}, None)),
    ({"not": {"all": [GOLD, {"purchase_total": {"gt": 5}}]}},
     Mismatch("plan, purchase_total", "not", [{"eq": "gold"}, {"gt": 5}], ["gold", 99.99])),
]  # fmt: skip


@pytest.mark.parametrize(("audience", "why"), IN, ids=[why for _, why in IN])
def test_the_user_is_in_the_audience(audience: Any, why: str) -> None:
    """This filter takes the user in."""
    assert mismatch(audience) is None, why


@pytest.mark.parametrize(("audience", "expected"), OUT, ids=[str(written) for written, _ in OUT])
def test_the_user_is_not_in_the_audience(audience: Any, expected: Mismatch) -> None:
    """This filter leaves the user out, and says by which clause, with both values."""
    assert mismatch(audience) == expected


def test_no_audience_means_everyone() -> None:
    """A campaign without an audience reaches users of whom nothing is known."""
    assert compile_audience(None, {}).mismatch(STRANGER, NOW) is None


def test_of_a_stranger_nothing_is_known() -> None:
    """Of a user without any data, counts and the sum are 0 and all else is missing."""
    assert mismatch({"purchase_total": {"gte": 0, "lt": 1}}, STRANGER) is None
    assert mismatch({"all": [{"event": "visit", "count": 0}, {"not": GOLD}]}, STRANGER) is None
    assert mismatch({"received": "welcome", "first": {"before": "2030-01-01"}}, STRANGER)


@pytest.mark.parametrize("segments", [{}, {"gold": {"segment": "gold"}},
    {"gold": {"not": {"segment": "b"}}, "b": {"any": [{"segment": "gold"}]}}])  # fmt: skip
def test_a_segment_that_leads_nowhere_is_a_bug(segments: dict[str, Any]) -> None:
    """A missing segment, or a circle of them, should not have passed the checks."""
    written = {name: AUDIENCE.validate_python(each) for name, each in segments.items()}
    with pytest.raises(ValueError, match="segment 'gold'"):
        compile_audience(AUDIENCE.validate_python({"segment": "gold"}), written)


def test_attributes_are_put_together_once() -> None:
    """However many are asked about, one judgement reads them once, or not at all."""
    reads = []

    class Watched(UserState):
        def attribute_values(self) -> dict[str, Any]:
            reads.append(self.user)
            return super().attribute_values()

    watched = replace(Watched("u"), attributes=REGULAR.attributes)
    assert (
        mismatch({"all": [GOLD, {"not": SILVER}, {"attribute": "age", "gt": 1}]}, watched) is None
    )
    assert len(reads) == 1
    assert mismatch({"event": "visit", "count": 0}, watched) is None
    assert len(reads) == 1
