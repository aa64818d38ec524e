"""
Operators: conditions on one value, as people write them in `where` and in audiences.
"""

from datetime import datetime, timedelta
from math import isfinite
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    model_validator,
)
from pydantic_core import PydanticCustomError

from unless.definitions import written
from unless.definitions.durations import in_utc, parse_duration
from unless.definitions.values import Model

LIST_MAX = 256
"""Most values in one list of a filter (SPEC F5)."""


def _compared_with_nothing() -> PydanticCustomError:
    return PydanticCustomError(
        "bad_value", "no value is given to compare with", {"remedy": "Write {blank: true}."}
    )


def _scalar(value: object) -> object:
    if isinstance(value, float) and not isfinite(value):
        raise PydanticCustomError(
            "bad_value", "expected a finite number", {"remedy": "Write a finite number."}
        )
    if isinstance(value, bool | int | float | str):
        return value
    if value is None:
        raise _compared_with_nothing()
    raise PydanticCustomError(
        "bad_value",
        "expected a text, a number, true or false",
        {"remedy": "Compare with one such value; a path such as a.b reaches into a mapping."},
    )


Scalar = Annotated[
    StrictBool | StrictInt | StrictFloat | StrictStr, BeforeValidator(_scalar), written.ONE_SCALAR
]


def _values(value: object) -> object:
    if not isinstance(value, list | tuple):
        raise PydanticCustomError(
            "bad_value",
            "this operator wants a list of values",
            {"remedy": "Write them in brackets, such as [FR, BE]."},
        )
    if len(value) > LIST_MAX:
        raise PydanticCustomError(
            "list_too_long", f"at most {LIST_MAX} values in a list, not {len(value)}"
        )
    return value


def _pattern(value: object) -> object:
    import re2

    if not isinstance(value, str):
        raise PydanticCustomError("bad_regex", "a regular expression is a text")
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(value, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise PydanticCustomError(
            "bad_regex",
            "not an RE2 expression: {error} (RE2 has no look-around and no back-references)",
            {"error": reason},
        ) from None
    return value


def _filter_instant(value: object) -> datetime:
    instant = value if isinstance(value, datetime) else in_utc(value)
    if instant is None:
        raise PydanticCustomError(
            "bad_value",
            "expected an instant",
            {"remedy": "Write a date or an instant, such as 2026-02-01T09:00:00Z."},
        )
    return instant


def _bound(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return value
    if (instant := in_utc(value)) is not None:
        return instant
    raise PydanticCustomError(
        "bad_value",
        "gt, gte, lt and lte compare with a number or an instant",
        {"remedy": "Write a number without quotes, or an instant such as 2026-02-01T09:00:00Z."},
    )


def _day_of_year(value: object) -> object:
    # 2024 is a leap year, so 02-29 is a day of it.
    if isinstance(value, str) and len(value) == 5 and in_utc(f"2024-{value}"):
        return value
    raise PydanticCustomError(
        "bad_value",
        'a day of the year is written "MM-DD"',
        {"remedy": "Write month and day with two digits each, such as 02-29."},
    )


def _flag(value: object) -> object:
    if isinstance(value, bool):
        return value
    raise PydanticCustomError(
        "bad_value",
        "expected true or false",
        {"remedy": "Write true or false; yes, no, on and off are text."},
    )


Values = Annotated[tuple[Scalar, ...], Field(max_length=LIST_MAX), BeforeValidator(_values)]
Pattern = Annotated[StrictStr, BeforeValidator(_pattern)]
Bound = Annotated[StrictInt | StrictFloat | datetime, BeforeValidator(_bound), written.BOUND]
FilterInstant = Annotated[datetime, BeforeValidator(_filter_instant), written.INSTANT]
Span = Annotated[timedelta, BeforeValidator(parse_duration), written.DURATION]


class Operators(Model):
    """Conditions on one value; all that are set must hold (SPEC section 3)."""

    eq: Scalar | None = None
    ne: Scalar | None = None
    in_: Values | None = Field(None, alias="in")
    not_in: Values | None = None
    gt: Bound | None = None
    gte: Bound | None = None
    lt: Bound | None = None
    lte: Bound | None = None
    matches: Pattern | None = None
    not_matches: Pattern | None = None
    contains_any: Values | None = None
    contains_none: Values | None = None
    blank: Annotated[StrictBool, BeforeValidator(_flag)] | None = None
    before: FilterInstant | None = None
    after: FilterInstant | None = None
    within_last: Span | None = None
    more_than_ago: Span | None = None
    within_next: Span | None = None
    more_than_ahead: Span | None = None
    day_of_year: Annotated[StrictStr, BeforeValidator(_day_of_year), written.DAY_OF_YEAR] | None = (
        None
    )

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        # Without an operator it would match everyone, which nobody means who wrote a filter.
        if not self.conditions():
            raise PydanticCustomError("no_operator", "no operator is given")
        return self

    def conditions(self) -> dict[str, Any]:
        """Return the operators that are set, by their written names, in the order of this class."""
        named = ((name, getattr(self, name)) for name in Operators.model_fields)
        return {name.rstrip("_"): value for name, value in named if value is not None}


def _operators(value: object) -> object:
    """Return a scalar as `eq`, a list as `in`, and a mapping of operators as it is."""
    if isinstance(value, list | tuple):
        return {"in": value}
    if isinstance(value, bool | int | float | str):
        return {"eq": value}
    if value is None:
        raise _compared_with_nothing()
    return value


Conditions = Annotated[
    Operators,
    BeforeValidator(_operators),
    written.AlsoWritten(
        (written.SCALAR, {"type": "array", "items": written.SCALAR, "maxItems": LIST_MAX})
    ),
]
"""Operators, or the short forms of SPEC section 3: a scalar means `eq`, a list means `in`."""

Where = dict[Annotated[str, Field(min_length=1)], Conditions]
