"""
One due notice after another: a race that costs time, a due time that moves twice, a channel that
could not even ask.
"""

from tests.integration.journeys import Answering
from tests.integration.world import AwsWorld
from unless.app.deliver import Deliver
from unless.app.errors import TransientError
from unless.app.ports import Message, Reply
from unless.engine.decision import Answer

CART = "{campaign: cart, trigger: {event: cart_updated}, delay: {after: 10m}}"
QUIET = "{from: '10:00', to: '%s', zone: UTC, then: hold}"


def test_a_try_after_a_lost_race_is_judged_at_its_own_time(world: AwsWorld) -> None:
    """What became too late in the meantime is not sent (T4)."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated"))
    world.pass_time(minutes=10)
    (notice,) = world.due()

    def meanwhile(moment: str) -> None:
        if moment.startswith(("before dynamodb.PutItem", "before dynamodb.TransactWriteItems")):
            world.wire.moments.remove(meanwhile)
            world.evaluate(world.event("u", "seen"))
            world.pass_time(hours=2)

    world.wire.moments.append(meanwhile)
    assert world.deliver(notice) == []
    assert world.requests() == []
    assert world.said("u") == ["scheduled", "cancelled too_late"]


def test_a_send_that_is_held_twice_goes_out_after_the_second_time(world: AwsWorld) -> None:
    """Each move is a change of its own, with a record of its own."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated"))
    for end, minutes in (("11:00", 10), ("12:00", 50)):
        quiet = f", quiet_hours: {QUIET % end}}}"
        world.publish(CART.removesuffix("}") + quiet)
        world.pass_time(minutes=minutes)
        assert world.ring() == []
    assert world.requests() == []
    world.pass_time(hours=1)
    assert world.ring() == []
    assert len(world.requests()) == 1
    assert world.said("u") == ["scheduled", "scheduled", "scheduled", "sent"]


class Unready(Answering):
    """A channel that fails before it has asked anybody, the first time."""

    def send(self, message: Message) -> Reply:
        """Fail, then be ready."""
        self.requests.append(message)
        if len(self.requests) == 1:
            raise TransientError("the secret of the links cannot be read now")
        return Reply(Answer.ACCEPTED)


def test_a_mail_that_was_never_asked_for_is_asked_for_when_its_message_comes_again(
    world: AwsWorld,
) -> None:
    """Its claim is given back at once: after the lease it would count as unknown, and be lost."""
    world.publish(
        "{campaign: m, trigger: {event: go}, delay: {after: 10m},"
        " message: {channel: sms, text: hello}}"
    )
    asked: list[Message] = []
    channels = {"sms": Unready(Answer.ACCEPTED, asked)}
    aws = world.aws
    aws.deliver = Deliver(
        store=aws.store,
        timers=aws.timers,
        ledger=aws.ledger,
        definitions=aws.definitions,
        channels=channels,
        quarantine=aws.quarantine,
        clock=aws.clock,
    )
    world.evaluate(world.event("u", "go", attributes={"phone": "+33612345678"}))
    world.pass_time(minutes=10)
    (notice,) = world.due()
    assert world.deliver(notice) == [notice]
    world.pass_time(minutes=3)
    assert world.deliver(notice, receives=2) == []
    assert len(asked) == 2
    assert world.said("u") == ["scheduled", "sent"]
