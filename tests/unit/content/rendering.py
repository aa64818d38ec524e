"""Templates rendered with a few values, as these tests ask for them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from unless.content.parts import Aborted, Broken
from unless.content.templates import Asked, Templates

NOW = datetime(2026, 2, 2, 10, 30, tzinfo=UTC)

VALUES: Mapping[str, Any] = {
    "user": {
        "id": "u-17",
        "name": "Ann",
        "gone": None,
        "price": 19.9,
        "points": 1_234_567,
        "tags": ["a", "b"],
        "address": {"city": "Paris"},
    },
    "trigger": {"items": [{"sku": "bag"}, {"sku": "mug"}], "properties": {}},
    "now": "2026-02-02T10:30:00Z",
}


def rendered(
    text: str,
    values: Mapping[str, Any] = VALUES,
    *,
    html: bool = False,
    language: object = None,
    **files: str,
) -> str | Aborted | Broken:
    """Return a template rendered; `files` are others, whose names end in `.liquid`."""
    others = {f"{name}.liquid": source for name, source in files.items()}
    templates = Templates({**others, "t.liquid": text})
    return templates.file("t.liquid", Asked(values, NOW, language), html=html)


def text(template: str, *given: Any, **named: Any) -> str:
    """Return a template rendered, which must come to a text."""
    made = rendered(template, *given, **named)
    assert isinstance(made, str), made
    return made


def broken(template: str, *given: Any, **named: Any) -> Broken:
    """Return why a template cannot be rendered, which must be so."""
    made = rendered(template, *given, **named)
    assert isinstance(made, Broken), made
    return made
