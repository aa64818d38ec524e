"""
Users who are in many runs at once, through the real handlers: all of them get on, each once.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from tests.integration.journeys import WAITING, asked, ring_until_quiet, runs, told
from tests.integration.world import AwsWorld
from unless.app.ports import COMMIT_ITEMS_MAX

pytestmark = pytest.mark.slow

WRITE, TIMER = "dynamodb.TransactWriteItems", "sqs.SendMessage"

MATCHED = """
journey: carts
entry: {trigger: {event: registered}}
reentry: always
exit: {when: immediate, events: [{event: purchase, match: cart}]}
steps:
  - delay: {after: 1h}
  - message: {}
"""


def enter_often(world: AwsWorld, times: int, journey: str = WAITING) -> None:
    """Let the user enter so many times, each in a second of its own."""
    world.publish(journey)
    events = []
    for number in range(times):
        events.append(world.event("u", "registered", f"e{number}", cart=number))
        world.pass_time(seconds=1)
    assert world.evaluate(*events) == []
    assert len(runs(world)) == times


def test_one_event_wakes_fifty_runs_in_one_commit(world: AwsWorld) -> None:
    """All of them go on in one transaction, each with a timer of its own."""
    enter_often(world, 50)
    world.take("DueQueue")
    with world.wire.counting() as calls:
        assert world.evaluate(world.event("u", "session_start", "s1")) == []
    assert calls.count(WRITE) == 1
    assert calls.count(TIMER) == 50
    ring_until_quiet(world)
    assert asked(world) == ["seen"] * 50
    texts = told(world)
    assert (texts.count("sent seen"), texts.count("completed")) == (50, 50)
    assert runs(world) == []


@pytest.mark.slow
def test_one_event_wakes_more_runs_than_one_transaction_holds(world: AwsWorld) -> None:
    """It is one change all the same, in as many transactions as it takes."""
    enter_often(world, 120)
    world.take("DueQueue")
    with world.wire.counting() as calls:
        assert world.evaluate(world.event("u", "session_start", "s1")) == []
    assert calls.count(WRITE) == 2
    assert calls.count(TIMER) == 120
    assert {run.place for run in runs(world)} == {"0.paths.0.0"}
    ring_until_quiet(world)
    assert asked(world) == ["seen"] * 120
    assert told(world).count("sent seen") == 120
    assert runs(world) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "nth", "after"),
    [(WRITE, 1, True), (WRITE, 2, True), (TIMER, 1, False), (TIMER, 60, False)],
)
def test_waking_that_many_may_die_at_every_call(
    world: AwsWorld, call: str, nth: int, after: bool
) -> None:
    """The redelivery finishes the change and rings for every run, and wakes none twice."""
    enter_often(world, 120)
    world.take("DueQueue")
    event = world.event("u", "session_start", "s1")
    with world.wire.killed(call, nth=nth, after=after):
        world.evaluate(event)
    assert world.evaluate(event, receives=2) == []
    present = runs(world)
    assert {(run.place, run.turn) for run in present} == {("0.paths.0.0", 1)}
    assert {json.loads(body)["item"] for body in world.due()} == {run.id for run in present}


@pytest.mark.slow
def test_two_events_that_each_wake_many_stay_within_one_transaction(world: AwsWorld) -> None:
    """What two of them change together is split between them, not within one."""
    journeys = [WAITING.replace("waiting", name).replace("session_start", name) for name in "ab"]
    world.publish(*journeys)
    events = []
    for number in range(60):
        events.append(world.event("u", "registered", f"e{number}"))
        world.pass_time(seconds=1)
    assert world.evaluate(*events) == []
    assert len(runs(world)) == 120
    sizes: list[int] = []
    world.wire.requests.append(
        lambda body: sizes.append(len(body["TransactItems"])) if "TransactItems" in body else None
    )
    assert world.evaluate(world.event("u", "a"), world.event("u", "b")) == []
    assert len(sizes) == 2
    assert max(sizes) <= COMMIT_ITEMS_MAX
    assert {run.place for run in runs(world)} == {"0.paths.0.0"}


def test_waits_of_many_runs_that_end_together(world: AwsWorld) -> None:
    """Each is a notice of its own; one batch reads the user once, and loses none."""
    enter_often(world, 20)
    world.pass_time(minutes=10)
    notices = world.due()
    with world.wire.counting() as calls:
        assert world.deliver(*notices) == []
    assert (calls.count("dynamodb.Query"), calls.count(WRITE)) == (1, 20)
    ring_until_quiet(world)
    assert asked(world) == ["missed"] * 20
    assert told(world).count("completed") == 20


def test_with_match_one_of_many_runs_exits(world: AwsWorld) -> None:
    """Runs of one user are independent: the others are not even written (J5)."""
    enter_often(world, 50, MATCHED)
    sizes: list[int] = []
    world.wire.requests.append(
        lambda body: sizes.append(len(body["TransactItems"])) if "TransactItems" in body else None
    )
    assert world.evaluate(world.event("u", "purchase", cart=7)) == []
    assert sizes == [3]
    assert {run.properties["cart"] for run in runs(world)} == set(range(50)) - {7}
    assert len(world.schedules()) == 49


def test_a_user_in_fifty_runs_is_deleted_at_once(world: AwsWorld) -> None:
    """One commit ends all of them, and each says so."""
    enter_often(world, 50)
    world.pass_time(seconds=1)
    with world.wire.counting() as calls:
        assert world.aws.deletion.delete("u").ended == 50
    assert calls.count(WRITE) == 1
    assert told(world) == ["exited user_not_found"] * 50
    assert world.items("u").keys() == {"A#"}


@pytest.mark.slow
def test_parallel_batches_about_one_user_lose_and_double_nothing(world: AwsWorld) -> None:
    """Fifty messages of one user, ten in a batch, five at a time: who loses a race comes again."""
    enter_often(world, 50)
    world.take("DueQueue")
    world.evaluate(world.event("u", "session_start", "s1"))
    notices = world.due()
    batches = [notices[start : start + 10] for start in range(0, 50, 10)]

    def until_done(batch: list[str]) -> None:
        for receives in count(1):
            if not (batch := world.deliver(*batch, receives=receives)):
                return

    with ThreadPoolExecutor(max_workers=5) as pool:
        list(pool.map(until_done, batches))
    assert len({request["send"] for request in world.requests()}) == 50
    texts = told(world)
    assert (texts.count("sent seen"), texts.count("completed")) == (50, 50)
    assert runs(world) == []
