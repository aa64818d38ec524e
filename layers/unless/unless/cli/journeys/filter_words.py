"""
Filters in short words, as they stand beside a step: `cart_value >= 100`, `last session within 1d`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from unless.cli.console import printable
from unless.definitions.durations import format_duration
from unless.definitions.filters import (
    AllOf,
    AnyOf,
    AttributeFilter,
    Audience,
    EventFilter,
    NotOf,
    Operators,
    PurchaseTotalFilter,
    ReceivedFilter,
    SegmentFilter,
    SubscriptionGroupFilter,
    Where,
)

TEXT_MAX = 300
"""Most characters of one filter; the file has all of it."""

VALUE_MAX = 40
"""Most characters of one value of a filter."""

VALUES_MAX = 5
"""Most values of one list of a filter."""

_WORDS = {
    "eq": "is {}",
    "ne": "is not {}",
    "in": "is {}",
    "not_in": "is none of {}",
    "gt": "> {}",
    "gte": ">= {}",
    "lt": "< {}",
    "lte": "<= {}",
    "matches": "matches {}",
    "not_matches": "does not match {}",
    "contains_any": "contains {}",
    "contains_none": "contains none of {}",
    "before": "before {}",
    "after": "after {}",
    "within_last": "within the last {}",
    "more_than_ago": "more than {} ago",
    "within_next": "within the next {}",
    "more_than_ahead": "more than {} ahead",
    "day_of_year": "on {}",
}

_ONCE = {"gte": 1}
_NEVER = {"eq": 0}


def shortened(text: str, limit: int = TEXT_MAX) -> str:
    """Return the text on one line, and cut where it is longer than the limit, in characters."""
    text = printable(text)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def where_words(where: Where) -> str:
    """Return a property filter in words, empty for none."""
    return shortened(" and ".join(_clause(path, each) for path, each in where.items()))


def event_words(event: str, where: Where) -> str:
    """Return an event with its filter: `purchase (currency is EUR)`."""
    words = where_words(where)
    name = shortened(event)
    return f"{name} ({words})" if words else name


def audience_words(audience: Audience) -> str:
    """Return the tree of an audience as one line."""
    return shortened(_audience(audience))


def _audience(audience: Audience) -> str:
    match audience:
        case AllOf():
            return _joined(" and ", audience.all) or "everyone"
        case AnyOf():
            return _joined(" or ", audience.any) or "nobody"
        case NotOf(not_=part):
            text = _audience(part)
            return f"not {text}" if isinstance(part, SegmentFilter) else f"not ({text})"
        case AttributeFilter():
            return _clause(audience.attribute, audience)
        case SubscriptionGroupFilter():
            return _clause(f"group {audience.subscription_group}", audience)
        case EventFilter():
            return _happened(event_words(audience.event, audience.where), audience)
        case ReceivedFilter():
            return _happened(f"received {audience.received}", audience)
        case PurchaseTotalFilter():
            return _clause("money spent", audience.purchase_total)
        case SegmentFilter():
            return f"in segment {audience.segment}"


def _joined(word: str, parts: Iterable[Audience]) -> str:
    parts = tuple(parts)
    texts = [_audience(part) for part in parts]
    if len(parts) < 2:
        return "".join(texts)
    trees = [isinstance(part, AllOf | AnyOf) for part in parts]
    return word.join(f"({text})" if tree else text for text, tree in zip(texts, trees, strict=True))


def _happened(what: str, filter_: EventFilter | ReceivedFilter) -> str:
    """Return how often, first or last something must have happened."""
    parts = [
        f"{edge} {what} {_conditions(asked.conditions())}"
        for edge, asked in (("first", filter_.first), ("last", filter_.last))
        if asked is not None
    ]
    count = filter_.count.conditions() if filter_.count else _ONCE
    if count == _NEVER:
        parts.insert(0, f"no {what}")
    elif count == _ONCE and not parts:
        parts.insert(0, f"{what} at least once")
    elif count != _ONCE:
        parts.insert(0, f"count of {what} {_conditions(count)}")
    days = f" in the last {filter_.in_last}d" if filter_.in_last else ""
    return " and ".join(parts) + days


def _clause(path: str, operators: Operators) -> str:
    return f"{path} {_conditions(operators.conditions())}"


def _conditions(asked: Mapping[str, Any]) -> str:
    return " and ".join(_condition(operator, value) for operator, value in asked.items())


def _condition(operator: str, value: Any) -> str:
    if operator == "blank":
        return "is blank" if value else "is not blank"
    return _WORDS.get(operator, f"{operator} {{}}").format(value_words(value))


def value_words(value: Any) -> str:
    """Return a value as people write it; of a long list the first ones."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case timedelta():
            return format_duration(value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case list() | tuple():
            shown = [value_words(each) for each in value[:VALUES_MAX]]
            more = len(value) - len(shown)
            return ", ".join(shown) + f" or {more} more" if more else " or ".join(shown)
        case Mapping():
            shown = [f"{key}: {value_words(each)}" for key, each in value.items()]
            return shortened("{" + ", ".join(shown) + "}", VALUE_MAX)
        case str():
            return shortened(value, VALUE_MAX) if value.strip() else f"'{shortened(value)}'"
        case _:
            return shortened(str(value), VALUE_MAX)
