"""
What an event's id means, and how one user's trouble stays their own; through the real handlers.
"""

import pytest

from tests.integration.world import AwsWorld

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
reeligible: always
"""
AT_ONCE = "{campaign: now, trigger: {event: cart_updated}, reeligible: always}"


def test_a_derived_id_is_known(world: AwsWorld) -> None:
    """An app's event with the id of one that the engine derived is a repeat (V1)."""
    world.publish("{campaign: hello, trigger: {event: email_added}, delay: {after: 10m}}")
    email = {"email": "u@example.test"}
    world.evaluate(world.event("u", "registered", "e1", attributes=email))
    world.evaluate(world.event("u", "email_added", "e1#email_added:email"))
    assert world.said("u") == ["scheduled"]


def test_a_derived_id_is_known_whenever_it_comes(world: AwsWorld) -> None:
    """The id says that it is a repeat, not the time or the content that come with it (V1)."""
    world.publish("{campaign: hello, trigger: {event: email_added}, reeligible: always}")
    email = {"email": "u@example.test"}
    world.evaluate(world.event("u", "registered", "e1", attributes=email))
    world.ring()
    world.pass_time(minutes=5)
    world.evaluate(world.event("u", "email_added", "e1#email_added:email"))
    world.ring()
    assert world.said("u") == ["scheduled", "sent"]


def test_the_same_is_known_within_one_batch(world: AwsWorld) -> None:
    """An id that another event of the same batch derives is a repeat as well (V1)."""
    world.publish("{campaign: hello, trigger: {event: email_added}, delay: {after: 10m}}")
    carrier = world.event("u", "registered", "e1", attributes={"email": "u@example.test"})
    assert world.evaluate(carrier, world.event("u", "email_added", "e1#email_added:email")) == []
    assert world.said("u") == ["scheduled"]


def test_an_app_may_use_the_sends_id_for_its_own_event(world: AwsWorld) -> None:
    """Who reports what became of a message may name it by the send; that is no repeat."""
    world.publish(AT_ONCE)
    world.evaluate(world.event("u", "cart_updated"))
    world.ring()
    send = world.requests()[0]["send"]
    world.evaluate(world.event("u", "message_delivered", send))
    assert world.aws.store.load("u").state.history["message_delivered"].count == 1


def test_too_little_time_is_left_alone(world: AwsWorld) -> None:
    """Nobody is begun who could not be finished; the messages come again."""
    world.publish(CART)
    event = world.event("u", "cart_updated")
    assert world.evaluate(event, seconds=1.5) == [event]
    assert world.items("u") == {}


def test_one_users_trouble_spares_the_others(world: AwsWorld) -> None:
    """Whatever fails for one user, the others of the batch are done."""
    world.publish(CART)
    broken = {"PK": {"S": "USER#v"}, "SK": {"S": "A#"}, "data": {"S": "no json"}, "rev": {"N": "1"}}
    world.client("dynamodb").put_item(TableName="Table", Item=broken)
    bad = world.event("v", "cart_updated")
    batch = (world.event("u", "cart_updated"), bad, world.event("w", "cart_updated"))
    assert world.evaluate(*batch) == [bad]
    assert world.said("u") == world.said("w") == ["scheduled"]


def test_nothing_personal_is_logged(world: AwsWorld, capsys: pytest.CaptureFixture[str]) -> None:
    """What fails, fails without naming the user or quoting the event."""
    world.publish(CART)
    broken = {"PK": {"S": "USER#ada"}, "SK": {"S": "A#"}, "data": {"S": "love"}, "rev": {"N": "1"}}
    world.client("dynamodb").put_item(TableName="Table", Item=broken)
    world.evaluate(world.event("ada", "cart_updated", note="secret"), '{"user_id": "ada"')
    told = capsys.readouterr().out
    assert "MessagesReturned" in told
    assert "EventsQuarantined" in told
    for word in ("ada", "love", "secret"):
        assert word not in told
