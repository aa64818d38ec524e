"""
`unless simulate` as a person meets it: the timeline, its summary, and files with bad lines.
"""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Typed

CART = {"event": "cart_updated", "properties": {"cart_id": "c", "cart_value": 150}}


def row(user: str, time: str, **more: Any) -> str:
    """A line of a file of events; the cart is filled unless something else is said."""
    return json.dumps({"user": user, "time": f"2026-02-02T{time}Z", **CART, **more})


def buys(user: str, time: str) -> str:
    """The purchase of the cart, in the form of EventBridge."""
    properties = {"cart_id": "c"}
    detail = {"user_id": user, "id": f"{user}-buys", "properties": properties}
    time = f"2026-02-02T{time}Z"
    return json.dumps({"detail-type": "purchase", "time": time, "detail": detail})


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Ana is reminded, Ben buys; not in the order in which it happened, and in both forms."""
    path = tmp_path / "events.jsonl"
    path.write_text(
        "\n".join([buys("ben", "10:30:00"), row("ana", "10:00:00"), row("ben", "10:01:00")])
    )
    return path


def test_the_timeline_says_what_happened_to_whom_and_why(
    typed: Typed, folder: Path, events: Path
) -> None:
    """Events and decisions come in the order of their times, with the reason in words."""
    result = typed("simulate", "--workspace", folder, events)
    assert result.exit_code == 0
    timeline = result.stdout.split("\n\n")[0].splitlines()[1:]
    assert [line.split("  ", 2)[2].strip() for line in timeline] == [
        "· cart_updated  line-2",
        "+ scheduled  cart  due 2026-02-02 11:00:00, in 1h",
        "· cart_updated  line-3",
        "+ scheduled  cart  due 2026-02-02 11:01:00, in 1h",
        "· purchase  ben-buys",
        "✗ cancelled  cart  An exception event happened first: purchase (ben-buys).",
        "✓ sent       cart",
    ]
    assert [line[11:19] for line in timeline][-1] == "11:00:00"
    assert result.stdout.splitlines()[-1] == "3 events of 2 users"


def test_machines_get_the_records_and_nothing_else(
    typed: Typed, folder: Path, events: Path
) -> None:
    """With --json standard output holds one decision record a line, bad lines notwithstanding."""
    events.write_text(events.read_text() + "\n{oops")
    result = typed("simulate", "--workspace", folder, events, "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    ends = {(r["user"], r["outcome"], r.get("reason")) for r in records}
    assert {("ana", "sent", None), ("ben", "cancelled", "exception_event")} < ends
    assert "events.jsonl:4: not_json" in result.stderr
    assert result.exit_code == 0


def test_until_leaves_the_rest_pending(typed: Typed, folder: Path, events: Path) -> None:
    """What is due after the end is not sent, and what happens after it does not happen."""
    until = "2026-02-02T10:15:00Z"
    result = typed("simulate", "--workspace", folder, events, "--until", until)
    summary = next(line for line in result.stdout.splitlines() if line.startswith("cart "))
    assert summary.split() == ["cart", "2", "0", "0", "0", "2"]


def test_bad_lines_are_counted_and_named(typed: Typed, folder: Path, events: Path) -> None:
    """A line that is no event is left out with its number and reason; the others are played."""
    bad = ["{oops", "[]", json.dumps({"event": "x"}), json.dumps({"user": "u", "event": "x"})]
    events.write_text("\n".join([*bad, row("ana", "10:00:00")]))
    result = typed("simulate", "--workspace", folder, events)
    assert result.exit_code == 0
    reasons = [line.split(": ")[1] for line in result.stderr.splitlines() if ".jsonl:" in line]
    assert reasons == ["not_json", "not_an_object", "no_user", "no_time"]
    assert "4 lines left out" in result.stderr
    assert "1 event of 1 user" in result.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere.jsonl", "there is no such file"), ("empty", "there is no file in this folder")],
)
def test_what_is_no_file_is_one_sentence(typed: Typed, folder: Path, name: str, said: str) -> None:
    """A wrong path is said with what was expected."""
    (folder.parent / "empty").mkdir()
    result = typed("simulate", "--workspace", folder, folder.parent / name)
    assert result.exit_code == 1
    assert said in result.stderr


def test_an_empty_file_is_no_success(typed: Typed, folder: Path, tmp_path: Path) -> None:
    """Without a single event there is nothing to play, and an example of what is expected."""
    (tmp_path / "empty.jsonl").write_text("\n")
    result = typed("simulate", "--workspace", folder, tmp_path / "empty.jsonl")
    assert result.exit_code == 1
    assert "there is no event in it to play" in result.stderr
    assert '"event": "purchase"' in result.stderr


def test_definitions_with_errors_are_not_played(typed: Typed, folder: Path, events: Path) -> None:
    """The mistakes are shown as `unless check` shows them."""
    (folder / "cart.yaml").write_text("campaign: cart\n")
    result = typed("simulate", "--workspace", folder, events)
    assert result.exit_code == 1
    assert "cart.yaml:1: error[bad_value]" in result.stderr


def test_an_end_that_is_no_instant_is_a_wrong_command(
    typed: Typed, folder: Path, events: Path
) -> None:
    """--until is answered with how an instant is written."""
    result = typed("simulate", "--workspace", folder, events, "--until", "noon")
    assert result.exit_code == 2
    assert "2026-02-02T10:00:00Z" in result.stderr


def test_a_timeline_in_a_pipe_is_not_wrapped(typed: Typed, folder: Path, events: Path) -> None:
    """A long line stays one line, whatever the width of the terminal that is not there."""
    events.write_text(row("a" * 200, "10:00:00"))
    result = typed("simulate", "--workspace", folder, events)
    assert all(len(line) > 200 for line in result.stdout.split("\n\n")[0].splitlines()[1:])


def test_a_bar_on_the_terminal_leaves_the_records_in_the_pipe(folder: Path, events: Path) -> None:
    """With standard error on a terminal, every record still goes to standard output, unwrapped."""
    ours, theirs = pty.openpty()
    unless = Path(sys.executable).with_name("unless")
    command = [str(unless), "simulate", "--workspace", str(folder), str(events), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 1000)
    os.close(ours)
    assert [json.loads(line)["campaign"] for line in done.stdout.splitlines()] == ["cart"] * 4
    assert b"playing" in shown
