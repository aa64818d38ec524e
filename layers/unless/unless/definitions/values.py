"""
Single values of a definition, and the base of everything that is written.
"""

from datetime import datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StrictStr
from pydantic_core import PydanticCustomError

from unless.definitions import written
from unless.definitions.durations import (
    format_duration,
    parse_clock,
    parse_duration,
    parse_instant,
    parse_zone,
)


class Model(BaseModel):
    """A part of a definition: immutable, and an unknown key in it is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


Id = Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Name = Annotated[StrictStr, Field(min_length=1, max_length=255)]
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    written.DURATION,
]
Zone = Annotated[str, BeforeValidator(parse_zone), written.ZONE]
ClockTime = Annotated[
    time,
    BeforeValidator(parse_clock),
    PlainSerializer(lambda clock: clock.strftime("%H:%M"), return_type=str),
    written.CLOCK_TIME,
]


def _yes(value: object) -> object:
    if value is not True:
        raise PydanticCustomError(
            "bad_value", "the only value here is true", {"remedy": "Write true, or remove it."}
        )
    return value


Yes = Annotated[Literal[True], BeforeValidator(_yes)]
Instant = Annotated[datetime, BeforeValidator(parse_instant), written.INSTANT]
"""An instant as written: naive when it has no zone of its own."""
