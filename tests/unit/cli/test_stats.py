"""
`unless stats --records`: the counts of campaigns and journeys, offline, and their golden text.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.make_event_samples import EVENTS
from tests.unit.cli.conftest import Typed
from unless.cli.stats.rates import Rate, difference
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason, Record

AT = datetime(2026, 2, 2, 10, tzinfo=UTC)
GOLDEN = Path(__file__).with_name("golden") / "stats.txt"


def record(user: str, outcome: Outcome, day: int = 0, **more: Any) -> Record:
    """A record of the campaign `cart`, so many days after the first."""
    known = {"definition": "cart", "event": f"e-{user}", "send": f"s-{user}"}
    return Record(AT + timedelta(days=day), user, outcome=outcome, **(known | more))


def held_back(user: str) -> Record:
    """Somebody of the control group."""
    detail = {"percent": 20}
    reason = Reason.CONTROL_GROUP
    return record(user, Outcome.SKIPPED, reason=reason, send=None, detail=detail)


def converted(user: str, after: int, *, row: int = 0, control: bool = False) -> Record:
    """Somebody bought, or came back, so many seconds after the message."""
    return record(
        user,
        Outcome.CONVERTED,
        event=f"{user}-buys-{after}",
        name="purchase" if row == 0 else "session_start",
        reason=Reason.CONTROL_GROUP if control else None,
        send=None if control else f"s-{user}",
        detail={"row": row, "primary": row == 0, "after_s": after},
    )


def did(user: str, action: str, number: int = 1, **more: Any) -> Record:
    """Somebody did something with their message, for the so-manieth time."""
    detail = {"action": action, "channel": "email"}
    event = f"{user}-{action}-{number}"
    return record(user, Outcome.INTERACTED, **({"event": event, "detail": detail} | more))


def campaign() -> Iterator[Record]:
    """Ten people get the message, four of whom buy; one of five buys without it."""
    for number in range(10):
        user = f"u{number}"
        yield record(user, Outcome.SCHEDULED, due=AT)
        unknown = Reason.DELIVERY_UNKNOWN if number < 2 else None
        settled = {"at": "2026-02-02T10:03:00Z", "by": "SEND"}
        detail: dict[str, Any] = {"said": "read timeout"} if unknown else {}
        detail |= {"confirmed": settled} if number == 0 else {}
        yield record(user, Outcome.SENT, 1, due=AT, reason=unknown, detail=detail)
    yield record("v", Outcome.SCHEDULED, due=AT)
    yield record("v", Outcome.CANCELLED, due=AT, reason=Reason.EXCEPTION_EVENT)
    yield from (held_back(f"c{number}") for number in range(5))
    yield from (converted(f"u{number}", 3600 * (number + 1)) for number in range(4))
    yield from (converted("u0", 9000), converted("u5", 60, row=1))
    yield converted("c0", 7200, control=True)
    yield from (did("u0", "opened", time) for time in range(3))
    yield from (did("u1", "opened"), did("u1", "clicked"), did("u2", "bounced"))


def journey() -> Iterator[Record]:
    """Two people go through, and one message does not go out."""
    run: dict[str, Any] = {"kind": Kind.JOURNEY, "definition": "tour", "send": None}
    for user in ("u1", "u2"):
        yield record(user, Outcome.ENTERED, **run)
        yield record(user, Outcome.COMPLETED, 5, **run)
    message = run | {"step": "day5"}
    yield record("u1", Outcome.SENT, 5, **message | {"send": "m-1"})
    yield record("u2", Outcome.SKIPPED, 5, **message, reason=Reason.UNREACHABLE)
    yield did("u1", "opened", **message | {"send": "m-1"})
    yield record("u3", Outcome.SKIPPED, **run, reason=Reason.ALREADY_ENTERED)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A file of the records of a campaign and a journey, in the order of time."""
    rows = sorted((*campaign(), *journey()), key=lambda each: each.at)
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(json.dumps(each.as_json()) for each in rows))
    return path


