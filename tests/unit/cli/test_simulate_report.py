"""
What `unless simulate` says at its end, as a person reads it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Typed


def row(user: str, event: str, time: str, **more: Any) -> str:
    """A line of a file of events about the cart `c`."""
    properties = {"cart_id": "c", "cart_value": 150}
    at = f"2026-02-02T{time}:00Z"
    return json.dumps({"user": user, "event": event, "time": at, "properties": properties, **more})


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Ana buys in time, Ben half an hour after the reminder, Cleo never."""
    path = tmp_path / "events.jsonl"
    rows = [
        row("ana", "cart_updated", "10:00", attributes={"time_zone": "America/New_York"}),
        row("ana", "purchase", "10:30"),
        row("ben", "cart_updated", "10:00", attributes={"time_zone": "America/New_York"}),
        row("ben", "purchase", "11:30"),
        row("cleo", "cart_updated", "12:00"),
    ]
    path.write_text("\n".join(rows))
    return path


def table(text: str, title: str) -> list[str]:
    """The lines below a title, up to the next empty one."""
    lines = text.splitlines()
    below = lines[lines.index(title) + 1 :]
    return below[: below.index("")]


def test_the_share_of_the_exceptions_is_told(typed: Typed, folder: Path, events: Path) -> None:
    """Of three that were scheduled, a purchase cancelled one."""
    text = typed("simulate", "--workspace", folder, events).stdout
    lines = table(text, "What cancelled what was scheduled")
    assert lines[1].split() == ["cart", "purchase", "exception_event", "1", "(33%)"]


def test_what_a_longer_delay_would_have_spared_is_told(
    typed: Typed, folder: Path, events: Path
) -> None:
    """Ben's purchase came half an hour after his reminder, so an hour more had been enough."""
    lines = table(typed("simulate", "--workspace", folder, events).stdout, "Sent too soon (regret)")
    assert lines[0].split()[2:] == ["within", "15m", "within", "1h", "within", "4h", "within", "1d"]
    assert lines[1].split() == ["cart", "2", "0", *["1", "(50%)"] * 3]


def test_the_hours_of_the_day_are_drawn(typed: Typed, folder: Path, events: Path) -> None:
    """Ben's reminder left at 6 in New York, Cleo's at 14 in Paris, the zone of the workspace."""
    lines = table(
        typed("simulate", "--workspace", folder, events).stdout,
        "Sent in each hour of the user's day",
    )
    name, drawn, *busiest = lines[1].split()
    assert (name, len(drawn)) == ("cart", 24)
    assert [hour for hour, bar in enumerate(drawn) if bar != "·"] == [6, 14]
    assert " ".join(busiest) == "06:00 to 07:00: 1 of 2"


def test_tables_without_anything_in_them_are_left_out(
    typed: Typed, folder: Path, tmp_path: Path
) -> None:
    """Where nothing triggers anything, that is all that is said."""
    path = tmp_path / "views.jsonl"
    path.write_text(row("ana", "page_viewed", "10:00"))
    text = typed("simulate", "--workspace", folder, path).stdout
    assert "No event triggers anything" in text
    assert "Sent too soon (regret)" not in text
