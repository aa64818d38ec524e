"""
The way of a run through the real handlers, when nothing goes wrong.
"""

import json
from datetime import timedelta

import pytest

from tests.integration.journeys import (
    WELCOME,
    asked,
    pass_and_ring,
    ring_until_quiet,
    the_run,
    told,
)
from tests.integration.world import AwsWorld


def test_a_run_goes_through_every_step_to_its_end(world: AwsWorld) -> None:
    """Each wait ends by its timer, each message is requested once, and the run completes."""
    world.publish(WELCOME)
    assert world.evaluate(world.event("u", "registered", "e1")) == []
    for _ in range(3):
        pass_and_ring(world, minutes=10)
    assert asked(world) == ["hello", "missed", "bye"]
    assert told(world) == ["entered", "sent hello", "sent missed", "sent bye", "completed"]
    assert world.aws.store.load("u").state.pending == {}
    assert not [sort for sort in world.items("u") if sort.startswith("A#DUE#")]


def test_a_message_says_of_which_journey_and_step_it_is(world: AwsWorld) -> None:
    """`message.requested` names journey, step and the step's own key, and what began the run."""
    world.publish(WELCOME)
    world.evaluate(world.event("u", "registered", "e1", plan="gold"))
    run = the_run(world)
    pass_and_ring(world, minutes=10)
    (request,) = world.requests()
    assert request == {
        "send": f"{run.id}.1",
        "journey": "welcome",
        "step": "hello",
        "user_id": "u",
        "event": {
            "id": "e1",
            "name": "registered",
            "time": "2026-02-02T10:00:00Z",
            "properties": {"plan": "gold"},
        },
        "due": "2026-02-02T10:10:00Z",
        "hops": 0,
    }


def test_the_ledger_keeps_what_became_of_a_run(world: AwsWorld) -> None:
    """Beginning, message and end are three records about one entry, with the way in between."""
    world.publish(WELCOME)
    world.evaluate(world.event("u", "registered", "e1"))
    send = f"{the_run(world).id}.1"
    pass_and_ring(world, minutes=10)
    world.evaluate(world.event("u", "purchase", "e2"))
    pass_and_ring(world, minutes=10)
    entered, sent, exited = (record.as_json() for record in world.records("u"))
    about = {"user": "u", "journey": "welcome", "event": "e1", "name": "registered"}
    assert entered == about | {"at": "2026-02-02T10:00:00Z", "outcome": "entered", "detail": {}}
    assert {**sent, "detail": {}} == about | {
        "at": "2026-02-02T10:10:00Z",
        "step": "hello",
        "outcome": "sent",
        "send": send,
        "due": "2026-02-02T10:10:00Z",
        "detail": {},
    }
    assert (exited["outcome"], exited["reason"]) == ("exited", "exit_event")
    assert exited["detail"]["by"] == "e2"
    assert exited["detail"]["step"] == "visit"


def test_an_event_opens_a_path_and_the_old_timer_rings_for_nothing(world: AwsWorld) -> None:
    """The run goes on at the event; when the wait's timer rings it is in another step."""
    world.publish(WELCOME)
    world.evaluate(world.event("u", "registered"))
    pass_and_ring(world, minutes=10)
    world.pass_time(minutes=5)
    assert world.evaluate(world.event("u", "session_start")) == []
    ring_until_quiet(world)
    assert asked(world) == ["hello", "seen"]
    pass_and_ring(world, minutes=5)
    assert asked(world) == []
    pass_and_ring(world, minutes=5)
    assert asked(world) == ["bye"]
    assert told(world) == ["entered", "sent hello", "sent seen", "sent bye", "completed"]


