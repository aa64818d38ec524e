"""
What an `update` step may write into a profile: what an event may carry (SPEC V6, V8, section 2).

The limits are those of `unless.events.limits`, which stands further out; a test holds them equal.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from unless.definitions.checking.wording import did_you_mean, shown
from unless.definitions.documents import Path
from unless.definitions.durations import zone_names, zone_of
from unless.definitions.issues import CheckCode, Mistake, choices, nearest

ATTRIBUTES_MAX = 256
"""Most attributes of one step; an event's (SPEC V6)."""

NESTING_MAX = 20
"""Deepest nesting of lists and mappings, `attributes` itself being 1; an event's (SPEC V6)."""

NAME_CHARACTERS_MAX = 255
"""Most characters of a name at any level; an event's (SPEC V6)."""

STRING_BYTES_MAX = 8_192
"""Most bytes of one text in UTF-8; an event's (SPEC V6)."""

NUMBER_DIGITS_MAX = 38
"""Most significant digits of a number, zeros before and after not counted; an event's (SPEC V6)."""

BYTES_MAX = 131_072
"""Most bytes (128 KiB) of all attributes as JSON; an event's (SPEC V6)."""

_STUCK = "No profile can hold it: people would come to this step and never leave it."

TEXTS = ("email", "phone", "language", "country")
"""Attributes with a meaning that are plain text (SPEC section 2)."""

SUBSCRIPTIONS = ("opted_in", "subscribed", "unsubscribed")
"""What `email_subscribe` may be (SPEC section 2)."""


def update_mistakes(attributes: Mapping[str, Any], path: Path) -> Iterator[Mistake]:
    """Yield what no profile may hold; null removes an attribute and is always allowed."""
    if len(attributes) > ATTRIBUTES_MAX:
        message = f"at most {ATTRIBUTES_MAX} attributes in a step, not {len(attributes)}"
        yield Mistake(CheckCode.LIST_TOO_LONG, path, message, "Write them in two steps.", _STUCK)
    found = list(_value(dict(attributes), path, 1))
    yield from found
    for name, value in attributes.items():
        if value is not None and not found:
            yield from _known(name, value, (*path, name))
    if not found and _size(attributes) > BYTES_MAX:
        message = f"more than {BYTES_MAX // 1024} KiB of attributes"
        yield _refused(path, message, "Shorten them; a profile is no place for documents.")


# --- attributes with a meaning ---


def _known(name: str, value: Any, path: Path) -> Iterator[Mistake]:
    if name in TEXTS and not isinstance(value, str):
        yield _refused(path, f"`{name}` is a text or null, not {shown(value)}", "Put it in quotes.")
    elif name == "email_subscribe" and value not in SUBSCRIPTIONS:
        expected = f"expected one of {choices(list(SUBSCRIPTIONS))}, not {shown(value)}"
        yield _refused(path, expected, did_you_mean(value, list(SUBSCRIPTIONS)))
    elif name == "time_zone" and not (isinstance(value, str) and zone_of(value)):
        yield _no_zone(value, path)
    elif name == "subscription_groups":
        yield from _groups(value, path)


def _no_zone(value: Any, path: Path) -> Mistake:
    offered = nearest(value, sorted(zone_names()))
    remedy = "Write an IANA name such as Europe/Paris, or null to remove it."
    return Mistake(
        CheckCode.BAD_TIME_ZONE,
        path,
        f"no such time zone: {shown(value)}",
        f"Did you mean `{offered}`? {remedy}" if offered else remedy,
    )


def _groups(value: Any, path: Path) -> Iterator[Mistake]:
    remedy = "Write {newsletter: true}, with the names of your groups."
    if not isinstance(value, dict):
        yield _refused(path, f"expected a mapping of groups, not {shown(value)}", remedy)
        return
    for group, member in value.items():
        if not isinstance(member, bool | None):
            message = f"a group is true, false or null, not {shown(member)}"
            yield _refused((*path, group), message, "Write true or false.")


# --- limits, at every level ---


def _value(value: Any, path: Path, level: int) -> Iterator[Mistake]:
    match value:
        case dict() | list() if level > NESTING_MAX:
            message = f"nested deeper than {NESTING_MAX} levels"
            yield _refused(path, message, "Write it flatter.")
        case dict():
            for name, part in value.items():
                yield from _name(name, path)
                yield from _value(part, (*path, name), level + 1)
        case list():
            for place, part in enumerate(value):
                yield from _value(part, (*path, place), level + 1)
        case str():
            yield from _text(value, path)
        case bool() | None:
            pass
        case int() | float():
            yield from _number(value, path)
        case _:
            message = f"a {type(value).__name__} is nothing that JSON has"
            yield _refused(path, message, "Write a text, a number, true, false, null or a list.")


def _name(name: object, path: Path) -> Iterator[Mistake]:
    if not isinstance(name, str) or not 1 <= len(name) <= NAME_CHARACTERS_MAX or not _utf8(name):
        message = f"a name in it is no text of 1 to {NAME_CHARACTERS_MAX} characters"
        yield _refused(path, message, "Shorten the name.")


def _text(text: str, path: Path) -> Iterator[Mistake]:
    encoded = _utf8(text)
    if text and not encoded:
        message = "half of a surrogate pair (\\ud800 to \\udfff) is no character"
        yield _refused(path, message, "Write the character itself.")
    elif len(encoded) > STRING_BYTES_MAX:
        message = f"a text of {len(encoded):,} bytes, at most {STRING_BYTES_MAX:,} are allowed"
        yield _refused(path, message, "Shorten it.")


def _number(number: float, path: Path) -> Iterator[Mistake]:
    try:
        finite = math.isfinite(float(number))
    except OverflowError:
        finite = False
    if not finite or len(str(abs(number)).strip("0")) > NUMBER_DIGITS_MAX:
        message = f"no finite number of at most {NUMBER_DIGITS_MAX} digits"
        yield _refused(path, message, "Put it in quotes, as a text.")


def _utf8(text: str) -> bytes:
    """Return the text in UTF-8, nothing where that cannot hold it."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return b""


def _size(attributes: Mapping[str, Any]) -> int:
    return len(json.dumps(dict(attributes), separators=(",", ":"), ensure_ascii=False).encode())


def _refused(path: Path, message: str, remedy: str) -> Mistake:
    return Mistake(CheckCode.BAD_VALUE, path, message, remedy, _STUCK)
