"""Changed copies of the engine's values are those of the standard library, only made faster."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from unless.engine.model import DueStatus, Run, UserEvent, UserState
from unless.engine.replacing import replace

NOW = datetime(2026, 2, 2, tzinfo=UTC)
RUN = Run("r", "u", "tour", "e", "registered", NOW, NOW, place="0", arrived=NOW, turn=3)


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        (UserState("u", next_order=4), {}),
        (UserState("u", next_order=4), {"next_order": 5, "pending": {"r": RUN}}),
        (UserState("u"), {"deleted_at": NOW}),
        (RUN, {"place": "1", "status": DueStatus.PARKED, "lease_until": NOW}),
        (UserEvent("e", "u", "visit", NOW, NOW), {"hops": 2, "properties": {"a": 1}}),
    ],
)
def test_a_copy_is_the_one_of_the_standard_library(value: Any, changes: dict[str, Any]) -> None:
    """Of every class, inherited fields and those with defaults too; the first value stays."""
    before = repr(value)
    copy = replace(value, **changes)
    assert copy == dataclasses.replace(value, **changes)
    assert type(copy) is type(value)
    assert copy is not value
    assert repr(value) == before


def test_a_field_that_does_not_exist_is_a_mistake() -> None:
    """A wrong name is said, not lost."""
    wrong: dict[str, Any] = {"pendig": {}}
    with pytest.raises(TypeError, match="UserState has no field 'pendig'"):
        replace(UserState("u"), **wrong)