def counted(typed: Typed, *words: str | Path) -> list[dict[str, Any]]:
    """What the command prints for machines."""
    result = typed("stats", *words, "--json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_tables_are_those_that_were_read(typed: Typed, records: Path) -> None:
    """All in a line each, then each of them in full; `STATS_GOLDEN=1` writes the file anew."""
    several = [typed("stats", *words, "--records", records) for words in ((), ("cart",), ("tour",))]
    assert [result.exit_code for result in several] == [0, 0, 0]
    printed = "\n".join(result.stdout for result in several).replace(str(records), "FILE")
    if os.environ.get("STATS_GOLDEN"):
        GOLDEN.write_text(printed)
    assert printed == GOLDEN.read_text()


def test_a_message_opened_three_times_counts_once(typed: Typed, records: Path) -> None:
    """What is done is counted per message; what has no message in this time is not counted."""
    (cart,) = counted(typed, "cart", "--records", records)
    assert cart["messages"] == {
        "sent": 10, "unknown": 2, "confirmed": 1, "skipped": 0,
        "bounced": 1, "clicked": 1, "opened": 2,
    }  # fmt: skip


def test_conversions_stand_beside_those_of_the_control_group(typed: Typed, records: Path) -> None:
    """People are compared, not conversions; the control group never counts as reached."""
    (cart,) = counted(typed, "cart", "--records", records)
    first, second = cart["conversions"]
    assert (first["event"], first["conversions"], first["primary"]) == ("purchase", 5, True)
    assert (first["reached"]["converted"], first["reached"]["users"]) == (4, 10)
    assert (first["control"]["converted"], first["control"]["users"]) == (1, 5)
    assert first["difference"]["value"] == pytest.approx(0.2)
    assert first["difference"]["low"] < 0 < first["difference"]["high"]
    assert first["median_s"] == 9000
    assert (second["event"], second["conversions"]) == ("session_start", 1)


def test_decisions_before_the_time_asked_for_do_not_count(typed: Typed, records: Path) -> None:
    """A span counts back from the newest record of a file."""
    (tour,) = counted(typed, "tour", "--records", records, "--since", "1d")
    assert (tour["triggers"], tour["outcomes"]) == (0, {"completed": 2})
    assert tour["steps"]["day5"]["sent"] == 1


@pytest.mark.parametrize(
    ("name", "since", "code", "words"),
    [
        ("cat", "7d", 1, "Did you mean cart?"),
        ("cart", "soon", 2, "neither an instant nor a span"),
    ],
)
def test_what_cannot_be_answered_says_what_to_do(
    typed: Typed, records: Path, name: str, since: str, code: int, words: str
) -> None:
    """An unknown id names the nearest one, an unreadable time shows how to write one."""
    result = typed("stats", name, "--records", records, "--since", since)
    assert result.exit_code == code
    assert words in result.stderr


def test_the_sample_of_what_becomes_of_messages_is_counted(typed: Typed, tmp_path: Path) -> None:
    """Each line is an event, and every `send` in it is one of the shop's messages."""
    shop, messages = EVENTS / "shop.jsonl", EVENTS / "messages.jsonl"
    path = tmp_path / "records.jsonl"
    workspace = EVENTS.parent / "campaigns"
    played = typed("simulate", "--workspace", workspace, "--json", shop, messages)
    assert played.exit_code == 0, played.output
    path.write_text(played.stdout)
    rows = [json.loads(line) for line in messages.read_text().splitlines()]
    wanted = [row["properties"]["action"] for row in rows if "action" in row["properties"]]
    told = [row["messages"] for row in counted(typed, "--records", path)]
    assert sum(each.get(action, 0) for each in told for action in set(wanted)) == len(wanted)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 29, 0.0061, 0.1718), (81, 263, 0.2553, 0.3662)],
)
def test_a_rate_lies_where_wilson_says(part: int, whole: int, low: float, high: float) -> None:
    """
    The published values of the score interval without continuity correction.

    Source: R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics
    in Medicine 17 (1998), 857-872, table I.
    """
    assert Rate(part, whole).interval == pytest.approx((low, high), abs=1e-4)


def test_a_difference_lies_where_newcombe_says() -> None:
    """The published value for 56 of 70 against 48 of 80, from his table II, method 10."""
    found = difference(Rate(56, 70), Rate(48, 80))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert found.is_clear
    assert difference(Rate(0, 0), Rate(1, 2)) is None
