"""
What to say about a wrong value: what was expected, what is there, and what to do.
"""

import json
from typing import Any

from pydantic_core import ErrorDetails

from unless.definitions.durations import zone_names
from unless.definitions.issues import CheckCode, choices, nearest

SHOWN_MAX = 60
"""Most characters of a wrong value that a message repeats."""

ASIDE_MAX = 30
"""Most characters of a wrong value that is added to a message that does not need it."""

_OWN = frozenset(code.value for code in CheckCode)
"""Errors that our own validators raise: their texts are written for people already."""

_REMEDIES = {
    "bad_duration": "Write it with its unit, such as 45s, 30m, 1h30m, 5d or 2w.",
    "bad_time_zone": "Write user, company or an IANA name such as Europe/Paris.",
    "bad_regex": "Correct it; https://github.com/google/re2/wiki/Syntax lists what RE2 has.",
    "list_too_long": "Shorten the list, or let the app report one property that says it.",
    "reeligible_too_long": "Write 720d or less, or never.",
    "no_operator": "Write a value, a list of values, or operators such as {gte: 100}.",
    "string_type": "Put it in quotes if it is meant as text.",
    "int_type": "Write a whole number.",
    "bool_type": "Write true or false; yes, no, on and off are text.",
    "tuple_type": "Write a list: each item on its own line, after a dash.",
    "model_type": "Write a mapping: `key: value`, one on a line.",
    "dict_type": "Write a mapping: `key: value`, one on a line.",
    "string_pattern_mismatch": "Use 1 to 64 letters A-Z and a-z, digits, _ or -.",
    "string_too_short": "Write a name.",
    "too_short": "Write at least one item.",
    "string_too_long": "Shorten it to 255 characters.",
}

_EXPECTED = {
    "string_type": "expected a text",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "bool_type": "expected true or false",
    "tuple_type": "expected a list",
    "model_type": "expected a mapping",
    "dict_type": "expected a mapping",
    "string_pattern_mismatch": "expected an id of letters, digits, _ and -",
    "string_too_short": "expected a name",
    "too_short": "expected at least one item",
    "string_too_long": "expected at most 255 characters",
}


def message_of(error: ErrorDetails) -> str:
    """Return what was expected and what is there instead."""
    kind, given = error["type"], shown(error["input"])
    if kind == "no_operator":
        return "no operator is given"
    if kind in _OWN:
        return error["msg"] + (f" (here {given})" if len(given) < ASIDE_MAX else "")
    if kind in ("literal_error", "enum"):
        return f"expected {error['ctx']['expected']}, not {given}"
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"expected {_bound(error)}, not {given}"
    text = error["msg"].removeprefix("Input should be ")
    return f"{_EXPECTED.get(kind, f'expected {text}')}, not {given}"


def remedy_of(error: ErrorDetails) -> str:
    """Return what to do about a wrong value, naming what was probably meant."""
    kind, value = error["type"], error["input"]
    if kind in ("literal_error", "enum"):
        # Pydantic lists the choices as "'drop' or 'hold'".
        expected = error["ctx"]["expected"].replace(" or ", ", ").split(", ")
        return did_you_mean(value, [word.strip("'") for word in expected])
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"Write {_bound(error)}."
    remedy = error.get("ctx", {}).get("remedy") or _REMEDIES.get(kind, "Correct the value.")
    if kind == "bad_time_zone" and (zone := nearest(value, sorted(zone_names()))):
        return f"Did you mean `{zone}`? {remedy}"
    return str(remedy)


def effect_on_people(error: ErrorDetails) -> str:
    """Return what a wrong value would do to people; empty for what its code says already."""
    kind, value = error["type"], error["input"]
    if kind == "bad_duration" and isinstance(value, int | float) and value is not True:
        return f"{value} may be seconds, minutes or days: it would come far too early or too late."
    if kind == "bad_time_zone":
        return (
            f"Nobody knows what time it is in {shown(value)}: 09:00 could be the middle of "
            "somebody's night."
        )
    return ""


def _bound(error: ErrorDetails) -> str:
    context = error["ctx"]
    return f"{context['ge']} or more" if "ge" in context else f"{context['le']} or less"


def did_you_mean(given: Any, known: list[str]) -> str:
    """Return the nearest of the known names, if one is near, and all of them."""
    offered = nearest(given, known)
    return (f"Did you mean `{offered}`? " if offered else "") + f"Known here: {choices(known)}."


def shown(value: Any) -> str:
    """Return a value as people wrote it, in JSON, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…"
