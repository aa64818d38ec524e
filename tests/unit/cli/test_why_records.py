"""
`unless why --records`: the decisions of a simulation, told from its records alone.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.unit.cli.conftest import Typed
from unless.cli.commands import app

RECORD = (
    '{"at": "2026-02-02T10:00:00Z", "user": "u", "campaign": "c", "outcome": "skipped", '
    '"reason": "too_old", "event": "e", "detail": {}}'
)


def row(user: str, event: str, time: str, **more: Any) -> str:
    """A line of a file of events."""
    return json.dumps({"user": user, "event": event, "time": f"2026-02-02T{time}:00Z", **more})


@pytest.fixture
def records(typed: Typed, folder: Path, tmp_path: Path) -> Path:
    """Ana leaves a cart and buys it, then one that is worth too little; Ben waits in vain."""
    cart = {"cart_id": "c-9", "cart_value": 150}
    events = tmp_path / "events.jsonl"
    events.write_text(
        "\n".join(
            [
                row("ana", "cart_updated", "10:00", id="evt-1", properties=cart),
                row("ana", "purchase", "10:45", id="order-2", properties=cart),
                row("ana", "cart_updated", "12:00", id="evt-3", properties={"cart_value": 50}),
                row("ben", "cart_updated", "13:00", id="evt-4", properties=cart),
            ]
        )
    )
    path = tmp_path / "records.jsonl"
    path.write_text(typed("simulate", "--workspace", folder, "--json", events).stdout)
    return path


def test_decisions_are_told_newest_first(typed: Typed, records: Path) -> None:
    """Each trigger is one decision, with what failed, both values and what would change it."""
    result = typed("why", "ana", "--records", records)
    assert result.exit_code == 0, result.output
    text = result.stdout
    low, bought = text.index("cart_value was 50"), text.index("they bought at 10:45 UTC")
    assert low < bought
    assert "cart_value was 50 and had to be at least 100. (`filter_mismatch`)" in text
    assert "15 minutes before the message was due." in text
    assert "ben" not in text


def test_records_may_be_compressed_or_come_through_a_pipe(
    typed: Typed, records: Path, tmp_path: Path
) -> None:
    """The answer is the same, wherever the records come from."""
    packed = tmp_path / "records.gz"
    packed.write_bytes(gzip.compress(records.read_bytes()))
    plain = typed("why", "ana", "--records", records).stdout.splitlines()[1:]
    assert typed("why", "ana", "--records", packed).stdout.splitlines()[1:] == plain
    piped = CliRunner().invoke(app, ["why", "ana", "--records", "-"], input=records.read_bytes())
    assert piped.stdout.splitlines()[1:] == plain


def test_json_is_the_records_as_they_were(typed: Typed, records: Path) -> None:
    """Machines get the objects of SPEC section 6, newest first."""
    printed = typed("why", "ana", "--records", records, "--json").stdout.splitlines()
    kept = [line for line in records.read_text().splitlines() if '"ana"' in line]
    assert [json.loads(line) for line in printed] == [json.loads(line) for line in kept[::-1]]


def test_one_campaign_since_an_instant(typed: Typed, records: Path) -> None:
    """What is asked for is shown, and what came before is left out."""
    words = ("why", "ana", "cart", "--records", records, "--since")
    text = typed(*words, "2026-02-02T11:00:00Z").stdout
    assert "cart_value was 50" in text
    assert "they bought" not in text
    text = typed(*words, "2026-02-03").stdout
    assert "Nothing was decided since Tue 3 Feb 2026, 00:00 UTC" in text


def test_the_limit_says_how_many_are_left_out(typed: Typed, records: Path) -> None:
    """Nobody takes a part for the whole."""
    text = typed("why", "ana", "--records", records, "--limit", "1").stdout
    assert "they bought" not in text
    assert "1 older decision" in text
    assert "they bought" in typed("why", "ana", "--records", records, "--limit", "0").stdout


def test_the_same_refusal_again_and_again_is_told_once(
    typed: Typed, folder: Path, tmp_path: Path
) -> None:
    """Whoever changes a cart of ten euros all day has one answer, and all of them if asked for."""
    events = tmp_path / "events.jsonl"
    low = {"cart_value": 10}
    times = [f"10:{minute:02}" for minute in range(30)]
    events.write_text("\n".join(row("ana", "cart_updated", at, properties=low) for at in times))
    records = tmp_path / "records.jsonl"
    records.write_text(typed("simulate", "--workspace", folder, "--json", events).stdout)
    text = typed("why", "ana", "--records", records).stdout
    assert text.count("cart_value was 10") == 1
    assert "… and 29 more for the same reason since Mon 2 Feb 2026, 10:00 UTC" in text
    assert "older decision" not in text
    text = typed("why", "ana", "--records", records, "--limit", "0").stdout
    assert text.count("cart_value was 10") == 30


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("anna",), ("no record is about the user anna", "Did you mean ana?")),
        (("ana", "carts"), ("There is no campaign or journey carts", "Did you mean cart?")),
        (("ana", "--since", "soon"), ("neither an instant nor a span", "3d")),
    ],
)
def test_an_unknown_name_gets_the_nearest_one(
    typed: Typed, records: Path, words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    """One sentence says what is wrong, another what to do."""
    result = typed("why", *words, "--records", records)
    assert result.exit_code in (1, 2)
    for part in said:
        assert part in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "there is no decision record in it"),
        ('{"user": "u", "event": "e"}', ":1: this is no decision record: `at` is missing"),
        ("hello", ":1: this is no decision record"),
        ("[1]", ":1: this is no decision record"),
        (
            RECORD.replace("too_old", "too_odd"),
            ":1: this is no decision record: there is no reason",
        ),
        (RECORD.replace("00Z", "00"), "an instant has no zone"),
        (RECORD.replace("{}", "7"), "`detail` is no object"),
        (None, "there is no such file"),
    ],
)
def test_a_file_of_something_else_is_named(
    typed: Typed, tmp_path: Path, content: str | None, said: str
) -> None:
    """The file, the line and how to make one stand in the error."""
    path = tmp_path / "file"
    if content is not None:
        path.write_text(content)
    result = typed("why", "u", "--records", path)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "simulate --json" in result.stderr
