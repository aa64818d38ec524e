"""
How values are written, as JSON Schema: only what the types themselves do not say.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

SCALAR = {"type": ["string", "number", "boolean"]}

DURATION = WithJsonSchema(
    {
        "type": "string",
        "pattern": r"^(?=.)((\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?"
        r"|P(?=.)(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)$",
        "description": "A span of time: 45s, 30m, 1h30m, 5d, 2w or PT1H. A day is 24 hours.",
        "examples": ["30m", "1h30m", "5d", "2w"],
    }
)
CALENDAR_DAYS = WithJsonSchema(
    {"type": "string", "description": "Whole days, 1d to 30d.", "examples": ["7d", "30d"]}
)
CLOCK_TIME = WithJsonSchema(
    {
        "type": "string",
        "pattern": r"^([01]\d|2[0-3]):[0-5]\d$",
        "description": "A time of day, 00:00 to 23:59.",
        "examples": ["09:00"],
    }
)
ZONE = WithJsonSchema(
    {
        "type": "string",
        "description": "user (each user's own), company (the workspace's) or an IANA name.",
        "examples": ["user", "company", "Europe/Paris"],
    }
)
IANA_ZONE = WithJsonSchema(
    {"type": "string", "description": "The IANA name of a time zone.", "examples": ["Europe/Paris"]}
)
INSTANT = WithJsonSchema(
    {
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?"
        r"([Zz]|[+-]\d\d(:?\d\d)?)?)?$",
        "description": "A date, or a date and time, with Z, an offset, or neither.",
        "examples": ["2026-02-01", "2026-02-01T09:00", "2026-02-01T09:00:00Z"],
    }
)
BOUND = WithJsonSchema({"type": ["number", "string"], "description": "A number, or an instant."})
DAY_OF_YEAR = WithJsonSchema(
    {
        "type": "string",
        "pattern": r"^\d\d-\d\d$",
        "description": "Month and day.",
        "examples": ["02-29"],
    }
)
ONE_SCALAR = WithJsonSchema(SCALAR)
MATCH = WithJsonSchema(
    {
        "description": "A property that both events have, several, or {exception's: trigger's}.",
        "anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
            {
                "type": "object",
                "additionalProperties": {"type": "string", "minLength": 1},
                "minProperties": 1,
            },
        ],
    }
)


@dataclass(frozen=True, slots=True)
class AlsoWritten:
    """Marks a type that may also be written in these shorter forms."""

    forms: tuple[dict[str, Any], ...]

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the long form's schema or any of the short ones."""
        return {"anyOf": [handler(core_schema), *self.forms]}


class OneOrList:
    """Marks a list, never empty, of which a single item may stand alone."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the schema of the list or of one of its items."""
        schema = handler(core_schema)
        return {"anyOf": [schema["items"], schema | {"minItems": 1}]}
