"""
`unless simulate --against`: what differs, for people, for a pull request and for machines.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Typed


def row(user: str, event: str, time: str, value: int = 150, **more: Any) -> str:
    """A line of a file of events about a cart of that value."""
    properties = {"cart_id": "c", "cart_value": value}
    at = f"2026-02-02T{time}:00Z"
    return json.dumps({"user": user, "event": event, "time": at, "properties": properties, **more})


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Ana's cart is small, Ben buys after an hour and a half, Cleo never does."""
    path = tmp_path / "events.jsonl"
    rows = [
        row("ana", "cart_updated", "10:00", 60, id="small"),
        row("ben", "cart_updated", "10:00", id="ben-fills"),
        row("ben", "purchase", "11:30", id="ben-buys"),
        row("cleo", "cart_updated", "12:00", id="cleo-fills"),
    ]
    path.write_text("\n".join(rows))
    return path


@pytest.fixture
def slower(folder: Path) -> Path:
    """The same workspace with two hours of delay, and for smaller carts, too."""
    new = folder.with_name("new")
    shutil.copytree(folder, new)
    text = (new / "cart.yaml").read_text()
    (new / "cart.yaml").write_text(text.replace("1h", "2h").replace("gte: 100", "gte: 50"))
    return new


def test_people_read_how_many_and_why(
    typed: Typed, folder: Path, slower: Path, events: Path
) -> None:
    """The counts come first, then for each kind the reasons, then users with their values."""
    result = typed("simulate", "--workspace", slower, "--against", folder, events)
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0].startswith("4 events of 3 users, 2026-02-02 to 2026-02-02, played under")
    assert "cart 2 2 1 1 1 0" in lines
    assert "cart: 1 added, 1 removed, 1 moved" in lines
    assert any(
        line.startswith("added ana small skipped: The event's properties do not pass")
        and "cart_value is 60, expected at least 100. sent 2026-02-02 12:00:00" in line
        for line in lines
    )
    assert (
        "removed ben ben-fills sent 2026-02-02 11:00:00 "
        "cancelled: An exception event happened first: purchase (ben-buys)." in lines
    )
    assert "sent 2026-02-02 14:00:00, 1h later" in result.stdout


def test_nothing_to_say_is_said(typed: Typed, folder: Path, events: Path) -> None:
    """A version against itself differs in nothing, also in a pull request."""
    words = typed("simulate", "--workspace", folder, "--against", folder, events)
    comment = typed("simulate", "--workspace", folder, "--against", folder, events, "--markdown")
    assert words.stdout.splitlines()[-1] == "Nothing differs."
    assert "**Nothing differs.**" in comment.stdout


def test_a_comment_is_a_table_with_folded_details(
    typed: Typed, folder: Path, slower: Path, events: Path
) -> None:
    """Markdown has a table of counts, and everything longer behind a summary."""
    lines = typed(
        "simulate", "--workspace", slower, "--against", folder, events, "--markdown"
    ).stdout.splitlines()
    assert lines[0] == "### What these definitions change"
    assert "| cart | 2 | 2 | 1 | 1 | 1 | 0 |" in lines
    assert "<details><summary>cart: 1 added, 1 removed, 1 moved</summary>" in lines
    assert lines.count("</details>") == 1


def test_an_id_cannot_write_in_the_comment(
    typed: Typed, folder: Path, slower: Path, events: Path
) -> None:
    """Markup, mentions, links and columns in a user's id stay text."""
    bad = "</details><img src=x> | `a` @team https://x.test [x](y) _z_"
    events.write_text(row(bad, "cart_updated", "10:00", 60))
    text = typed(
        "simulate", "--workspace", slower, "--against", folder, events, "--markdown"
    ).stdout
    (line,) = [line for line in text.splitlines() if "team" in line]
    assert line.count("|") == 6
    for sign in ("</details>", "<img", "`", "@team", "://", "[x]", " _z"):
        assert sign not in line


def test_machines_get_a_difference_a_line(
    typed: Typed, folder: Path, slower: Path, events: Path
) -> None:
    """Each line has the change, whose it is, and both records."""
    text = typed("simulate", "--workspace", slower, "--against", folder, events, "--json").stdout
    rows = {row["user"]: row for row in map(json.loads, text.splitlines())}
    assert {user: row["change"] for user, row in rows.items()} == {
        "ana": "added",
        "ben": "removed",
        "cleo": "moved",
    }
    assert rows["ana"]["old"]["detail"]["actual"] == 60
    assert rows["ben"]["new"]["reason"] == "exception_event"
    assert (rows["cleo"]["campaign"], rows["cleo"]["later_s"]) == ("cart", 3600)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--markdown"], "--against"),
        (["--against", "shop", "--markdown", "--json"], "Choose one"),
        (["--against", "nowhere"], "there is no such folder"),
    ],
)
def test_options_that_make_no_sense_are_explained(
    typed: Typed, folder: Path, events: Path, options: list[str], said: str
) -> None:
    """What cannot be done is a wrong command, said in a sentence."""
    result = typed("simulate", "--workspace", folder, events, *options)
    assert result.exit_code == 2
    assert said in result.stderr


def test_old_definitions_with_errors_are_not_played(
    typed: Typed, folder: Path, slower: Path, events: Path
) -> None:
    """The mistakes of the old folder are shown with its file."""
    (folder / "cart.yaml").write_text("campaign: cart\n")
    result = typed("simulate", "--workspace", slower, "--against", folder, events)
    assert result.exit_code == 1
    assert "shop/cart.yaml:1: error[bad_value]" in result.stderr
