"""
The events of the demo, stamped: real ones, said to have happened just as long ago as makes them
nearly due, by people where it is about noon.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from unless.cli.console import Failure
from unless.cli.demo.story import Cue
from unless.engine.records import instant_text
from unless.events.forms import is_envelope
from unless.events.lines import UnreadableFile, read_events
from unless.events.rejection import Rejected

type Row = Mapping[str, Any]

CITIES = (
    "Europe/Paris",
    "Africa/Abidjan",
    "Atlantic/Cape_Verde",
    "Atlantic/South_Georgia",
    "America/Sao_Paulo",
    "America/Santo_Domingo",
    "America/Panama",
    "America/Costa_Rica",
    "America/Phoenix",
    "America/Los_Angeles",
    "Pacific/Pitcairn",
    "Pacific/Gambier",
    "Pacific/Honolulu",
    "Pacific/Pago_Pago",
    "Pacific/Fiji",
    "Pacific/Noumea",
    "Australia/Brisbane",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Asia/Bangkok",
    "Asia/Dhaka",
    "Asia/Karachi",
    "Asia/Dubai",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "Africa/Lagos",
)
"""A place for every hour of difference to UTC, most of them without summer time, so that it is
about noon in one of them."""

NOON = timedelta(hours=12)
HOUR = timedelta(hours=1)

APPOINTMENT_AHEAD = timedelta(days=3)
"""How far ahead the appointment is, but for the full hour; its reminder is due a day before it."""


def city_at_noon(now: datetime) -> ZoneInfo:
    """Return the place where the clock is nearest to noon at `now`."""

    def from_noon(city: str) -> timedelta:
        clock = now.astimezone(ZoneInfo(city))
        since_midnight = timedelta(hours=clock.hour, minutes=clock.minute)
        return abs(since_midnight - NOON)

    return ZoneInfo(min(CITIES, key=from_noon))


def read_rows(file: Path) -> dict[str, Row]:
    """
    Return the events of the file by their ids.

    Raises:
        Failure: the file is not there, or a line of it is no event.
    """
    rows: dict[str, Row] = {}
    try:
        for number, row in read_events(file):
            if isinstance(row, Rejected):
                raise Failure(f"{file}:{number}: {row.detail}.", "Mend the line.")
            rows[_inside(row)["id"]] = row
    except UnreadableFile as error:
        raise Failure(f"{error}.", "The demo needs a complete checkout.") from None
    return rows


def stamp(row: Row, cue: Cue, now: datetime, lead: timedelta, zone: ZoneInfo) -> Row:
    """Return the event as it is put at `now`; what is nearly due is due after `lead`."""
    stamped = deepcopy(dict(row))
    inside = _inside(stamped)
    inside["time"] = instant_text(now - cue.ago + (lead if cue.nearly else timedelta(0)))
    if "time_zone" in inside.get("attributes", {}):
        inside["attributes"]["time_zone"] = zone.key
    if "appointment_at" in inside.get("properties", {}):
        local = (now + APPOINTMENT_AHEAD).astimezone(zone)
        local = local.replace(minute=0, second=0, microsecond=0) + HOUR
        inside["properties"]["appointment_at"] = local.isoformat()
    return stamped


def _inside(row: Row) -> Any:
    """Return the part of a row, in either form, that holds id, time, properties, attributes."""
    return row["detail"] if is_envelope(row) else row
