"""
Which due items a person means: the options that `unless pending` and `unless cancel` share.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from unless.app.pending import Pending, Wanted
from unless.cli.console import Failure
from unless.definitions.durations import in_utc, parse_duration
from unless.definitions.filters import Where
from unless.definitions.issues import nearest
from unless.engine.filters import Filter, compile_where

_ASSIGNMENT = re.compile(r'(?P<path>(?:"[^"]*"|[^"=])+)=(?P<value>.*)', re.DOTALL)
"""A path, in which a quoted name may hold anything, and a value."""


@dataclass(frozen=True, slots=True)
class ItemFilters:
    """The options as they were typed."""

    user: str | None = None
    definition: str | None = None
    due_from: str | None = None
    due_to: str | None = None
    where: tuple[str, ...] = ()

    def wanted(self, pending: Pending, now: datetime) -> Wanted:
        """
        Return which items they mean; spans count from `now`.

        Raises:
            Failure: an option cannot be read, or names what does not exist.
        """
        wanted = Wanted(
            user=self.user,
            definition=self.definition,
            due_from=_moment("--due-from", self.due_from, now),
            due_to=_moment("--due-to", self.due_to, now),
            where=tuple(map(_filter, self.where)),
        )
        if wanted.due_from and wanted.due_to and wanted.due_from > wanted.due_to:
            raise Failure("--due-from is later than --due-to.", "Exchange the two.", code=2)
        if self.definition is not None:
            _must_exist(self.definition, pending.published().definitions)
        return wanted


def _moment(option: str, text: str | None, now: datetime) -> datetime | None:
    """Return the instant, UTC, that a text names by itself or, as a span, from now on."""
    if text is None:
        return None
    try:
        span = parse_duration(text.removeprefix("-"))
        return now - span if text.startswith("-") else now + span
    except PydanticCustomError:
        pass
    except OverflowError:
        text = ""
    instant = in_utc(text)
    if instant is None:
        raise Failure(
            f"{option} is no time: {text!r}.",
            "Write a span from now, such as 2h (2h ago: -2h), or an instant, UTC unless it says "
            "otherwise, such as 2026-02-01T09:00.",
            code=2,
        )
    return instant


def _filter(text: str) -> Filter:
    """Return the filter of `path=value`; `7` is the number as well as the text."""
    match = _ASSIGNMENT.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        values = [match["value"], *_as_json(match["value"])]
        checked = TypeAdapter(Where).validate_python({match["path"].strip(): {"in": values}})
    except (ValueError, ValidationError):
        raise Failure(
            f"--where is no property with its value: {text!r}.",
            "Write its path and its value, such as cart_id=c-9 or 'items[].sku=bag'.",
            code=2,
        ) from None
    return compile_where(checked)


def _as_json(text: str) -> list[bool | int | float]:
    """Return the number or truth that a text also names, if any."""
    try:
        value = json.loads(text)
    except ValueError:
        return []
    return [value] if isinstance(value, bool | int | float) else []


def _must_exist(name: str, published: Iterable[str]) -> None:
    names = sorted(published)
    if name in names:
        return
    offered = nearest(name, names)
    raise Failure(
        f"No campaign or journey `{name}` is published.",
        f"Did you mean `{offered}`?" if offered else "",
    )