def test_a_long_wait_is_a_schedule_that_the_event_deletes(world: AwsWorld) -> None:
    """Beyond 15 minutes a wait has a schedule, named by run and turn; what ends it removes it."""
    world.publish(
        "{journey: j, entry: {trigger: {event: registered}}, steps: [{wait_for: {within: 2d,"
        " paths: [{event: session_start, steps: []}]}}, {delay: {after: 5d}}, {message: {}}]}"
    )
    world.evaluate(world.event("u", "registered"))
    (name,) = world.schedules()
    assert name == f"{the_run(world).id}-0"
    world.pass_time(hours=1)
    world.evaluate(world.event("u", "session_start"))
    ((name, schedule),) = world.schedules().items()
    assert name == f"{the_run(world).id}-1"
    assert schedule["ScheduleExpression"] == "at(2026-02-07T11:00:00)"
    pass_and_ring(world, days=5)
    assert asked(world) == ["2"]
    assert world.schedules() == {}


def test_large_properties_reach_every_message(world: AwsWorld) -> None:
    """What is too large for the run lies in an item of its own, until after the last step."""
    world.publish(WELCOME.replace("10m", "20d"))
    items = [{"sku": f"sku-{number}", "text": "ä" * 500} for number in range(40)]
    world.evaluate(world.event("u", "registered", "e1", cart_id="c1", items=items))
    (size,) = [len(item["data"]["S"]) for sort, item in world.items("u").items() if "#r-" in sort]
    assert size < 2_000
    requests = []
    for _ in range(3):
        (body,) = [item for sort, item in world.items("u").items() if sort.startswith("B#")]
        assert int(body["ttl"]["N"]) > (the_run(world).due + timedelta(days=30)).timestamp()
        pass_and_ring(world, days=20)
        requests += world.requests()
    assert [request["step"] for request in requests] == ["hello", "missed", "bye"]
    assert [r["event"]["properties"] for r in requests] == [{"cart_id": "c1", "items": items}] * 3


def test_an_update_starts_what_waits_for_it(world: AwsWorld) -> None:
    """An update is a change of the profile as any other: it starts campaigns, which are sent."""
    world.publish(
        "{journey: j, entry: {trigger: {event: registered}},"
        " steps: [{delay: {after: 10m}}, {update: {attributes: {plan: gold}}}]}",
        "{campaign: c, trigger: {event: attribute_changed, where: {attribute: plan, to: gold}}}",
    )
    world.evaluate(world.event("u", "registered"))
    pass_and_ring(world, minutes=10)
    assert [request["campaign"] for request in world.requests()] == ["c"]
    assert world.aws.store.load("u").state.attribute_values() == {"plan": "gold"}
    assert sorted(world.said("u")) == ["completed", "entered", "scheduled", "sent"]


@pytest.mark.slow
def test_a_journey_of_200_steps_comes_to_its_end(world: AwsWorld) -> None:
    """A hundred waits and a hundred messages: each is requested once, and told once."""
    steps = [{"delay": {"after": "10m"}}, {"message": {}}] * 100
    journey = {"journey": "j", "entry": {"trigger": {"event": "registered"}}, "steps": steps}
    world.publish(json.dumps(journey))
    world.evaluate(world.event("u", "registered"))
    for _ in range(100):
        pass_and_ring(world, minutes=10)
    assert asked(world) == [str(number) for number in range(1, 200, 2)]
    texts = told(world)
    assert len(texts) == 102
    assert (texts[0], texts[-1]) == ("entered", "completed")
    assert world.aws.store.load("u").state.pending == {}


@pytest.mark.slow
def test_200_steps_that_take_no_time_are_one_commit(world: AwsWorld) -> None:
    """Splits and updates are walked at once, up to the end, in the commit of the entry."""
    split = {"split": {"if": {"attribute": "n0", "eq": 1}, "then": [], "else": []}}
    steps = [
        split if number % 2 else {"update": {"attributes": {f"n{number}": number}}}
        for number in range(200)
    ]
    journey = {"journey": "j", "entry": {"trigger": {"event": "registered"}}, "steps": steps}
    world.publish(json.dumps(journey))
    with world.wire.counting() as calls:
        assert world.evaluate(world.event("u", "registered")) == []
    assert calls.count("dynamodb.TransactWriteItems") == 1
    assert told(world) == ["entered", "completed"]
    assert len(world.aws.store.load("u").state.attributes) == 100
