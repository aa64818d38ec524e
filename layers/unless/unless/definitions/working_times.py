"""
When a campaign or journey works: its duration, the window of the day, and quiet hours.
"""

from typing import Literal

from pydantic import Field

from unless.definitions.values import ClockTime, Instant, Model, Zone


class ActiveDuration(Model):
    """First and last instant of a campaign, or of entering a journey, both inclusive (D1)."""

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
