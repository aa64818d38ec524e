"""
The limits inside `properties` and `attributes`: names, texts and numbers at every level (SPEC V6).
"""

import math
from collections.abc import Mapping
from typing import Any

from unless.events.json_text import significant_digits
from unless.events.limits import (
    NAME_CHARACTERS_MAX,
    NESTING_MAX,
    NUMBER_DIGITS_MAX,
    STRING_BYTES_MAX,
)
from unless.events.rejection import NotUnderstood, RejectReason


def check_object(value: Mapping[str, object], names_max: int) -> None:
    """
    Return if the object keeps every limit, itself being level 1 with at most `names_max` names.

    Raises:
        NotUnderstood: `too_many_properties`, `too_deep`, `bad_name`, `string_too_long`,
            `bad_string`, `bad_number`, `bad_type`; with the path to the place.
    """
    if len(value) > names_max:
        raise NotUnderstood(
            RejectReason.TOO_MANY_PROPERTIES,
            f"{len(value):,} names, at most {names_max} are allowed; nest them or send fewer",
        )
    _check_members(value, level=1)


def check_text(text: str) -> None:
    """
    Return if the text is Unicode that can be written.

    Raises:
        NotUnderstood: `bad_string`, for half of a surrogate pair, which no UTF-8 can hold.
    """
    if not text.isascii():
        _utf8(text)


def _check(value: object, level: int) -> None:
    """Judge one value; `level` is its own nesting if it is an object or an array."""
    if isinstance(value, str):
        _check_string(value)
    elif value is None or isinstance(value, bool):
        pass
    elif isinstance(value, int):
        _check_integer(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise _bad_number()
    elif isinstance(value, dict):
        _check_members(value, level)
    elif isinstance(value, list):
        _check_elements(value, level)
    else:
        raise NotUnderstood(
            RejectReason.BAD_TYPE,
            f"a {type(value).__name__} is not JSON; "
            "send text, a number, true, false, null, an array or an object",
        )


def _check_members(value: Mapping[Any, object], level: int) -> None:
    _check_level(level)
    for name, part in value.items():
        _check_name(name)
        try:
            _check(part, level + 1)
        except NotUnderstood as fault:
            raise fault.under(name) from None


def _check_elements(value: list[object], level: int) -> None:
    _check_level(level)
    for position, part in enumerate(value):
        try:
            _check(part, level + 1)
        except NotUnderstood as fault:
            raise fault.under(position) from None


def _check_level(level: int) -> None:
    if level > NESTING_MAX:
        raise NotUnderstood(
            RejectReason.TOO_DEEP,
            f"nested deeper than {NESTING_MAX} levels (properties and attributes are the first)",
        )


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not 1 <= len(name) <= NAME_CHARACTERS_MAX:
        raise NotUnderstood(
            RejectReason.BAD_NAME,
            f"a name in it is not a text of 1 to {NAME_CHARACTERS_MAX} characters",
        )
    check_text(name)


def _check_string(text: str) -> None:
    size = len(text) if text.isascii() else len(_utf8(text))
    if size > STRING_BYTES_MAX:
        raise NotUnderstood(
            RejectReason.STRING_TOO_LONG,
            f"a text of {size:,} bytes in UTF-8, at most {STRING_BYTES_MAX:,} are allowed",
        )


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotUnderstood(
            RejectReason.BAD_STRING, "half of a surrogate pair (\\ud800 to \\udfff) is no character"
        ) from None


def _check_integer(number: int) -> None:
    try:
        float(number)  # First, since writing an integer of many thousand digits as text is slow.
    except OverflowError:
        raise _bad_number() from None
    if abs(number) >= 10**NUMBER_DIGITS_MAX and significant_digits(str(number)) > NUMBER_DIGITS_MAX:
        raise _bad_number()


def _bad_number() -> NotUnderstood:
    return NotUnderstood(
        RejectReason.BAD_NUMBER,
        f"not a finite number of at most {NUMBER_DIGITS_MAX} significant digits; "
        "send a longer one as text",
    )
