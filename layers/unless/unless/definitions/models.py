"""
The documents people write: campaign, segment, workspace, and their parts.

Each model holds one document as written, with every single value checked. What needs more than one
value or document to judge is in `unless.definitions.checks`.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from unless.definitions import written
from unless.definitions.durations import (
    format_duration,
    parse_clock,
    parse_duration,
    parse_instant,
    parse_zone,
)
from unless.definitions.filters import Audience, Model, Where

REELIGIBLE_MAX = timedelta(days=720)
"""Longest wait between two receipts of a campaign (SPEC R1)."""

DAYS_MAX = 3650
"""Most calendar days a delay may count; as DURATION_MAX."""

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
Instant = Annotated[datetime, BeforeValidator(parse_instant), written.INSTANT]
"""An instant as written: naive when it has no zone of its own."""


class Status(StrEnum):
    """What a definition does (SPEC L1)."""

    DRAFT = "draft"
    LIVE = "live"
    PAUSED = "paused"
    STOPPED = "stopped"
    ARCHIVED = "archived"


class Trigger(Model):
    """An event, with filters on its properties, that starts a campaign."""

    event: Name
    where: Where = Field(default_factory=dict)


def _match(value: object) -> object:
    """Return {exception property: trigger property}, of the three ways to write `match`."""
    if isinstance(value, str) and value:
        return {value: value}
    if isinstance(value, list) and value and all(isinstance(name, str) and name for name in value):
        return {name: name for name in value}
    if isinstance(value, dict) and value:
        return value
    raise PydanticCustomError(
        "bad_value",
        "match is a property name, a list of them, or {exception property: trigger property}",
        {"remedy": "Write the property that both events share, such as cart_id."},
    )


class ExceptionRow(Model):
    """An event that cancels a pending send; with `match`, only of the triggers that agree (E6)."""

    event: Name
    where: Where = Field(default_factory=dict)
    match: Annotated[dict[Name, Name], BeforeValidator(_match), written.MATCH] | None = None


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

    best_time: Literal[True]
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


Delay = Annotated[
    Annotated[AfterDelay, Tag("after")]
    | Annotated[DaysDelay, Tag("days")]
    | Annotated[NextDelay, Tag("next")]
    | Annotated[BestTimeDelay, Tag("best_time")]
    | Annotated[UntilDelay, Tag("until")],
    Discriminator(
        _delay_form,
        custom_error_type="bad_delay",
        custom_error_message="a delay has exactly one of: " + ", ".join(DELAY_KEYS),
    ),
]


class ActiveDuration(Model):
    """First and last instant in which a campaign works, both inclusive (D1)."""

    start: Instant | None = None
    end: Instant | None = None
    zone: Zone = "company"


class Window(Model):
    """The part of the day, [from, to), in which the message may be received (W1)."""

    from_: ClockTime = Field(alias="from")
    to: ClockTime
    zone: Zone = "user"
    trigger_outside: Literal["drop", "hold"] = "drop"
    send_outside: Literal["drop", "hold"] = "drop"


class QuietHours(Model):
    """The part of the day, [from, to), in which nothing is sent (Q1)."""

    from_: ClockTime = Field(alias="from")
    to: ClockTime
    zone: Zone = "user"
    then: Literal["hold", "drop"]


def _reeligible_after(span: timedelta) -> timedelta:
    if span > REELIGIBLE_MAX:
        raise PydanticCustomError("reeligible_too_long", f"at most {REELIGIBLE_MAX.days} days")
    return span


class ReeligibleAfter(Model):
    """The same user may receive the campaign again this long after the last receipt."""

    after: Annotated[Duration, AfterValidator(_reeligible_after)]


def _reeligible_form(value: object) -> str | None:
    if value in ("never", "always"):
        return "word"
    return "span" if isinstance(value, dict | ReeligibleAfter) else None


Reeligible = Annotated[
    Annotated[Literal["never", "always"], Tag("word")] | Annotated[ReeligibleAfter, Tag("span")],
    Discriminator(
        _reeligible_form,
        custom_error_type="bad_value",
        custom_error_message="expected never, always or {after: 7d}",
        custom_error_context={"remedy": "Write one of these three."},
    ),
]


class Conversion(Model):
    """An event that counts as a success when it happens within this time of a receipt."""

    event: Name
    where: Where = Field(default_factory=dict)
    within: Duration = timedelta(days=3)


class Message(Model):
    """What is sent, and over which channel."""

    channel: Literal["event", "email", "sms", "push", "webhook", "queue", "in_app"] = "event"
    template: StrictStr | None = None
    subject: StrictStr | None = None
    text: StrictStr | None = None


def _as_rows(value: object) -> object:
    if value in ([], ()):
        raise PydanticCustomError(
            "bad_value", "expected at least one trigger", {"remedy": "Write {event: …}."}
        )
    return value if isinstance(value, list | tuple) else [value]


class Campaign(Model):
    """When this happens to someone in this audience, wait, then send, unless … (SPEC section 4)."""

    campaign: Id
    description: StrictStr = ""
    status: Status | None = None
    launch_at: Instant | None = None
    tags: tuple[Name, ...] = ()
    trigger: Annotated[tuple[Trigger, ...], BeforeValidator(_as_rows), written.OneOrList()]
    audience: Audience | None = None
    delay: Delay | None = None
    unless: tuple[ExceptionRow, ...] = ()
    duration: ActiveDuration | None = None
    window: Window | None = None
    quiet_hours: QuietHours | None = None
    reeligible: Reeligible = "never"
    recheck_audience: StrictBool = False
    conversions: tuple[Conversion, ...] = ()
    control_percent: Annotated[StrictInt, Field(ge=0, le=100)] = 0
    message: Message = Message()


class Segment(Model):
    """An audience with a name, for use in others."""

    segment: Id
    description: StrictStr = ""
    audience: Audience


class Cap(Model):
    """At most so many messages to one user in a time (K1)."""

    max: Annotated[StrictInt, Field(ge=1)]
    per: Annotated[
        Annotated[Literal["day", "week"], Tag("word")] | Annotated[Duration, Tag("span")],
        Discriminator(lambda value: "word" if value in ("day", "week") else "span"),
    ]
    channel: StrictStr | None = None
    tag: Name | None = None


def _record_form(value: object) -> str | None:
    if value in ("all", "named"):
        return "word"
    return "names" if isinstance(value, list | tuple) else None


Recorded = Annotated[
    Annotated[Literal["all", "named"], Tag("word")] | Annotated[tuple[Name, ...], Tag("names")],
    Discriminator(
        _record_form,
        custom_error_type="bad_value",
        custom_error_message="expected all, named or a list of event names",
        custom_error_context={"remedy": "Write one of these three."},
    ),
]
"""The events whose history is kept."""


def _workspace_zone(value: object) -> str:
    zone = parse_zone(value)
    if zone in ("user", "company"):
        raise PydanticCustomError("bad_time_zone", "the workspace's zone is an IANA name")
    return zone


class Workspace(Model):
    """What holds for every definition: the zone of the company, lateness, history, quiet hours."""

    zone: Annotated[str, BeforeValidator(_workspace_zone), written.IANA_ZONE] = "UTC"
    max_lateness: Duration = timedelta(hours=1)
    record: Recorded = "all"
    caps: tuple[Cap, ...] = ()
    quiet_hours: QuietHours | None = None


def document_kind(document: Any) -> str | None:
    """Return which kind of document this mapping is, by the key that names it, or None."""
    kinds = ("campaign", "journey", "segment", "workspace")
    return next((kind for kind in kinds if isinstance(document, dict) and kind in document), None)
