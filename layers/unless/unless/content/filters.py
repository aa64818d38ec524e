"""
The filters that differ from python-liquid's own: dates without a clock, JSON, duplicates.
"""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from liquid import Environment, Markup, RenderContext, soft_str
from liquid.builtin.filters import array
from liquid.exceptions import FilterArgumentError
from liquid.filter import (
    liquid_filter,
    sequence_filter,
    string_filter,
    with_context,
    with_environment,
)

from unless.content.budget import Budget
from unless.content.html_text import without_tags
from unless.content.limits import VALUE_CHARACTERS_MAX

FORMAT_CHARACTERS_MAX = 100
"""Longest format of a date."""

_DIRECTIVE = re.compile(r"%(-?)(.?)", re.DOTALL)
_NUMBERS = "dmyYHIMSjuwU"
_KNOWN = frozenset("aAbBpZzsF%" + _NUMBERS)

_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&'\u2028\u2029"}


def budget_of(context: RenderContext) -> Budget:
    """Return what the rendering has done so far."""
    budget = getattr(context, "budget", None)
    if not isinstance(budget, Budget):
        raise TypeError("a rendering without a budget")
    return budget


@with_context
def date_filter(value: Any, form: Any = None, *, context: RenderContext) -> Any:
    """
    Return an instant or a date, in the words of a strftime format; ISO 8601 without one.

    `now` and `today` are the instant of the decision, never the clock's. An instant stands in UTC
    unless `in_zone` has put it elsewhere; a number counts seconds since 1970, UTC.
    """
    at = _instant(value, budget_of(context).now)
    return at.isoformat() if form is None else _formatted(at, str(form))


@with_context
def in_zone(value: Any, zone: Any, *, context: RenderContext) -> str:
    """Return the instant on the clock of a time zone (IANA), as ISO 8601 with its offset."""
    try:
        place = ZoneInfo(str(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FilterArgumentError(f"{str(zone)[:50]!r} is no time zone", token=None) from None
    return _instant(value, budget_of(context).now).astimezone(place).isoformat()


def _instant(value: Any, now: datetime) -> datetime:
    if value in ("now", "today"):
        return now
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        at = datetime.fromisoformat(str(value).strip())
    except (ValueError, OverflowError, OSError):
        raise FilterArgumentError(
            f"{str(value)[:50]!r} is no date such as 2026-02-02T10:00:00Z", token=None
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _formatted(at: datetime, form: str) -> str:
    """Return the instant in that format, alike on every machine: English names, no locale."""
    if len(form) > FORMAT_CHARACTERS_MAX:
        raise FilterArgumentError(
            f"a date format of more than {FORMAT_CHARACTERS_MAX} characters", token=None
        )

    def directive(match: re.Match[str]) -> str:
        plain, letter = match.groups()
        if letter not in _KNOWN:
            raise FilterArgumentError(f"`{match[0]}` is no part of a date", token=None)
        if letter == "s":
            return str(int((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)))
        text = at.strftime(f"%{letter}")
        return (text.lstrip("0") or "0") if plain and letter in _NUMBERS else text

    return _DIRECTIVE.sub(directive, form)


def json_filter(value: Any) -> str:
    """Return the value as JSON in which nothing can end a script or open a tag."""
    written = 0
    parts = []
    for part in json.JSONEncoder(ensure_ascii=False, allow_nan=False).iterencode(value):
        parts.append(part)
        written += len(part)
        _check_size(written)
    return "".join(parts).translate(_UNSAFE)


@string_filter
def replace(value: str, old: Any, new: Any = "") -> str:
    """Return the text with every `old` replaced, if it is not too long then."""
    old, new = soft_str(old), soft_str(new)
    _check_size(value.count(old) * len(new))
    return value.replace(old, new)


@with_environment
@liquid_filter
def join(items: Any, between: Any = " ", *, environment: Environment) -> Any:
    """Return the items as one text, if it is not too long."""
    if isinstance(items, list | tuple | range):
        _check_size(len(items) * len(str(between)))
    return array.join(items, between, environment=environment)


def _check_size(characters: int) -> None:
    if characters > VALUE_CHARACTERS_MAX:
        said = f"a text of more than {VALUE_CHARACTERS_MAX:,} characters"
        raise FilterArgumentError(said, token=None)


@sequence_filter
def uniq(items: list[Any], key: Any = None) -> list[Any]:
    """
    Return the items without repeats, by a value of theirs if it is named; the first one stays.

    In the time of one pass: python-liquid's own compares each with each.
    """
    seen: set[str] = set()
    texts: dict[int, str] = {}
    kept = []
    for item in items:
        part = item.get(str(key)) if key is not None and isinstance(item, dict) else item
        text = texts.get(id(part)) or json.dumps(part, sort_keys=True, default=repr)
        if isinstance(part, dict | list):  # what is large is written once; others may be gone soon
            texts[id(part)] = text
        if text not in seen:
            seen.add(text)
            kept.append(item)
    return kept


@string_filter
def strip_html(value: str) -> str:
    """Return the text without its tags, in one pass; its entities stay as they are."""
    stripped = without_tags(value)
    return type(value)(stripped) if isinstance(value, Markup) else stripped


REMOVED = frozenset({"safe"})
"""Filters of python-liquid that are not offered: `safe` would let a user's text be HTML."""
