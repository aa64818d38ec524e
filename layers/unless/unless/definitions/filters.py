"""
The tree of an audience, as people write it.

These models only hold what was written, checked. `unless.engine` judges by it.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from unless.definitions import written
from unless.definitions.durations import parse_duration
from unless.definitions.operators import Conditions, Operators, Where
from unless.definitions.values import Model

__all__ = [
    "AUDIENCE_KEYS",
    "IN_LAST_MAX_DAYS",
    "AllOf",
    "AnyOf",
    "AttributeFilter",
    "Audience",
    "EventFilter",
    "NotOf",
    "Operators",
    "PurchaseTotalFilter",
    "ReceivedFilter",
    "SegmentFilter",
    "SubscriptionGroupFilter",
    "Where",
]

IN_LAST_MAX_DAYS = 30
"""Longest look-back of `in_last`, in calendar days (SPEC section 3): so far day counts reach."""


class AttributeFilter(Operators):
    """The user's attribute at this path satisfies all operators."""

    attribute: Annotated[str, Field(min_length=1)]


class SubscriptionGroupFilter(Operators):
    """The user's state in this subscription group satisfies all operators."""

    subscription_group: Annotated[str, Field(min_length=1)]


def _calendar_days(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):  # as stored: number of days
        raise PydanticCustomError("bad_duration", "in_last is written with its unit, as in 30d")
    span = parse_duration(value)
    days = span // timedelta(days=1)
    if span != timedelta(days=days) or not 1 <= days <= IN_LAST_MAX_DAYS:
        raise PydanticCustomError(
            "bad_value",
            f"in_last counts whole days, 1d to {IN_LAST_MAX_DAYS}d",
            {"remedy": "Write such a number of days, or a relative filter on `last`."},
        )
    return days


CalendarDays = Annotated[int, BeforeValidator(_calendar_days), written.CALENDAR_DAYS]


class EventFilter(Model):
    """How often, first or last the user did an event; `count` defaults to at least once."""

    event: Annotated[str, Field(min_length=1)]
    where: Where = Field(default_factory=dict)
    count: Conditions | None = None
    first: Conditions | None = None
    last: Conditions | None = None
    in_last: CalendarDays | None = None


class ReceivedFilter(Model):
    """How often, first or last the user received a campaign; `count` defaults to at least once."""

    received: Annotated[str, Field(min_length=1)]
    count: Conditions | None = None
    first: Conditions | None = None
    last: Conditions | None = None
    in_last: CalendarDays | None = None


class PurchaseTotalFilter(Model):
    """The money that the user has spent, the sum of price times quantity over all currencies."""

    purchase_total: Conditions


class SegmentFilter(Model):
    """The user is in the segment of this name."""

    segment: str


class AllOf(Model):
    """Every part holds."""

    all: "tuple[Audience, ...]"


class AnyOf(Model):
    """At least one part holds."""

    any: "tuple[Audience, ...]"


class NotOf(Model):
    """The part does not hold."""

    not_: "Audience" = Field(alias="not")


AUDIENCE_KEYS = (
    "attribute", "subscription_group", "event", "received", "purchase_total", "segment",
    "all", "any", "not",
)  # fmt: skip


def _audience_kind(value: object) -> str | None:
    """Return the key that says which filter this is, or None unless there is exactly one."""
    if isinstance(value, dict):
        kinds = [key for key in AUDIENCE_KEYS if key in value]
        return kinds[0] if len(kinds) == 1 else None
    if isinstance(value, NotOf):
        return "not"
    return next((key for key in AUDIENCE_KEYS if hasattr(value, key)), None)


Audience = Annotated[
    Annotated[AttributeFilter, Tag("attribute")]
    | Annotated[SubscriptionGroupFilter, Tag("subscription_group")]
    | Annotated[EventFilter, Tag("event")]
    | Annotated[ReceivedFilter, Tag("received")]
    | Annotated[PurchaseTotalFilter, Tag("purchase_total")]
    | Annotated[SegmentFilter, Tag("segment")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NotOf, Tag("not")],
    Discriminator(
        _audience_kind,
        custom_error_type="bad_audience",
        custom_error_message="an audience filter has exactly one of: " + ", ".join(AUDIENCE_KEYS),
    ),
]
"""One node of an audience tree."""

for _model in (AllOf, AnyOf, NotOf):
    _model.model_rebuild()
