"""
Changing a definition as it was written: a filter taken out, a trigger on one line.
"""

from collections.abc import Mapping
from typing import Any

from unless.definitions.documents import Path
from unless.definitions.models import Trigger


def taken_out(document: dict[str, Any], path: Path) -> Mapping[str, Any]:
    """Take the filter at that path out of the document, and return it."""
    *around, last = path
    owner: Any = document
    for step in around:
        owner = owner[step]
    written: Mapping[str, Any] = owner.pop(last)
    return written


def row_of(document: dict[str, Any], trigger: Trigger) -> dict[str, Any]:
    """Return the row of the document's trigger, or of its entry's, that was read as this one."""
    triggers = document.get("entry", document)["trigger"]
    rows: list[dict[str, Any]] = triggers if isinstance(triggers, list) else [triggers]
    return next(row for row in rows if Trigger.model_validate(row) == trigger)


def flow(value: object) -> str:
    """Return a value on one line, as people write it in YAML."""
    import yaml

    text: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000
    )
    return text.strip()
