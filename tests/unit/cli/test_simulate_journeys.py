"""
`unless simulate` with journeys: the way of each user step by step, and who is still on theirs.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import TOUR, Typed, on_terminal

TOO_RECENTLY = (
    "The user entered this journey too recently: "
    "last entered 2026-02-02T10:00:00Z, again from 2026-02-05T10:00:00Z."
)
EXIT_STEP = "The way through the journey ends with an exit step, in step 2.otherwise.0."
A_DAY = "wait 1d, then until 14:00 (user's clock)"


def row(user: str, event: str, time: str, **more: Any) -> str:
    """A line of a file of events."""
    return json.dumps({"user": user, "event": event, "time": f"2026-02-{time}:00Z", **more})


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Ana goes to the end, Ben buys, Cleo never comes back, Dan is no guest."""
    path = tmp_path / "events.jsonl"
    gold = {"plan": "gold", "cart_id": "c"}
    rows = [
        row("ana", "registered", "02T10:00", properties=gold, attributes={"news": True}),
        row("ben", "registered", "02T11:00", properties=gold),
        row("cleo", "registered", "02T12:00", properties=gold),
        row("dan", "registered", "02T13:00", properties=gold, attributes={"vip": True}),
        row("ana", "registered", "03T10:00", properties=gold),
        row("ben", "purchase", "03T11:00", properties={"cart_id": "c"}, id="order-2"),
        row("ana", "session_start", "07T15:00"),
    ]
    path.write_text("\n".join(rows))
    return path


def told(text: str, user: str) -> list[str]:
    """The lines of a user in the timeline, from the user's column on."""
    return [
        line[27:] for line in text.split("\n\n")[0].splitlines()[1:] if line[21:].startswith(user)
    ]


def test_a_run_is_told_step_by_step(typed: Typed, tour: Path, events: Path) -> None:
    """Before a decision stand the steps that led to it, with when they began and where they led."""
    result = typed("simulate", "--workspace", tour, events)
    assert told(result.stdout, "ana") == [
        "· registered  line-1",
        "+ entered    tour",
        "· registered  line-5",
        f"- skipped    tour  {TOO_RECENTLY}",
        "  ↓ 2026-02-02 10:00:00  wait 5d",
        "✓ sent       tour/day5",
        "  ↓ 2026-02-07 10:00:00  wait for session_start, at most 2d → session_start",
        "✓ sent       tour/back",
        "  ↓ 2026-02-07 15:00:00  split: news is true? → then",
        "  ↓ 2026-02-07 15:00:00  wait 1d, then until 14:00 (user's clock)",
        "✓ sent       tour/3.then.1",
        "● completed  tour",
    ]


def test_who_leaves_is_told_why_and_where(typed: Typed, tour: Path, events: Path) -> None:
    """An exit names its event and the step; one by a step of the journey names that."""
    text = typed("simulate", "--workspace", tour, events).stdout
    assert told(text, "ben")[-2:] == [
        "  ↓ 2026-02-02 11:00:00  wait 5d",
        "✗ exited     tour  An exit event happened: purchase (order-2), in step 0.",
    ]
    assert told(text, "cleo")[-3:] == [
        "  ↓ 2026-02-07 12:00:00  wait for session_start, at most 2d → otherwise, after 2d",
        "  ↓ 2026-02-09 12:00:00  exit",
        f"✗ exited     tour  {EXIT_STEP}",
    ]


def test_the_summary_has_a_table_of_journeys(typed: Typed, tour: Path, events: Path) -> None:
    """Journeys have outcomes of their own; campaigns keep theirs."""
    events.write_text(
        events.read_text()
        + "\n"
        + row("eve", "cart_updated", "02T10:00", properties={"cart_value": 150})
    )
    lines = typed("simulate", "--workspace", tour, events).stdout.splitlines()
    rows = [line.split() for line in lines]
    assert ["journey", "entered", "sent", "skipped", "exited", "completed", "pending"] in rows
    assert ["tour", "3", "4", "2", "2", "1", "0"] in rows
    assert ["campaign", "scheduled", "sent", "cancelled", "skipped", "pending"] in rows
    assert ["cart", "1", "1", "0", "0", "0"] in rows


def test_who_is_still_on_their_way_is_told_with_the_step(
    typed: Typed, tour: Path, events: Path
) -> None:
    """At --until the runs are counted by the step that they are in, with the next due time."""
    until = "2026-02-08T00:00:00Z"
    lines = typed("simulate", "--workspace", tour, events, "--until", until).stdout.splitlines()
    assert ["tour", "3", "3", "2", "1", "0", "2"] in [line.split() for line in lines]
    there = lines[lines.index("still on their way") + 1 :][:2]
    assert [line.strip() for line in there] == [
        "1  in tour/2         wait for session_start, at most 2d; next due 2026-02-09 12:00:00",
        f"1  in tour/3.then.0  {A_DAY}; next due 2026-02-09 13:00:00",
    ]


def test_without_journeys_there_is_no_word_of_them(
    typed: Typed, folder: Path, tmp_path: Path
) -> None:
    """A workspace of campaigns has the columns of campaigns only."""
    (tmp_path / "e.jsonl").write_text(
        row("eve", "cart_updated", "02T10:00", properties={"cart_value": 150})
    )
    text = typed("simulate", "--workspace", folder, tmp_path / "e.jsonl").stdout
    assert "journey" not in text
    assert "completed" not in text


def test_machines_get_the_records_as_they_are(typed: Typed, tour: Path, events: Path) -> None:
    """With --json the steps stay in the detail of the record, and no line is added."""
    result = typed("simulate", "--workspace", tour, events, "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert {record["journey"] for record in records} == {"tour"}
    (day5,) = (r for r in records if (r["user"], r.get("step")) == ("ana", "day5"))
    assert day5["detail"]["steps"] == [{"step": "0", "at": "2026-02-02T10:00:00Z"}]


def test_a_terminal_of_80_columns_is_enough(tour: Path, events: Path) -> None:
    """Long ids of journeys and steps wrap within their columns, and nothing is cut off."""
    long = TOUR.replace("journey: tour", "journey: " + "tour_of_the_shop_" * 3)
    (tour / "tour.yaml").write_text(long.replace("id: day5", "id: " + "day_five_" * 6))
    shown = on_terminal(80, "simulate", "--workspace", tour, events)
    assert max(map(len, shown)) <= 80
    assert any("completed  pending" in line for line in shown)
    assert "".join(line.strip() for line in shown).count("day_five_" * 6) >= 1


def test_many_steps_without_a_message_are_told_from_the_last_ones(
    typed: Typed, folder: Path, tmp_path: Path
) -> None:
    """A record keeps so many steps; that there were more before is said."""
    steps = "".join(f"  - update: {{attributes: {{a{n}: 1}}}}\n" for n in range(199))
    head = "journey: long\nentry: {trigger: {event: registered}}\nsteps:\n"
    (folder / "long.yaml").write_text(f"{head}{steps}  - message: {{}}\n")
    (tmp_path / "e.jsonl").write_text(row("ana", "registered", "02T10:00"))
    lines = told(typed("simulate", "--workspace", folder, tmp_path / "e.jsonl").stdout, "ana")
    assert lines[2].endswith("… the last 32 steps")
    assert lines[-3].endswith("update: a198 = 1")
    assert lines[-2:] == ["✓ sent       long/199", "● completed  long"]
