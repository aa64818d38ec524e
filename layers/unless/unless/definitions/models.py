"""
The documents people write: campaign, segment, workspace, and their parts.

Each model holds one document as written, with every single value checked. What needs more than one
value or document to judge is in `unless.definitions.checks`.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
)
from pydantic_core import PydanticCustomError

from unless.definitions import written
from unless.definitions.delays import (
    AfterDelay,
    BestTimeDelay,
    DaysDelay,
    Delay,
    NextDelay,
    UntilDelay,
)
from unless.definitions.durations import parse_zone
from unless.definitions.filters import Audience
from unless.definitions.keeping import RecordKeeping
from unless.definitions.messages import Message
from unless.definitions.operators import Where
from unless.definitions.values import Duration, Id, Instant, Model, Name
from unless.definitions.working_times import ActiveDuration, QuietHours, Window

__all__ = [
    "ActiveDuration",
    "AfterDelay",
    "BestTimeDelay",
    "Campaign",
    "Cap",
    "Conversion",
    "DaysDelay",
    "Delay",
    "ExceptionRow",
    "Kind",
    "Message",
    "NextDelay",
    "QuietHours",
    "RecordKeeping",
    "ReeligibleAfter",
    "Segment",
    "Status",
    "Trigger",
    "UntilDelay",
    "Window",
    "Workspace",
    "as_rows",
    "document_kind",
    "word_or_after",
]

REELIGIBLE_MAX = timedelta(days=720)
"""Longest wait between two receipts of a campaign (SPEC R1)."""


class Kind(StrEnum):
    """What is published and has a status: either starts something when an event happens."""

    CAMPAIGN = "campaign"
    JOURNEY = "journey"


class Status(StrEnum):
    """What a definition does (SPEC L1)."""

    DRAFT = "draft"
    LIVE = "live"
    PAUSED = "paused"
    STOPPED = "stopped"
    ARCHIVED = "archived"


class Trigger(Model):
    """An event, with filters on its properties, that starts a campaign or journey."""

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
    """
    An event that cancels a pending send, or takes a user out of a journey.

    With `match`, only those whose trigger agrees (E6, J5).
    """

    event: Name
    where: Where = Field(default_factory=dict)
    match: Annotated[dict[Name, Name], BeforeValidator(_match), written.MATCH] | None = None


def _reeligible_after(span: timedelta) -> timedelta:
    if span > REELIGIBLE_MAX:
        raise PydanticCustomError("reeligible_too_long", f"at most {REELIGIBLE_MAX.days} days")
    return span


class ReeligibleAfter(Model):
    """The same user may receive the campaign again this long after the last receipt."""

    after: Annotated[Duration, AfterValidator(_reeligible_after)]


def _again_form(value: object) -> str | None:
    if value in ("never", "always"):
        return "word"
    return "span" if isinstance(value, dict | Model) else None


def word_or_after(example: str) -> Discriminator:
    """Return what tells `never` and `always`, tagged word, from a mapping `after`, tagged span."""
    return Discriminator(
        _again_form,
        custom_error_type="bad_value",
        custom_error_message=f"expected never, always or {{after: {example}}}",
        custom_error_context={"remedy": "Write one of these three."},
    )


Reeligible = Annotated[
    Annotated[Literal["never", "always"], Tag("word")] | Annotated[ReeligibleAfter, Tag("span")],
    word_or_after("7d"),
]


class Conversion(Model):
    """An event that counts as a success when it happens within this time of a receipt."""

    event: Name
    where: Where = Field(default_factory=dict)
    within: Duration = timedelta(days=3)


def as_rows(value: object) -> object:
    """Return the rows of a trigger, of which a single one may stand without its list."""
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
    consent: Name | None = None
    trigger: Annotated[tuple[Trigger, ...], BeforeValidator(as_rows), written.OneOrList()]
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
    """What holds for every definition: zone, lateness, history, records, caps, quiet hours."""

    zone: Annotated[str, BeforeValidator(_workspace_zone), written.IANA_ZONE] = "UTC"
    max_lateness: Duration = timedelta(hours=1)
    record: Recorded = "all"
    ledger: RecordKeeping = RecordKeeping()
    caps: tuple[Cap, ...] = ()
    quiet_hours: QuietHours | None = None


def document_kind(document: Any) -> str | None:
    """Return which kind of document this mapping is, by the key that names it, or None."""
    kinds = ("campaign", "journey", "segment", "workspace")
    return next((kind for kind in kinds if isinstance(document, dict) and kind in document), None)
