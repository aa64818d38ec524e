"""
The ledger fails: no record is lost, none is there twice, and no message waits for it.
"""

from collections.abc import Iterator

import pytest

from tests.integration.world import AwsWorld
from tests.template.reading import properties

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
unless: [{event: purchase}]
reeligible: always
"""
JOURNEY = """
journey: tour
entry: {trigger: {event: registered}}
steps:
  - delay: {after: 10m}
  - message: {id: hello}
  - delay: {after: 10m}
  - message: {id: bye}
"""
LEDGER = "dynamodb.BatchWriteItem"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds of a batch follow each other at once."""
    monkeypatch.setattr("time.sleep", lambda _: None)


def receives(queue: str, minutes: int) -> Iterator[int]:
    """
    Yield how often a message has been received, each time that its queue shows it again within so
    many minutes; before that it would go to the dead letters.
    """
    every = properties(queue)["VisibilityTimeout"] // 60
    times = minutes // every + 1
    assert times < properties(queue)["RedrivePolicy"]["maxReceiveCount"]
    yield from range(1, times + 1)


def due(world: AwsWorld, *events: str) -> list[str]:
    """Take in these events, and return the notices of what they started."""
    assert world.evaluate(*events) == []
    world.pass_time(minutes=10)
    return world.due()


def test_a_send_goes_out_in_an_outage_of_an_hour(world: AwsWorld) -> None:
    """Once; its record is written when the ledger is back, by the message that kept coming."""
    world.publish(CART)
    (notice,) = due(world, world.event("u", "cart_updated", "e1"))
    sent_at = None
    with world.wire.out(LEDGER):
        for times in receives("DueQueue", 60):
            assert world.deliver(notice, receives=times) == [notice]
            sent_at = sent_at or world.aws.clock()
            world.pass_time(minutes=3)
        assert len(world.requests()) == 1
        assert world.said("u") == ["scheduled"]
    assert world.deliver(notice, receives=22) == []
    assert world.said("u") == ["scheduled", "sent"]
    assert world.records("u")[-1].at == sent_at
    assert world.requests() == []


def test_an_event_is_decided_once_in_an_outage_of_an_hour(world: AwsWorld) -> None:
    """Its send goes out meanwhile, and both records come when the ledger is back."""
    world.publish(CART)
    event = world.event("u", "cart_updated", "e1")
    held: list[str] = []
    with world.wire.out(LEDGER, "ProvisionedThroughputExceededException"):
        for times in receives("EventsQueue", 60):
            assert world.evaluate(event, receives=times) == [event]
            world.pass_time(minutes=3)
            held += world.ring()
        assert len(world.requests()) == 1
        assert world.records("u") == []
    assert world.evaluate(event, receives=22) == []
    assert world.deliver(*held, receives=22) == []
    assert world.said("u") == ["scheduled", "sent"]
    assert world.aws.store.load("u").state.history["cart_updated"].count == 1


def test_neighbours_do_not_wait_for_the_ledger(world: AwsWorld) -> None:
    """What leaves no record is done, and everybody's message goes out."""
    world.publish(CART)
    with world.wire.out(LEDGER):
        trigger, plain = world.event("u", "cart_updated"), world.event("v", "page_viewed")
        assert world.evaluate(trigger, plain) == [trigger]
        other = world.event("v", "cart_updated")
        assert world.evaluate(other, world.event("w", "page_viewed")) == [other]
        world.pass_time(minutes=10)
        notices = world.due()
        assert sorted(world.deliver(*notices)) == sorted(notices)
        assert {request["user_id"] for request in world.requests()} == {"u", "v"}


def test_what_the_table_leaves_undone_comes_again(world: AwsWorld) -> None:
    """A part of a batch is written, its messages come back, and each record is there once."""
    world.publish(CART)
    events = [world.event(f"u{number}", "cart_updated") for number in range(5)]
    world.wire.left_undone = 99
    assert sorted(world.evaluate(*events)) == sorted(events)
    world.wire.left_undone = 0
    assert world.evaluate(*events, receives=2) == []
    for number in range(5):
        assert world.said(f"u{number}") == ["scheduled"]


def test_a_notice_from_the_dead_letters_brings_its_record(world: AwsWorld) -> None:
    """Whoever puts it back after hours makes a new message of it, received for the first time."""
    world.publish(CART, JOURNEY)
    notices = due(world, world.event("u", "cart_updated"), world.event("v", "registered"))
    with world.wire.out(LEDGER):
        held = [*world.deliver(*notices), *world.ring()]
        assert len(held) == len(world.requests()) == 2
    world.pass_time(hours=3)
    assert world.deliver(*held, receives=1) == []
    assert world.said("u") == ["scheduled", "sent"]
    assert world.said("v")[:2] == ["entered", "sent"]


def test_an_event_from_the_dead_letters_brings_its_record(world: AwsWorld) -> None:
    """Its marker is kept for two days longer than the dead letters are."""
    world.publish(CART)
    event = world.event("u", "cart_updated")
    with world.wire.out(LEDGER):
        assert world.evaluate(event) == [event]
    world.pass_time(days=14)
    assert world.evaluate(event, receives=1) == []
    assert "scheduled" in world.said("u")


def test_a_move_is_told_although_it_ends_nothing(world: AwsWorld) -> None:
    """A window holds the send; that record, too, comes again with its message."""
    world.publish(CART)
    (notice,) = due(world, world.event("u", "cart_updated"))
    world.publish(CART + 'window: {from: "09:00", to: "10:05", send_outside: hold}')
    with world.wire.out(LEDGER):
        assert world.deliver(notice) == [notice]
    assert world.said("u") == ["scheduled"]
    assert world.deliver(notice, receives=2) == []
    assert world.said("u") == ["scheduled", "scheduled"]
    assert world.records("u")[-1].moved_by == "window"


def test_each_step_of_a_run_has_its_record_after_an_outage(world: AwsWorld) -> None:
    """Also of a step that ended while an earlier one was still to be told."""
    world.publish(JOURNEY)
    entry = world.event("u", "registered")
    held: list[str] = []
    with world.wire.out(LEDGER):
        world.evaluate(entry)
        for _ in range(2):
            world.pass_time(minutes=10)
            for notice in world.due():
                held += world.deliver(notice)
                held += world.deliver(*world.due())
        assert len(world.requests()) == 2
        assert world.records("u") == []
    assert world.evaluate(entry, receives=2) == []
    assert world.deliver(*held, receives=2) == []
    assert world.said("u") == ["entered", "sent", "sent", "completed"]
