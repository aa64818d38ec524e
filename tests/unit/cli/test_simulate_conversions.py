"""
Conversions in `unless simulate`: counted beside the decisions, in the report and between versions.
"""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Typed

HELLO = """\
campaign: hello
trigger: {event: registered}
conversions: [{event: purchase, within: 3d}, {event: session_start, within: 1h}]
control_percent: 0
"""


def row(user: str, event: str, time: str) -> str:
    """A line of a file of events."""
    return json.dumps(
        {"user": user, "event": event, "id": f"{user}-{event}", "time": f"2026-02-{time}:00Z"}
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A campaign with two goals."""
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "unless.yaml").write_text("workspace: {zone: UTC}\n")
    (folder / "hello.yaml").write_text(HELLO)
    return folder


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Two people register; Ana buys two days later, Ben comes back and opens the message."""
    path = tmp_path / "events.jsonl"
    about = {"campaign": "hello", "channel": "email", "action": "opened"}
    opened = json.loads(row("ben", "message_interaction", "02T10:40")) | {"properties": about}
    path.write_text(
        "\n".join(
            [
                row("ana", "registered", "02T10:00"),
                row("ben", "registered", "02T10:05"),
                row("ben", "session_start", "02T10:35"),
                json.dumps(opened),
                row("ana", "purchase", "04T10:00"),
            ]
        )
    )
    return path


def printed(typed: Typed, *words: str | Path) -> str:
    """What the simulation prints."""
    result = typed("simulate", *words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_conversions_are_told_and_counted(typed: Typed, workspace: Path, events: Path) -> None:
    """In the timeline with their goal, in a column of their own, and by goal; never as reasons."""
    text = printed(typed, "--workspace", workspace, events)
    assert "★ converted  hello  by purchase, the first goal, 2d later" in text
    assert "○ interacted  hello  opened (e-mail)" in text
    heading, counts = (line.split() for line in text.split("\n\n")[1].splitlines()[:2])
    found = dict(zip(heading, counts, strict=True))
    assert (found["sent"], found["converted"], found["interacted"]) == ("2", "2", "1")
    (goals,) = (part for part in text.split("\n\n") if part.startswith("Conversions"))
    assert [line.split()[:4] for line in goals.splitlines()[2:4]] == [
        ["hello", "purchase", "1", "(50%)"],
        ["hello", "session_start", "1", "(50%)"],
    ]


def test_the_control_group_stands_beside(typed: Typed, workspace: Path, events: Path) -> None:
    """Whoever gets nothing converts without a message, and that is no reason why not."""
    (workspace / "hello.yaml").write_text(HELLO.replace("percent: 0", "percent: 100"))
    text = printed(typed, "--workspace", workspace, events)
    assert "2d later, in the control group" in text
    (goals,) = (part for part in text.split("\n\n") if part.startswith("Conversions"))
    assert goals.splitlines()[2].split() == ["hello", "purchase", "0", "1"]
    (reasons,) = (part for part in text.split("\n\n") if part.startswith("Reasons"))
    assert [line.split()[:2] for line in reasons.splitlines()[2:]] == [["2", "skipped"]]


def test_another_goal_is_no_other_decision(
    typed: Typed, workspace: Path, events: Path, tmp_path: Path
) -> None:
    """Nothing differs of what is sent; how often the goal is met is told by itself."""
    old = tmp_path / "old"
    old.mkdir()
    (old / "hello.yaml").write_text(HELLO.replace("within: 3d", "within: 1d"))
    (old / "unless.yaml").write_text("workspace: {zone: UTC}\n")
    words = ("--workspace", workspace, "--against", old, events)
    text = printed(typed, *words)
    assert "Nothing differs." in text
    assert text.splitlines()[-2].split() == ["hello", "purchase", "0", "1"]
    assert "| hello | purchase | 0 | 1 |" in printed(typed, *words, "--markdown")
    assert printed(typed, *words, "--json") == ""


def test_the_page_shows_the_goals(
    typed: Typed, workspace: Path, events: Path, tmp_path: Path
) -> None:
    """A section of its own, with the share of the messages."""
    page = tmp_path / "report.html"
    printed(typed, "--workspace", workspace, "--html", page, events)
    html = page.read_text()
    assert ">Conversions<" in html
    assert "1 (50%)" in html
