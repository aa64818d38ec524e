"""
The JSON Schema of the definitions, by which an editor completes and explains a file.
"""

import re
from typing import Any

from pydantic.json_schema import models_json_schema

from unless.definitions.hints import CHANNEL_HINT, HINTS
from unless.definitions.journeys import Journey
from unless.definitions.models import Campaign, Segment, Workspace

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_RULE_NUMBER = re.compile(r" \((?:SPEC )?(?:section \d+|[A-Z]\d+)\)")

_LEAST_KEYS = {"Operators": 1, "AttributeFilter": 2, "SubscriptionGroupFilter": 2}
"""Models of which a name alone is not enough: without an operator they say nothing."""

_ANY_OF_KEYS = {"Exit": ("events", "audience")}
"""Models of which at least one of these keys is written."""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one document, whichever kind of definition it holds."""
    models = (Campaign, Journey, Segment, Workspace)
    _, schema = models_json_schema([(model, "validation") for model in models])
    definitions = {name: _readable(each) for name, each in sorted(schema["$defs"].items())}
    for name, least in _LEAST_KEYS.items():
        definitions[name]["minProperties"] = least
    for name, keys in _ANY_OF_KEYS.items():
        definitions[name]["anyOf"] = [{"required": [key]} for key in keys]
    for name, hints in HINTS.items():
        for key, hint in hints.items():
            definitions[name]["properties"][key]["description"] = hint
    definitions["Channel"]["description"] = CHANNEL_HINT
    definitions["WorkspaceDocument"] = _workspace_document()
    return {
        "$schema": DIALECT,
        "title": "Unless definition",
        "description": "One document of Unless: a campaign, journey, segment or the workspace.",
        "anyOf": [
            {"$ref": "#/$defs/Campaign"},
            {"$ref": "#/$defs/Journey"},
            {"$ref": "#/$defs/Segment"},
            {"$ref": "#/$defs/WorkspaceDocument"},
        ],
        "$defs": definitions,
    }


def _workspace_document() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "The workspace: what holds for every definition (unless.yaml).",
        "properties": {"workspace": {"$ref": "#/$defs/Workspace"}},
        "required": ["workspace"],
        "additionalProperties": False,
    }


def _readable(schema: Any) -> Any:
    """Return the schema without titles, and without null, which only means "not given"."""
    if isinstance(schema, list):
        return [_readable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _readable(each) for key, each in schema.items() if not _is_noise(key, each)}
    if isinstance(kept.get("description"), str):
        kept["description"] = _RULE_NUMBER.sub("", kept["description"])
    choices = [each for each in kept.get("anyOf", []) if each != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        return choices[0] | kept
    return kept | ({"anyOf": choices} if choices else {})


def _is_noise(key: str, value: Any) -> bool:
    # A property may itself be called `title` or `default`: then its value is a schema.
    return (key == "title" and isinstance(value, str)) or (key == "default" and _is_empty(value))


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {}) or isinstance(value, dict)
