"""
The forms of a delay (SPEC section 4).
"""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, StrictInt, Tag, model_validator
from pydantic_core import PydanticCustomError

from unless.definitions.values import ClockTime, Duration, Model, Name, Yes, Zone

DAYS_MAX = 3650
"""Most calendar days a delay may count; as DURATION_MAX."""


class AfterDelay(Model):
    """Elapsed time after the trigger; a day is 24 hours."""

    after: Duration


class DaysDelay(Model):
    """A clock time, a number of calendar days after the trigger's date in the zone."""

    days: Annotated[StrictInt, Field(ge=0, le=DAYS_MAX)]
    at: ClockTime
    zone: Zone = "user"


class NextDelay(Model):
    """A clock time on the next such weekday after the trigger's date in the zone."""

    next: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    at: ClockTime
    zone: Zone = "user"


class BestTimeDelay(Model):
    """The user's most engaged hour of the day, or the fallback clock time."""

    best_time: Yes
    fallback: ClockTime


class UntilDelay(Model):
    """An instant from the trigger's properties, or a literal one, with an offset."""

    until: Name
    minus: Duration | None = None
    plus: Duration | None = None
    zone: Zone = "user"

    @model_validator(mode="after")
    def _one_offset(self) -> "UntilDelay":
        if self.minus is not None and self.plus is not None:
            raise PydanticCustomError(
                "bad_value", "minus and plus exclude each other", {"remedy": "Keep one of them."}
            )
        return self


DELAY_KEYS = ("after", "days", "next", "best_time", "until")


def _delay_form(value: object) -> str | None:
    has = value.__contains__ if isinstance(value, dict) else lambda key: hasattr(value, key)
    forms = [key for key in DELAY_KEYS if has(key)]
    return forms[0] if len(forms) == 1 else None


delay_form = Discriminator(
    _delay_form,
    custom_error_type="bad_delay",
    custom_error_message="a delay has exactly one of: " + ", ".join(DELAY_KEYS),
)
"""Tells the forms of a delay apart, in a campaign and in a journey's step."""

Delay = Annotated[
    Annotated[AfterDelay, Tag("after")]
    | Annotated[DaysDelay, Tag("days")]
    | Annotated[NextDelay, Tag("next")]
    | Annotated[BestTimeDelay, Tag("best_time")]
    | Annotated[UntilDelay, Tag("until")],
    delay_form,
]
