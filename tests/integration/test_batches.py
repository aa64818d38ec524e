"""
Many at once: large batches, several runs at the same time, messages of nobody.
"""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.evaluate import app as evaluate
from tests.integration.world import AwsWorld, Context

CART = "{campaign: cart, trigger: {event: cart_updated}, delay: {after: 10m}, reeligible: always}"


def many(count: int, event: str) -> list[str]:
    """So many campaigns that the same event starts."""
    text = "{{campaign: c{:02}, trigger: {{event: {}}}, delay: {{after: 10m}}, reeligible: always}}"
    return [text.format(number, event) for number in range(count)]


@pytest.mark.slow
def test_what_exceeds_one_transaction_is_committed_in_several(world: AwsWorld) -> None:
    """Ten events that start twelve sends each are as many commits as they need, not more."""
    world.publish(*many(12, "sale"))
    events = [world.event("u", "sale") for _ in range(10)]
    with world.wire.counting() as calls:
        assert world.evaluate(*events) == []
    assert calls.count("dynamodb.TransactWriteItems") == 2
    assert len(world.aws.store.load("u").state.pending) == 120
    assert world.said("u") == ["scheduled"] * 120


@pytest.mark.slow
def test_one_event_ends_more_sends_than_one_transaction_holds(world: AwsWorld) -> None:
    """All of them end, each with its record, and no timer sends one after all."""
    world.publish(*(text[:-1] + ", unless: [{event: bought}]}" for text in many(12, "sale")))
    world.evaluate(*(world.event("u", "sale") for _ in range(10)))
    assert world.evaluate(world.event("u", "bought")) == []
    assert sorted(world.said("u")) == ["cancelled exception_event"] * 120 + ["scheduled"] * 120
    world.pass_time(minutes=10)
    assert world.ring() == []
    assert world.requests() == []


def test_runs_at_the_same_time_lose_no_update(world: AwsWorld) -> None:
    """Whatever meets at one user is applied once, in some order (I8)."""
    world.publish(CART)
    events = [world.event("u", "cart_updated", f"e{number}") for number in range(12)]

    def until_done(event: str) -> None:
        while world.evaluate(event):
            pass

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(until_done, [*events, *events]))
    state = world.aws.store.load("u").state
    assert state.history["cart_updated"].count == 12
    assert len(state.pending) == 12
    assert len({send.order for send in state.pending.values()}) == 12


def test_events_of_one_batch_count_in_the_order_in_which_they_arrived(world: AwsWorld) -> None:
    """SQS hands them out in any order; at equal event times arrival decides (V4)."""
    world.publish(CART.replace("reeligible: always", "unless: [{event: purchase}]"))
    trigger, exception = world.event("u", "cart_updated"), world.event("u", "purchase")
    earlier = world.message(trigger)
    world.pass_time(seconds=1)
    later = world.message(exception)
    assert evaluate.handler({"Records": [later, earlier]}, Context())["batchItemFailures"] == []
    assert sorted(world.said("u")) == ["cancelled exception_event", "scheduled"]


def test_the_id_of_a_derived_event_is_known_within_its_batch(world: AwsWorld) -> None:
    """What the engine derives from one event is no new event of the next message (V1)."""
    world.publish("{campaign: v, trigger: {event: visit}, delay: {after: 10m}, reeligible: always}")
    world.publish("{campaign: a, trigger: {event: email_added}, delay: {after: 10m}}")
    carrier = world.event("u", "profile_updated", "p1", attributes={"email": "u@x.test"})
    again = world.event("u", "visit", "p1#email_added:email")
    assert world.evaluate(carrier, again) == []
    assert [record.definition for record in world.records("u")] == ["a"]


def test_all_messages_of_an_event_come_again_when_it_could_not_be_committed(
    world: AwsWorld,
) -> None:
    """Twice in one batch: none of the two is acknowledged for what was not done."""
    world.publish(CART)
    event = world.event("u", "cart_updated", "e1")
    world.evaluate(world.event("nobody", "nothing"))  # the definitions are known from then on
    world.wire.refuse("dynamodb.Query", "ProvisionedThroughputExceededException", times=10)
    assert world.evaluate(event, event) == [event, event]


def test_due_notices_at_the_same_time_send_once(world: AwsWorld) -> None:
    """However many runs a send rings in, one claims it (I3)."""
    world.publish(CART)
    world.evaluate(*(world.event("u", "cart_updated") for _ in range(4)))
    world.pass_time(minutes=10)
    notices = world.due()
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(world.deliver, notices * 3))
    assert len({request["send"] for request in world.requests()}) == 4
    assert world.said("u").count("sent") == 4


def test_no_message_is_begun_whose_answer_could_come_too_late(world: AwsWorld) -> None:
    """A channel may take 11 s: a run with less than 15 s left claims nothing and gives it back."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated"))
    world.pass_time(minutes=10)
    (notice,) = world.due()
    assert world.deliver(notice, seconds=14.9) == [notice]
    assert world.requests() == []
    assert world.said("u") == ["scheduled"]
    assert world.deliver(notice, seconds=15.0) == []
    assert len(world.requests()) == 1


def test_sends_due_together_go_in_the_order_in_which_they_were_scheduled(world: AwsWorld) -> None:
    """Whatever the order in which their timers ring."""
    world.publish(CART)
    for number in range(5):
        world.evaluate(world.event("u", "cart_updated", f"e{number}"))
    world.pass_time(minutes=10)
    assert world.deliver(*reversed(world.due())) == []
    assert [request["event"]["id"] for request in world.requests()] == [
        f"e{number}" for number in range(5)
    ]


def test_users_of_one_batch_are_worked_on_side_by_side(world: AwsWorld) -> None:
    """Each of ten users gets what is theirs."""
    world.publish(CART)
    users = [f"u{number}" for number in range(10)]
    assert world.evaluate(*(world.event(user, "cart_updated", cart=user) for user in users)) == []
    world.pass_time(minutes=10)
    assert world.ring() == []
    requests = {r["user_id"]: r["event"]["properties"] for r in world.requests()}
    assert requests == {user: {"cart": user} for user in users}


def test_a_message_that_no_timer_wrote_is_quarantined(world: AwsWorld) -> None:
    """It cannot be anything but a mistake, and spares its neighbours."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated"))
    world.pass_time(minutes=10)
    assert world.deliver("{}", "no json", "[" * 100_000, *world.due()) == []
    assert len(world.requests()) == 1
    kept = [json.loads(body)["reason"] for body in world.take("QuarantineQueue")]
    assert kept == ["no_due_notice"] * 3


def test_a_send_without_a_delay_is_rung_at_once(world: AwsWorld) -> None:
    """There is one way to dispatch; without a delay its timer just does not wait."""
    world.publish("{campaign: now, trigger: {event: registered}}")
    world.evaluate(world.event("u", "registered"))
    assert world.ring() == []
    assert world.said("u") == ["scheduled", "sent"]


def test_our_own_receipt_may_start_another_campaign(world: AwsWorld) -> None:
    """`received` is decided in the same commit as the answer, and its timer is started."""
    world.publish(
        "{campaign: first, trigger: {event: registered}}",
        "{campaign: second, trigger: {event: message_interaction, where: {campaign: first}}}",
    )
    world.evaluate(world.event("u", "registered"))
    assert world.ring() == []
    assert world.ring() == []
    requests = world.requests()
    assert [request["campaign"] for request in requests] == ["first", "second"]
    assert [request["hops"] for request in requests] == [0, 1]
