"""
Where pydantic's errors lie in a document as it was written, and which keys are known there.

Pydantic names the place in the model: with the tag of a union's member, with a position for a
single trigger that was written without a list, and with the operator that a short form stands for.
"""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, TypeAliasType, Union, get_args, get_origin

from unless.definitions.documents import Path
from unless.definitions.values import Model


def locate(loc: Path, value: Any, *, missing: bool = False) -> Path:
    """
    Return the written place that an error's location means: as much of it as was written.

    With `missing` the last step is a key that is not there, and it ends the path all the same.
    """

    @cache
    def longest(at: int, path: Path) -> Path:
        here = _follow(value, path)
        if at == len(loc):
            return path
        step, is_last = loc[at], at == len(loc) - 1
        if missing and is_last:
            return (*path, step) if isinstance(here, dict) and step not in here else path
        skipped = longest(at + 1, path)
        if not _has(here, step):
            return skipped
        taken = longest(at + 1, (*path, step))
        return max(taken, skipped, key=lambda found: (found[-1:] == loc[-1:], len(found)))

    return longest(0, ())


def enclosing(part: Any, value: Any, path: Path) -> Path:
    """Return the path's own beginning that leads to exactly this part, or the whole path."""
    for length in range(len(path), -1, -1):
        if _follow(value, path[:length]) is part:
            return path[:length]
    return path


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _follow(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def models_at(model: type[Model], document: Any, path: Path) -> tuple[type[Model], ...]:
    """
    Return the models that the mapping at that path may be meant as, the likeliest only.

    The likeliest are those that know most of the mapping's keys; several when equally many.
    """
    annotations: list[Any] = [model]
    value = document
    for step in path:
        annotations = [inner for each in annotations for inner in _inner(each, value, step)]
        value = value[step]
    return _likeliest(annotations, value)


def known_keys(models: tuple[type[Model], ...]) -> list[str]:
    """Return the keys that people may write in these models, in the models' order."""
    keys = {
        field.alias or name: None for model in models for name, field in model.model_fields.items()
    }
    return list(keys)


def owners(models: tuple[type[Model], ...], key: str | int) -> list[str]:
    """Return the keys of these models inside which such a key would be known."""
    found = {
        field.alias or name: None
        for model in models
        for name, field in model.model_fields.items()
        if key in known_keys(tuple(_models_in(field.annotation)))
    }
    return list(found)


def _models_in(annotation: Any) -> Iterator[type[Model]]:
    for member in _members(annotation):
        if get_origin(member) is tuple:
            yield from _models_in(get_args(member)[0])
        elif isinstance(member, type) and issubclass(member, Model):
            yield member


def _inner(annotation: Any, value: Any, step: str | int) -> Iterator[Any]:
    """Yield the annotations of the part `step` of a value of this annotation."""
    for member in _members(annotation):
        origin, arguments = get_origin(member), get_args(member)
        if origin is tuple and (isinstance(step, int) or isinstance(value, dict)):
            # A single item may stand without its list: then the step is a key of the item.
            if isinstance(step, int):
                yield arguments[0]
            else:
                yield from _inner(arguments[0], value, step)
        elif origin is dict:
            yield arguments[1]
    for model in _likeliest([annotation], value):
        for name, field in model.model_fields.items():
            if (field.alias or name) == step:
                yield field.annotation


def _likeliest(annotations: list[Any], value: Any) -> tuple[type[Model], ...]:
    if not isinstance(value, dict):
        return ()
    members = (member for annotation in annotations for member in _members(annotation))
    models = {model: None for member in members if (model := _item(member))}
    scores = {model: len(set(known_keys((model,))) & value.keys()) for model in models}
    best = max(scores.values(), default=0)
    return tuple(model for model, score in scores.items() if score == best)


def _item(member: Any) -> type[Model] | None:
    """Return the model that an annotation without a union means, or its list's items mean."""
    if get_origin(member) is tuple:
        items = [_item(inner) for inner in _members(get_args(member)[0])]
        return items[0] if items else None
    return member if isinstance(member, type) and issubclass(member, Model) else None


def _members(annotation: Any) -> Iterator[Any]:
    """Yield the annotations of a union, without their metadata."""
    if isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    if get_origin(annotation) is Annotated:
        yield from _members(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, type(int | str)):
        for member in get_args(annotation):
            yield from _members(member)
    else:
        yield annotation
