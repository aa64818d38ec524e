"""
Pydantic's errors as the mistakes that people made: one for each place, with what to do about it.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from unless.definitions.documents import Path
from unless.definitions.durations import zone_names
from unless.definitions.filters import AUDIENCE_KEYS, Model, Operators
from unless.definitions.issues import CheckCode, Mistake, choices, nearest
from unless.definitions.models import DELAY_KEYS
from unless.definitions.places import enclosing, known_keys, locate, models_at

SHOWN_MAX = 60
"""Most characters of a wrong value that a message repeats."""

_CODES = {code.value: code for code in CheckCode}

_OPERATORS_ELSEWHERE = {
    "equals": "eq", "is": "eq", "equal": "eq", "not": "ne", "not_equals": "ne", "is_not": "ne",
    "greater": "gt", "above": "gt", "more_than": "gt", "less": "lt", "below": "lt", "min": "gte",
    "less_than": "lt", "at_least": "gte", "at_most": "lte", "max": "lte", "regex": "matches",
    "contains": "contains_any", "exists": "blank", "one_of": "in", "within": "within_last",
}  # fmt: skip
"""What other products call our operators."""

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


def mistakes_in(
    error: ValidationError, model: type[Model], value: Any, around: Path = ()
) -> list[Mistake]:
    """Return what people did wrong in a value that the model refused, at places below `around`."""
    found = [mistake for each in error.errors() for mistake in _mistakes(each, model, value)]
    unique = {(mistake.path, mistake.code): mistake for mistake in reversed(found)}
    return [
        Mistake(mistake.code, (*around, *mistake.path), mistake.message, mistake.remedy)
        for mistake in reversed(unique.values())
    ]


def nulls_in(value: Any, path: Path = ()) -> Iterator[Mistake]:
    """
    Yield a mistake for each key or item without a value.

    The models take it for "not given": an audience that was commented out would be everyone.
    """
    items = list(value.items()) if isinstance(value, dict) else []
    items += enumerate(value) if isinstance(value, list) else []
    for step, part in items:
        if part is None:
            yield Mistake(
                CheckCode.BAD_VALUE,
                (*path, step),
                f"{_name((*path, step))} has no value",
                "Give it a value, or remove it; compare with nothing by {blank: true}.",
            )
        elif isinstance(part, dict | list):
            yield from nulls_in(part, (*path, step))


def _mistakes(error: ErrorDetails, model: type[Model], value: Any) -> Iterator[Mistake]:
    kind = error["type"]
    path = locate(error["loc"], value, missing=kind == "missing")
    if kind != "missing":
        path = enclosing(error["input"], value, path)
    if kind == "extra_forbidden":
        yield _unknown(path, models_at(model, value, path[:-1]))
    elif kind == "missing":
        yield _missing(path)
    elif kind in ("bad_delay", "bad_audience"):
        forms = DELAY_KEYS if kind == "bad_delay" else AUDIENCE_KEYS
        yield _no_form(path, error["input"], forms, models_at(model, value, path))
    else:
        yield _bad_value(error, path)


def _unknown(path: Path, models: tuple[type[Model], ...]) -> Mistake:
    key = path[-1]
    models = tuple(model for model in models if key not in known_keys((model,)))
    if models and all(issubclass(model, Operators) for model in models):
        return unknown_operator(path)
    known = known_keys(models)
    owner = "here"
    if len(path) == 1 and len(models) == 1:
        owner = f"of a {models[0].__name__.lower()}"
    elif len(path) > 1 and isinstance(path[-2], str):
        owner = f"of `{path[-2]}`"
    return unknown_key(path, f"`{key}` is not a key {owner}", known)


def unknown_key(path: Path, message: str, known: list[str]) -> Mistake:
    """Return the mistake of a key that is not known, naming the nearest of those that are."""
    return Mistake(CheckCode.UNKNOWN_KEY, path, message, _did_you_mean(path[-1], known))


def unknown_operator(path: Path) -> Mistake:
    """Return the mistake of an operator that does not exist, naming the one that was meant."""
    known = known_keys((Operators,))
    alike = nearest(path[-1], [*known, *_OPERATORS_ELSEWHERE])
    remedy = _did_you_mean(_OPERATORS_ELSEWHERE.get(str(alike), alike), known)
    return Mistake(CheckCode.UNKNOWN_OPERATOR, path, f"`{path[-1]}` is not an operator", remedy)


def _missing(path: Path) -> Mistake:
    owner = f" in `{path[-2]}`" if len(path) > 1 and isinstance(path[-2], str) else ""
    message = f"{_name(path)} is missing{owner}"
    return Mistake(CheckCode.BAD_VALUE, path, message, f"Add {_name(path)}.")


def _no_form(
    path: Path, value: Any, forms: tuple[str, ...], models: tuple[type[Model], ...]
) -> Mistake:
    """Return why a mapping is not exactly one of the forms that these keys name."""
    expected = f"exactly one of {choices(list(forms))}"
    if not isinstance(value, dict):
        message = f"expected a mapping with {expected}, not {_shown(value)}"
        return Mistake(CheckCode.BAD_VALUE, path, message, "Write a mapping: `key: value`.")
    given = [form for form in forms if form in value]
    if given:
        message = f"{choices(given)} exclude each other: expected {expected}"
        return Mistake(CheckCode.BAD_VALUE, path, message, "Keep one of them.")
    unknown = [key for key in value if key not in known_keys(models)]
    if unknown:
        meant = next((key for key in unknown if nearest(key, list(forms))), unknown[0])
        message = f"`{meant}` is not a key here: expected {expected}"
        return unknown_key((*path, meant), message, list(forms))
    return Mistake(CheckCode.BAD_VALUE, path, f"expected {expected}", "Add one of them.")


def _bad_value(error: ErrorDetails, path: Path) -> Mistake:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    code = CheckCode.LIST_TOO_LONG if kind == "too_long" else _CODES.get(kind, CheckCode.BAD_VALUE)
    remedy = context.get("remedy") or _REMEDIES.get(kind, "Correct the value.")
    if kind in ("literal_error", "enum"):
        message = f"expected {context['expected']}, not {_shown(value)}"
        known = [word.strip("' ") for word in context["expected"].replace(" or ", ",").split(",")]
        remedy = _did_you_mean(value, known)
    elif kind in _EXPECTED:
        message = f"{_EXPECTED[kind]}, not {_shown(value)}"
    elif kind == "no_operator":
        message = "no operator is given"
    elif kind in ("greater_than_equal", "less_than_equal"):
        bound = f"{context['ge']} or more" if "ge" in context else f"{context['le']} or less"
        message, remedy = f"expected {bound}, not {_shown(value)}", f"Write {bound}."
    elif kind in _CODES:
        message = (
            f"{error['msg']} (here {_shown(value)})" if len(_shown(value)) < 30 else error["msg"]
        )
    else:
        text = error["msg"].removeprefix("Input should be ")
        message = f"expected {text}, not {_shown(value)}"
    if kind == "bad_time_zone" and (zone := nearest(value, sorted(zone_names()))):
        remedy = f"Did you mean `{zone}`? {remedy}"
    return Mistake(code, path, message, remedy)


def _did_you_mean(given: Any, known: list[str]) -> str:
    offered = nearest(given, known)
    return (f"Did you mean `{offered}`? " if offered else "") + f"Known here: {choices(known)}."


def _name(path: Path) -> str:
    return f"`{path[-1]}`" if isinstance(path[-1], str) else f"item {path[-1]} of the list"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…"
