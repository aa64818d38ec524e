"""
What each flow costs, counted and not timed: the table of DESIGN, section 4.

Reading the definitions (once in 30 s by evaluate, once a batch by deliver) and writing the ledger
(once a batch) are counted apart.
"""

import pytest

from tests.integration.world import AwsWorld

READ, WRITE = "dynamodb.Query", "dynamodb.TransactWriteItems"
TIMER, SCHEDULE, UNSCHEDULE = (
    "sqs.SendMessage",
    "scheduler.CreateSchedule",
    "scheduler.DeleteSchedule",
)
LEDGER, POINTER = "dynamodb.BatchWriteItem", "dynamodb.GetItem"

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 1h}
unless: [{event: purchase}]
reeligible: always
"""
SOON = CART.replace("1h", "10m")
DEBOUNCED = """
campaign: left
trigger: {event: page_viewed}
delay: {after: 1h}
unless: [{event: page_viewed}]
"""
NAMED = "workspace: {record: named}"


def warm(world: AwsWorld, *definitions: str) -> None:
    """Publish, and let evaluate have read the definitions."""
    world.publish(*definitions)
    world.evaluate(world.event("warm", "up"))


def written(world: AwsWorld) -> list[int]:
    """A list that grows by the number of items of each transaction from now on."""
    sizes: list[int] = []

    def note(body: dict[str, object]) -> None:
        if isinstance(items := body.get("TransactItems"), list):
            sizes.append(len(items))

    world.wire.requests.append(note)
    return sizes


def test_an_event_nobody_cares_about(world: AwsWorld) -> None:
    """Under `record: named` it costs no call at all."""
    warm(world, CART, NAMED)
    with world.wire.counting() as calls:
        assert world.evaluate(world.event("u", "page_viewed")) == []
    assert calls == []


def test_an_event_that_only_adds_to_history(world: AwsWorld) -> None:
    """One read and one transaction of two items: the state and the marker."""
    warm(world, CART)
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "page_viewed"))
    assert (calls, sizes) == ([READ, WRITE], [2])


@pytest.mark.parametrize(("campaign", "timer"), [(CART, SCHEDULE), (SOON, TIMER)])
def test_a_trigger(world: AwsWorld, campaign: str, timer: str) -> None:
    """One read, one transaction of three items, one timer."""
    warm(world, campaign)
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "cart_updated"))
    assert (calls, sizes) == ([READ, WRITE, timer, LEDGER], [3])


def test_an_ordinary_trigger_costs_six_write_units(world: AwsWorld) -> None:
    """State, pending send and marker stay below 1 KiB each; a transaction counts them twice."""
    warm(world, CART)
    items: list[dict[str, dict[str, str]]] = []
    world.wire.requests.append(
        lambda body: items.extend(a["Put"]["Item"] for a in body.get("TransactItems", ()))
    )
    attributes = {"email": "somebody@example.test", "country": "FR", "time_zone": "Europe/Paris"}
    world.evaluate(
        world.event("5f0c7d9e-0c1b", "cart_updated", cart_id="c-9", attributes=attributes)
    )
    sizes = [sum(len(name) + len(*value.values()) for name, value in i.items()) for i in items]
    assert len(sizes) == 3
    assert max(sizes) <= 1024


def test_several_triggers_of_one_user_in_one_batch(world: AwsWorld) -> None:
    """One read and one transaction for all of them, and their timers."""
    warm(world, SOON)
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(*(world.event("u", "cart_updated") for _ in range(5)))
    assert calls == [READ, WRITE, *[TIMER] * 5, LEDGER]
    assert sizes == [1 + 5 + 5]


def test_an_exception_that_cancels(world: AwsWorld) -> None:
    """One read, one transaction of three items, and the courtesy of deleting the schedule."""
    warm(world, CART)
    world.evaluate(world.event("u", "cart_updated"))
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "purchase"))
    assert (calls, sizes) == ([READ, WRITE, UNSCHEDULE, LEDGER], [3])


def test_an_exception_that_cancels_a_short_delay(world: AwsWorld) -> None:
    """A message under way cannot be called back, so there is no third call."""
    warm(world, SOON)
    world.evaluate(world.event("u", "cart_updated"))
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "purchase"))
    assert calls == [READ, WRITE, LEDGER]


def test_a_debounce(world: AwsWorld) -> None:
    """Cancelling one and starting one is one read and one transaction of four items."""
    warm(world, DEBOUNCED)
    world.evaluate(world.event("u", "page_viewed"))
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "page_viewed"))
    assert (calls, sizes) == ([READ, WRITE, SCHEDULE, UNSCHEDULE, LEDGER], [4])


def test_a_due_send(world: AwsWorld) -> None:
    """One read, the claim, the channel, the mark: three calls and the channel's."""
    warm(world, SOON)
    world.evaluate(world.event("u", "cart_updated"))
    world.pass_time(minutes=10)
    notices = world.due()
    sizes = written(world)
    with world.wire.counting() as calls:
        world.deliver(*notices)
    assert calls == [POINTER, READ, WRITE, "events.PutEvents", WRITE, LEDGER]
    assert sizes == [2, 3]


def test_the_due_sends_of_one_user_in_one_batch(world: AwsWorld) -> None:
    """The user is read once, whatever rings for them."""
    warm(world, SOON)
    world.evaluate(*(world.event("u", "cart_updated") for _ in range(3)))
    world.pass_time(minutes=10)
    notices = world.due()
    with world.wire.counting() as calls:
        world.deliver(*notices)
    assert calls == [POINTER, READ, *[WRITE, "events.PutEvents", WRITE] * 3, LEDGER]


def test_the_timer_of_a_cancelled_send(world: AwsWorld) -> None:
    """
    A timer that rings for nothing costs two reads: the second asks whether somebody died over it.
    """
    warm(world, SOON)
    world.evaluate(world.event("u", "cart_updated"), world.event("u", "purchase"))
    world.evaluate(world.event("u", "cart_updated"))
    world.evaluate(world.event("u", "purchase"))
    world.pass_time(minutes=10)
    notices = world.due()
    with world.wire.counting() as calls:
        world.deliver(*notices)
    assert calls == [POINTER, READ, READ]


def test_a_repeated_event(world: AwsWorld) -> None:
    """A repeat costs the refused transaction, and a read to repeat its timer."""
    warm(world, SOON)
    event = world.event("u", "cart_updated")
    world.evaluate(event)
    with world.wire.counting() as calls:
        world.evaluate(event, receives=2)
    assert calls == [READ, WRITE, READ, TIMER, LEDGER]


def test_a_sweep_with_nothing_to_do(world: AwsWorld) -> None:
    """Sixteen shards of the index and the definitions."""
    warm(world, SOON)
    with world.wire.counting() as calls:
        world.sweep()
    assert calls.count(READ) == 16 + 1
    assert calls.count(POINTER) == 1
