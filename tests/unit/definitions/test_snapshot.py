"""What is published, as a value and as text."""

from datetime import UTC, datetime
from typing import Any

import pytest

from unless.definitions.models import Status
from unless.definitions.snapshot import EMPTY, BadSnapshot, Published, Snapshot

NOW = datetime(2026, 2, 2, 10, 0, 0, 5, tzinfo=UTC)


def published(**changes: Any) -> Published:
    values: dict[str, Any] = {
        "document": {"campaign": "c", "trigger": {"event": "a"}, "description": "Ünïcode 😀"},
        "hash": "abc",
        "status": Status.PAUSED,
        "generation": 3,
        "launch_at": datetime(1, 1, 1, tzinfo=UTC),
        "published_at": NOW,
        "resumed_at": None,
        "launch_default": NOW,
    }
    return Published(**values | changes)


FULL = Snapshot(
    workspace={"zone": "Europe/Paris"},
    segments={"s": {"segment": "s", "audience": {"attribute": "a", "eq": 1}}},
    definitions={"c": published(), "d": published(resumed_at=NOW, status=Status.LIVE)},
)


@pytest.mark.parametrize("snapshot", [EMPTY, FULL])
def test_a_snapshot_survives_being_written(snapshot: Snapshot) -> None:
    """What is read is equal to what was written, and has the same version."""
    for text in (snapshot.to_json(), snapshot.to_json().encode()):
        again = Snapshot.from_json(text)
        assert again == snapshot
        assert again.version == snapshot.version
        assert again.to_json() == snapshot.to_json()


def test_equal_content_has_one_version_in_any_order() -> None:
    """The version is the content's, not that of the order in which it came."""
    reverse = Snapshot(
        FULL.workspace, FULL.segments, {"d": FULL.definitions["d"], "c": FULL.definitions["c"]}
    )
    assert reverse.version == FULL.version


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.LIVE}, {"generation": 4}, {"launch_at": NOW}, {"resumed_at": NOW},
        {"document": {"campaign": "c"}}, {"published_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)  # fmt: skip
def test_every_change_has_another_version(change: dict[str, Any]) -> None:
    """Nothing can change without the version telling it."""
    changed = Snapshot(
        FULL.workspace, FULL.segments, {**FULL.definitions, "c": published(**change)}
    )
    assert changed.version != FULL.version


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", "null", '{"format": 1}', '{"format": 2}', '{"format": 3}', b"\xff"],
)
def test_another_text_is_no_snapshot(text: str | bytes) -> None:
    """What this version did not write is refused and not half understood."""
    with pytest.raises(BadSnapshot):
        Snapshot.from_json(text)
