"""
Pydantic's errors as the mistakes that people made: one for each place, with what to do about it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from unless.definitions.checking.places import enclosing, known_keys, locate, models_at, owners
from unless.definitions.checking.wording import (
    did_you_mean,
    effect_on_people,
    message_of,
    remedy_of,
    shown,
)
from unless.definitions.delays import DELAY_KEYS
from unless.definitions.documents import Path
from unless.definitions.effects import without
from unless.definitions.filters import AUDIENCE_KEYS
from unless.definitions.issues import CheckCode, Mistake, choices, nearest
from unless.definitions.operators import Operators
from unless.definitions.steps import STEP_KINDS
from unless.definitions.values import Model

_CODES = {code.value: code for code in CheckCode}

FORMS = {"bad_delay": DELAY_KEYS, "bad_audience": AUDIENCE_KEYS, "bad_step": STEP_KINDS}
"""The keys of which a mapping has exactly one, by the error that says it has not."""

OWNERS_MAX = 2
"""Most places that are offered for a key that stands one level too far out."""

_OPERATORS_ELSEWHERE = {
    "equals": "eq", "is": "eq", "equal": "eq", "not": "ne", "not_equals": "ne", "is_not": "ne",
    "greater": "gt", "above": "gt", "more_than": "gt", "less": "lt", "below": "lt", "min": "gte",
    "less_than": "lt", "at_least": "gte", "at_most": "lte", "max": "lte", "regex": "matches",
    "contains": "contains_any", "exists": "blank", "one_of": "in", "within": "within_last",
}  # fmt: skip
"""What other products call our operators."""


def mistakes_in(
    error: ValidationError, model: type[Model], value: Any, around: Path = ()
) -> list[Mistake]:
    """Return what people did wrong in a value that the model refused, at places below `around`."""
    errors = error.errors()
    told = [each for each in errors if not _is_told_already(each, errors)]
    found = [mistake for each in told for mistake in _mistakes(each, model, value)]
    unique = {(mistake.path, mistake.code): mistake for mistake in reversed(found)}
    return [
        replace(mistake, path=(*around, *mistake.path)) for mistake in reversed(unique.values())
    ]


def nulls_in(value: Any, path: Path = ()) -> Iterator[Mistake]:
    """
    Yield a mistake for each key or item without a value.

    The models take it for "not given": an audience that was commented out would be everyone. In the
    attributes of an `update` null is a value, which removes one (V8).
    """
    if path[-2:] == ("update", "attributes"):
        return
    items = list(value.items()) if isinstance(value, dict) else []
    items += enumerate(value) if isinstance(value, list) else []
    for step, part in items:
        if part is None:
            yield Mistake(
                CheckCode.BAD_VALUE,
                (*path, step),
                f"{_name((*path, step))} has no value",
                "Give it a value, or remove it; compare with nothing by {blank: true}.",
                without(step),
            )
        elif isinstance(part, dict | list):
            yield from nulls_in(part, (*path, step))


def _is_told_already(error: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    """
    Return whether another error says the same better: a list is short of an item that is wrong, or
    what is missing is there under a wrong name.
    """
    if error["type"] == "too_short":
        return bool(error["input"])
    if error["type"] != "missing":
        return False
    *owner, key = error["loc"]
    return any(
        other["type"] == "extra_forbidden"
        and list(other["loc"][:-1]) == owner
        and nearest(other["loc"][-1], [str(key)])
        for other in errors
    )


def _mistakes(error: ErrorDetails, model: type[Model], value: Any) -> Iterator[Mistake]:
    kind = error["type"]
    path = locate(error["loc"], value, missing=kind == "missing")
    if kind != "missing":
        path = enclosing(error["input"], value, path)
    if kind == "extra_forbidden":
        yield _unknown(path, models_at(model, value, path[:-1]))
    elif kind == "missing":
        yield _missing(path)
    elif kind in FORMS:
        yield _no_form(path, error["input"], FORMS[kind], models_at(model, value, path))
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
    message, inside = f"`{key}` is not a key {owner}", owners(models, key)
    if nearest(key, known) or not 0 < len(inside) <= OWNERS_MAX:
        return unknown_key(path, message, known)
    remedy = f"Write it inside {' or '.join(f'`{name}`' for name in inside)}, indented further."
    return Mistake(CheckCode.UNKNOWN_KEY, path, message, remedy, without(key))


def unknown_key(path: Path, message: str, known: list[str]) -> Mistake:
    """Return the mistake of a key that is not known, naming the nearest of those that are."""
    remedy = did_you_mean(path[-1], known)
    return Mistake(CheckCode.UNKNOWN_KEY, path, message, remedy, without(nearest(path[-1], known)))


def unknown_operator(path: Path) -> Mistake:
    """Return the mistake of an operator that does not exist, naming the one that was meant."""
    known = known_keys((Operators,))
    alike = nearest(path[-1], [*known, *_OPERATORS_ELSEWHERE])
    remedy = did_you_mean(_OPERATORS_ELSEWHERE.get(str(alike), alike), known)
    return Mistake(CheckCode.UNKNOWN_OPERATOR, path, f"`{path[-1]}` is not an operator", remedy)


def _missing(path: Path) -> Mistake:
    owner = f" in `{path[-2]}`" if len(path) > 1 and isinstance(path[-2], str) else ""
    message = f"{_name(path)} is missing{owner}"
    return Mistake(CheckCode.BAD_VALUE, path, message, f"Add {_name(path)}.", without(path[-1]))


def _no_form(
    path: Path, value: Any, forms: tuple[str, ...], models: tuple[type[Model], ...]
) -> Mistake:
    """Return why a mapping is not exactly one of the forms that these keys name."""
    expected = f"exactly one of {choices(list(forms))}"
    if not isinstance(value, dict):
        message = f"expected a mapping with {expected}, not {shown(value)}"
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
    kind = error["type"]
    code = CheckCode.LIST_TOO_LONG if kind == "too_long" else _CODES.get(kind, CheckCode.BAD_VALUE)
    return Mistake(code, path, message_of(error), remedy_of(error), effect_on_people(error))


def _name(path: Path) -> str:
    return f"`{path[-1]}`" if isinstance(path[-1], str) else f"item {path[-1]} of the list"
