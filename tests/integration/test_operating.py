"""
What operators do, and the sweep behind them: nothing waits for ever.
"""

import json

import pytest

from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
unless: [{event: purchase, match: cart_id}]
"""


def park(world: AwsWorld) -> None:
    """Let a send of the paused campaign fall due."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1", cart_id="c1"))
    world.operate("pause", "cart")
    world.pass_time(minutes=10)
    assert world.ring() == []


def test_a_pause_holds_and_the_resume_sends(world: AwsWorld) -> None:
    """What falls due in a pause is parked where no sweep looks, and goes out at the resume (L1)."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated"))
    world.operate("pause", "cart")
    world.pass_time(minutes=10)
    world.ring()
    world.pass_time(minutes=2)
    world.sweep()
    assert world.due() == []
    assert world.aws.operate.pending() == {"cart": 1}
    assert world.operate("resume", "cart") == 1
    world.ring()
    assert len(world.requests()) == 1
    assert world.said("u") == ["scheduled", "sent"]


def test_a_stop_ends_what_a_pause_had_parked(world: AwsWorld) -> None:
    """A stop after a pause wakes the parked sends, so that they end (L1)."""
    park(world)
    assert world.operate("stop", "cart") == 1
    world.ring()
    assert world.requests() == []
    assert world.said("u") == ["scheduled", "cancelled campaign_stopped"]


def test_an_exception_reaches_a_parked_send(world: AwsWorld) -> None:
    """Exceptions stay live through every hold (E7)."""
    park(world)
    world.evaluate(world.event("u", "purchase", cart_id="c1"))
    world.operate("resume", "cart")
    world.ring()
    assert world.requests() == []
    assert world.said("u") == ["scheduled", "cancelled exception_event"]


def test_the_sweep_wakes_what_a_broken_off_resume_left(world: AwsWorld) -> None:
    """Whoever dies between the resume and the wake-up leaves nothing behind for long."""
    park(world)
    with world.wire.killed("sqs.SendMessageBatch"):
        world.operate("resume", "cart")
    world.sweep()
    world.ring()
    assert len(world.requests()) == 1


@pytest.mark.slow
def test_the_sweep_wakes_what_a_broken_off_stop_left(world: AwsWorld) -> None:
    """Every campaign that is not paused is looked at once an hour."""
    park(world)
    with world.wire.killed("sqs.SendMessageBatch"):
        world.operate("stop", "cart")
    for _ in range(60):
        world.pass_time(minutes=1)
        world.sweep()
    world.ring()
    assert world.said("u") == ["scheduled", "cancelled campaign_stopped"]


def test_a_parked_send_outlives_a_long_pause(world: AwsWorld) -> None:
    """A pause has no end, so what it parks has no TTL; what is decided late is said (L1)."""
    park(world)
    (item,) = [item for sort, item in world.items("u").items() if sort.startswith("A#DUE#")]
    assert "ttl" not in item
    world.pass_time(days=100)
    world.operate("resume", "cart")
    world.ring()
    assert world.said("u") == ["scheduled", "cancelled too_late"]


def test_the_sweep_tells_what_the_alarms_ask(
    world: AwsWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    """How many are overdue, since when, and that the sweep itself is alive."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated"))
    world.pass_time(minutes=12)
    capsys.readouterr()
    world.sweep()
    told = json.loads(capsys.readouterr().out)
    assert told["service"] == "test"
    assert (told["OverdueSends"], told["OldestOverdueSend"]) == ([1], [120])
    assert told["SweeperHeartbeat"] == [1]


def test_the_sweep_is_bounded_and_begins_with_the_oldest(
    world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an outage the queue is filled in the order of the due times, a part in each run."""
    monkeypatch.setattr("unless.app.sweep.RUNG_MAX", 3)
    world.publish(CART)
    for number in range(5):
        world.evaluate(world.event(f"u{number}", "cart_updated"))
        world.pass_time(seconds=1)
    world.pass_time(minutes=10)
    world.take("DueQueue")
    world.pass_time(minutes=1)
    world.sweep()
    world.ring()
    assert sorted(request["user_id"] for request in world.requests()) == ["u0", "u1", "u2"]


def test_a_deleted_user_is_gone(world: AwsWorld) -> None:
    """Pending sends end at once, and no item holds anything but the deletion (L3)."""
    world.publish(CART)
    attributes = {"email": "u@example.test"}
    world.evaluate(world.event("u", "cart_updated", "e1", cart_id="c1", attributes=attributes))
    world.evaluate(world.event("u", "seen", "e2"))
    world.pass_time(minutes=1)
    late = world.event("u", "purchase", "e3")
    world.pass_time(seconds=1)
    assert world.aws.deletion.delete("u").ended == 1
    assert world.said("u") == ["cancelled user_not_found"]
    assert world.items("u").keys() == {"A#"}
    assert world.items("u")["A#"]["data"] == {
        "S": '{"format":1,"deleted_at":"2026-02-02T10:01:01Z","next_order":1}'
    }
    assert world.evaluate(late) == []
    world.pass_time(minutes=10)
    assert world.ring() == []
    assert world.requests() == []
    assert world.items("u").keys() == {"A#"}


def test_a_record_written_across_a_deletion_goes_with_the_others(world: AwsWorld) -> None:
    """Who decided before it and writes after it leaves nothing: it is erased once more (I9)."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1"))
    late = world.records("u")
    world.pass_time(minutes=1)
    world.aws.deletion.delete("u")
    world.pass_time(seconds=30)
    world.aws.ledger.write(late)
    assert world.said("u") == ["scheduled", "cancelled user_not_found"]
    world.pass_time(minutes=2)
    assert world.ring() == []
    assert world.said("u") == ["cancelled user_not_found"]
    assert world.items("u").keys() == {"A#"}


READS = [("dynamodb.Query", number) for number in (1, 2, 3, 4)]
WRITES = [("dynamodb.TransactWriteItems", 1), *(("dynamodb.BatchWriteItem", n) for n in (1, 2, 3))]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("call", "nth"), [*READS, *WRITES])
def test_a_deletion_that_broke_off_is_finished_by_another(
    world: AwsWorld, call: str, nth: int, after: bool
) -> None:
    """Wherever it dies, doing it again leaves nothing but one record of what was pending (L3)."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated", "e1", cart_id="c1", text=["x" * 5000]))
    world.pass_time(seconds=5)
    with world.wire.killed(call, after=after, nth=nth):
        world.aws.deletion.delete("u")
    world.pass_time(seconds=5)
    world.aws.deletion.delete("u")
    assert world.said("u") == ["cancelled user_not_found"]
    assert world.items("u").keys() == {"A#"}
