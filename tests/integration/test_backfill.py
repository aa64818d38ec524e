"""
`unless put --backfill`, typed as a person types it, through the bus and the real handlers.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_commands import Typed, lines, typed_on
from tests.integration.wire import REGION, Wire, wiretap
from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
unless: [{event: purchase}]
"""
LONG_AGO = "2025-02-02T10:00:00Z"
PUT = "events.PutEvents"


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """What the command says to AWS is heard on this."""
    with wiretap() as (session, wire):
        monkeypatch.setattr("unless.cli.deployment.botocore.session.get_session", lambda: session)
        yield wire


@pytest.fixture
def typed(world: AwsWorld, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command, on a stack whose bus hands every event on."""
    sqs, events = world.client("sqs"), world.client("events")
    world.queues["Events"] = sqs.create_queue(QueueName="Events")["QueueUrl"]
    events.put_rule(Name="all", EventBusName="bus", EventPattern='{"source": [{"prefix": ""}]}')
    arn = f"arn:aws:sqs:{REGION}:123456789012:Events"
    events.put_targets(Rule="all", EventBusName="bus", Targets=[{"Id": "1", "Arn": arn}])
    wire.calls.clear()
    return typed_on(world, monkeypatch)


def past(number: int, **more: Any) -> dict[str, Any]:
    """One of several past events of the user u."""
    return {"user": "u", "event": "visit", "time": f"2025-02-02T10:{number:02}:00Z", **more}


def visits(world: AwsWorld) -> int:
    """Take in what is on the bus, and return how many visits the user u has in all."""
    if bodies := world.take("Events"):
        assert world.evaluate(*bodies) == []
    history = world.aws.store.load("u").state.history
    return history["visit"].count if "visit" in history else 0


def test_the_past_is_history_only(world: AwsWorld, typed: Typed, tmp_path: Path) -> None:
    """Events and profiles are known afterwards, and nobody hears of them."""
    world.publish(CART)
    path = lines(
        tmp_path / "past.jsonl",
        {"user": "u", "attributes": {"plan": "gold"}, "time": LONG_AGO},
        {"user": "u", "event": "cart_updated", "time": "2026-02-02T09:59:00Z"},
        {"detail-type": "visit", "time": LONG_AGO, "detail": {"user_id": "u"}},
    )
    result = typed("put", "--backfill", path)
    assert result.exit_code == 0, result.output
    assert f"3 lines of {path} on the bus bus, as history only" in result.output
    assert visits(world) == 1
    user = world.aws.store.load("u").state
    assert user.attribute_values() == {"plan": "gold"}
    assert set(user.history) == {"cart_updated", "visit", "attribute_changed"}
    assert (user.pending, world.records("u")) == ({}, [])


def test_a_second_time_there_is_nothing_to_do(
    world: AwsWorld, wire: Wire, typed: Typed, tmp_path: Path
) -> None:
    """Nothing is put again; lines that were added since are."""
    path = lines(tmp_path / "past.jsonl", past(1))
    typed("put", "--backfill", path)
    assert wire.calls.count(PUT) == 1
    result = typed("put", "--backfill", path)
    assert "Nothing to do" in result.output
    assert wire.calls.count(PUT) == 1
    lines(path, past(1), past(2))
    assert typed("put", "--backfill", path).exit_code == 0
    assert [json.loads(body)["detail"]["time"][14:16] for body in world.take("Events")] == [
        "01",
        "02",
    ]


def test_an_interrupted_one_goes_on_where_it_stopped(
    world: AwsWorld, wire: Wire, typed: Typed, tmp_path: Path
) -> None:
    """No line is put twice for certain, and none is left out."""
    path = lines(tmp_path / "past.jsonl", *(past(number) for number in range(35)))

    def stop(moment: str) -> None:
        if moment == f"before {PUT}" and wire.calls.count(PUT) == 3:
            raise KeyboardInterrupt

    wire.moments.append(stop)
    result = typed("put", "--backfill", path)
    wire.moments.remove(stop)
    assert result.exit_code == 130
    assert "Interrupted: 20 lines put, up to line 20" in result.stderr
    assert "The same command goes on from there" in result.stderr
    wire.calls.clear()
    assert typed("put", "--backfill", path).exit_code == 0
    assert wire.calls.count(PUT) == 2
    bodies = world.take("Events")
    assert len(bodies) == len({json.loads(body)["detail"]["id"] for body in bodies}) == 35


def test_only_bad_lines_are_tried_again(world: AwsWorld, typed: Typed, tmp_path: Path) -> None:
    """They are named, may be mended in the file, and nothing else is put again."""
    path = lines(tmp_path / "past.jsonl", past(1), {"user": "u", "event": "visit"}, past(3))
    result = typed("put", "--backfill", path)
    assert result.exit_code == 1
    assert "must say when it happened" in result.output + result.stderr
    assert visits(world) == 2
    again = typed("put", "--backfill", path)
    assert again.exit_code == 1
    assert world.take("Events") == []
    lines(path, past(1), past(2), past(3))
    assert typed("put", "--backfill", path).exit_code == 0
    assert visits(world) == 3


def test_another_file_of_the_same_name_is_noticed(
    world: AwsWorld, typed: Typed, tmp_path: Path
) -> None:
    """To go on in it would leave out its beginning; nothing is put until somebody says so."""
    path = lines(tmp_path / "past.jsonl", past(1), past(2))
    typed("put", "--backfill", path)
    world.take("Events")
    lines(path, past(3), past(4), past(5))
    refused = typed("put", "--backfill", path)
    assert refused.exit_code == 1
    assert "has changed since 2 lines of it were put" in refused.stderr
    assert "--restart" in refused.stderr
    assert world.take("Events") == []
    assert typed("put", "--backfill", "--restart", path).exit_code == 0
    assert visits(world) == 3


def test_putting_everything_again_counts_once(
    world: AwsWorld, typed: Typed, tmp_path: Path
) -> None:
    """A line has the same id each time, also when the file is put without --backfill (V1)."""
    path = lines(tmp_path / "past.jsonl", past(1), past(2))
    for words in (["--backfill"], ["--backfill", "--restart"], []):
        assert typed("put", *words, path).exit_code == 0
        assert visits(world) == 2


def test_a_damaged_note_is_no_reason_to_begin_anywhere(typed: Typed, tmp_path: Path) -> None:
    """Whoever knows what happened to it says --restart."""
    path = lines(tmp_path / "past.jsonl", past(1))
    typed("put", "--backfill", path)
    (note,) = tmp_path.glob("past.jsonl.backfill-*.json")
    note.write_text("{}")
    result = typed("put", "--backfill", path)
    assert result.exit_code == 1
    assert "--restart" in result.stderr


def test_restart_is_for_backfills(typed: Typed, tmp_path: Path) -> None:
    """`put` has nothing that it could begin again."""
    result = typed("put", "--restart", lines(tmp_path / "e.jsonl", past(1)))
    assert result.exit_code == 2
    assert "--backfill" in result.stderr


def test_what_was_loaded_is_taken_for_the_whole_history(
    world: AwsWorld, typed: Typed, tmp_path: Path
) -> None:
    """`publish` warns of an audience that asks for more than there is, until it is there."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "unless.yaml").write_text("workspace: {record: named}")
    (folder / "cart.yaml").write_text(f"{CART}audience: {{event: visit, in_last: 30d}}")
    asked = "campaign cart: looks at `visit` as far back as `in_last: 30d`"
    result = typed("publish", folder)
    assert result.exit_code == 0
    assert f"! {asked}, but these are remembered only since 2026-02-02 10:00" in result.output
    assert "unless put --backfill FILE" in result.output
    path = lines(tmp_path / "past.jsonl", past(1), past(2, event="unheard", time=LONG_AGO))
    result = typed("put", "--backfill", path)
    assert "! not remembered: unheard" in result.output
    assert "history of 1 event counts as complete, back to 2025-02-02" in result.output
    (folder / "cart.yaml").write_text(f"{CART}audience: {{event: visit, in_last: 29d}}")
    assert asked[:40] not in typed("publish", folder).output
    assert visits(world) == 1


def test_the_history_is_not_complete_while_lines_are_missing(
    world: AwsWorld, typed: Typed, tmp_path: Path
) -> None:
    """Only a load that is through tells how far back everything is known."""
    world.publish(CART)
    path = lines(tmp_path / "past.jsonl", past(1), {"user": "u", "event": "visit"})
    typed("put", "--backfill", path)
    assert world.aws.snapshots.read()[0].recorded.loaded == {}
    lines(path, past(1), past(2))
    typed("put", "--backfill", path)
    assert set(world.aws.snapshots.read()[0].recorded.loaded) == {"visit"}
