"""
What a journey costs, counted and not timed: a step costs what a send does (DESIGN, section 4).

Reading the definitions and writing the ledger are counted apart, as in `test_call_budgets`.
"""

import pytest

from tests.integration.journeys import WAITING, WELCOME
from tests.integration.test_call_budgets import (
    LEDGER,
    NAMED,
    POINTER,
    READ,
    SCHEDULE,
    TIMER,
    UNSCHEDULE,
    WRITE,
    warm,
    written,
)
from tests.integration.world import AwsWorld

CHANNEL = "events.PutEvents"
LONG = WELCOME.replace("10m", "1h")


def begun(world: AwsWorld, journey: str) -> None:
    """Let a run begin, its definitions read."""
    warm(world, journey)
    assert world.evaluate(world.event("u", "registered")) == []


def due(world: AwsWorld, **span: float) -> list[str]:
    """Let time pass and return the notices that have come by then."""
    world.pass_time(**span)
    return world.due()


@pytest.mark.parametrize(("journey", "timer"), [(LONG, SCHEDULE), (WELCOME, TIMER)])
def test_an_entry(world: AwsWorld, journey: str, timer: str) -> None:
    """One read, one transaction of three items (state, marker, run), one timer."""
    warm(world, journey)
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "registered"))
    assert (calls, sizes) == ([READ, WRITE, timer, LEDGER], [3])


def test_an_entry_that_walks_to_its_end(world: AwsWorld) -> None:
    """Steps that take no time cost nothing: entry and end are one transaction without a run."""
    steps = "[{update: {attributes: {a: 1}}}, {split: {if: {attribute: a, eq: 1}, then: []}}]"
    warm(world, f"{{journey: j, entry: {{trigger: {{event: registered}}}}, steps: {steps}}}")
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "registered"))
    assert (calls, sizes) == ([READ, WRITE, LEDGER], [2])


def test_the_end_of_a_wait(world: AwsWorld) -> None:
    """One read, one transaction of three items, the next timer; nothing to tell, so no record."""
    begun(world, WELCOME)
    notices = due(world, minutes=10)
    sizes = written(world)
    with world.wire.counting() as calls:
        world.deliver(*notices)
    assert (calls, sizes) == ([POINTER, READ, WRITE, TIMER], [3])


def test_a_message_step(world: AwsWorld) -> None:
    """The claim (state, run), the channel, the answer (state, marker, run), the next timer."""
    begun(world, LONG)
    world.deliver(*due(world, hours=1))
    notices = world.due()
    sizes = written(world)
    with world.wire.counting() as calls:
        world.deliver(*notices)
    assert calls == [POINTER, READ, WRITE, CHANNEL, WRITE, SCHEDULE, LEDGER]
    assert sizes == [2, 3]


def test_the_last_message(world: AwsWorld) -> None:
    """As any due send: there is no further timer."""
    begun(world, WAITING)
    world.deliver(*due(world, minutes=10))
    notices = world.due()
    sizes = written(world)
    with world.wire.counting() as calls:
        world.deliver(*notices)
    assert calls == [POINTER, READ, WRITE, CHANNEL, WRITE, LEDGER]
    assert sizes == [2, 3]


@pytest.mark.parametrize(
    ("journey", "courtesy"), [(WAITING, []), (WAITING.replace("10m", "1h"), [UNSCHEDULE])]
)
def test_an_event_that_wakes(world: AwsWorld, journey: str, courtesy: list[str]) -> None:
    """One read, one transaction, the next timer; the schedule of a long wait is deleted."""
    begun(world, journey)
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "session_start"))
    assert calls == [READ, WRITE, TIMER, *courtesy]
    assert sizes == [3]


def test_an_exit_event_that_is_remembered(world: AwsWorld) -> None:
    """Two calls: the timer of the step is right as it is."""
    begun(world, LONG)
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "purchase"))
    assert (calls, sizes) == ([READ, WRITE], [3])


def test_an_exit_event_that_is_remembered_already(world: AwsWorld) -> None:
    """Another one changes nothing of the run."""
    begun(world, LONG)
    world.evaluate(world.event("u", "purchase"))
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "purchase"))
    assert (calls, sizes) == ([READ, WRITE], [2])


def test_an_exit_event_that_acts_at_once(world: AwsWorld) -> None:
    """As an exception that cancels a send: three items, and the courtesy."""
    begun(world, LONG.replace("exit: {", "exit: {when: immediate, "))
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "purchase"))
    assert (calls, sizes) == ([READ, WRITE, UNSCHEDULE, LEDGER], [3])


def test_an_event_that_does_not_concern_a_run(world: AwsWorld) -> None:
    """It costs a user in a journey what it costs any user, and nothing if nobody cares."""
    begun(world, LONG)
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "page_viewed"))
    assert (calls, sizes) == ([READ, WRITE], [2])
    world.publish(NAMED)
    world.pass_time(seconds=31)
    world.evaluate(world.event("warm", "registered"))
    with world.wire.counting() as calls:
        world.evaluate(world.event("u", "page_viewed"))
    assert calls == []


@pytest.mark.parametrize("name", ["session_start", "purchase"])
def test_events_of_users_in_no_journey(world: AwsWorld, name: str) -> None:
    """What a journey waits for is, for those who are not in it, an event to remember."""
    warm(world, LONG)
    sizes = written(world)
    with world.wire.counting() as calls:
        world.evaluate(world.event("v", name))
    assert (calls, sizes) == ([READ, WRITE], [2])


def test_a_timer_of_an_earlier_step(world: AwsWorld) -> None:
    """
    A timer that rings for nothing costs two reads: the second asks whether somebody died over it.
    """
    begun(world, WAITING)
    world.evaluate(world.event("u", "session_start"))
    world.deliver(*due(world, seconds=0))
    notices = due(world, minutes=10)
    with world.wire.counting() as calls:
        world.deliver(*notices)
    assert calls == [POINTER, READ, READ]


def test_an_entry_costs_six_write_units(world: AwsWorld) -> None:
    """State, run and marker stay below 1 KiB each; so does the run after its first steps."""
    warm(world, LONG)
    items: list[dict[str, dict[str, str]]] = []
    world.wire.requests.append(
        lambda body: items.extend(
            a["Put"]["Item"] for a in body.get("TransactItems", ()) if "Put" in a
        )
    )
    attributes = {"email": "somebody@example.test", "country": "FR", "time_zone": "Europe/Paris"}
    world.evaluate(world.event("5f0c7d9e-0c1b", "registered", plan="gold", attributes=attributes))
    for _ in range(2):
        world.pass_time(hours=1)
        while notices := world.due():
            assert world.deliver(*notices) == []
    sizes = [sum(len(name) + len(*value.values()) for name, value in i.items()) for i in items]
    assert len(sizes) == 3 + 2 * (3 + 2 + 3)
    assert max(sizes) <= 1024
