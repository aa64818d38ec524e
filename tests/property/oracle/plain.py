"""
Scenarios as plain data: read from YAML, and whether the oracle covers what they use.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.property.oracle.clock import utc

COVERED_CHANNELS = ("event", "email", "sms", "in_app")


class _Yaml12(yaml.SafeLoader):
    """Dates, clock times, `no` and `on` are text (section 4)."""


_Yaml12.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("null", r"null|~|", ["n", "~", ""]),
):
    _Yaml12.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first)
    )


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the scenarios of a file with aware instants as `at`, `due` and `until`."""
    for document in yaml.load_all(path.read_text(), _Yaml12):
        if isinstance(document, dict) and "scenario" in document:
            yield with_instants(document)


def with_instants(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scenario with its instants read."""
    scenario = dict(document)
    for part in ("when", "expect"):
        rows = document.get(part) or []
        scenario[part] = [
            row | {key: utc(row[key]) for key in ("at", "due") if key in row} for row in rows
        ]
    if "until" in document:
        scenario["until"] = utc(document["until"])
    return scenario


def covered(value: Any) -> bool:
    """Whether the oracle knows everything that the scenario uses."""
    if isinstance(value, dict):
        return (
            value.get("channel", "event") in COVERED_CHANNELS
            and value.get("control_percent", 0) in (0, 100)
            and len((value.get("experiment") or {}).get("paths", ())) < 2
            and all(covered(part) for part in value.values())
        )
    return not isinstance(value, list) or all(covered(part) for part in value)
