"""
Cancelling people's way through a journey, also while a message of it is going out.
"""

from tests.integration.journeys import WELCOME, pass_and_ring, the_run, told
from tests.integration.test_cancelling import answers, cancel
from tests.integration.world import AwsWorld
from unless.app.cancelling import Answered, CancelAnswer, Cancelling


def test_a_cancelled_run_has_left(world: AwsWorld) -> None:
    """The journey goes no further for this user, and the ledger says why."""
    world.publish(WELCOME)
    world.evaluate(world.event("u", "registered"))
    assert answers(cancel(world, definition="welcome")) == ["cancelled"]
    pass_and_ring(world, minutes=10)
    assert told(world) == ["entered", "exited journey_stopped"]


def test_a_run_whose_message_is_on_its_way_is_waited_for(world: AwsWorld) -> None:
    """Once the answer is in, the run itself can be cancelled, and is."""
    world.publish(WELCOME)
    world.evaluate(world.event("u", "registered"))
    pass_time_to_message(world)
    (notice,) = world.due()
    with world.wire.killed("events.PutEvents"):
        world.deliver(notice)
    run = the_run(world)
    assert [*world.aws.cancelling.cancel({"u": [run.id]})] == [
        Answered("u", {run.id: CancelAnswer.ALREADY_SENT})
    ]
    world.pass_time(minutes=1)
    assert world.deliver(notice, receives=2) == []
    assert answers([*world.aws.cancelling.cancel({"u": [run.id]})]) == ["cancelled"]
    assert told(world) == ["entered", "sent hello", "exited journey_stopped"]


def test_a_run_whose_message_goes_out_meanwhile_is_cancelled_after_it(world: AwsWorld) -> None:
    """The first look finds the run claimed; by the next one it has gone on, and it ends then."""
    world.publish(WELCOME)
    world.evaluate(world.event("u", "registered"))
    pass_time_to_message(world)
    (notice,) = world.due()
    with world.wire.killed("events.PutEvents"):
        world.deliver(notice)
    looked: list[int] = []

    def meanwhile(try_: int) -> None:
        looked.append(try_)
        world.pass_time(minutes=1)
        assert world.deliver(notice, receives=2) == []

    aws = world.aws
    cancelling = Cancelling(
        store=aws.store,
        timers=aws.timers,
        ledger=aws.ledger,
        outbox=aws.due_queue,
        definitions=aws.definitions,
        clock=aws.clock,
        pause=meanwhile,
    )
    assert answers([*cancelling.cancel({"u": [the_run(world).id]})]) == ["cancelled"]
    assert looked == [1]
    assert told(world) == ["entered", "sent hello", "exited journey_stopped"]


def pass_time_to_message(world: AwsWorld) -> None:
    """Let the delay before the first message be over, and its timer ring."""
    world.pass_time(minutes=10)
    assert world.deliver(*world.due()) == []


def test_a_run_that_is_over_has_ended_and_not_been_sent(world: AwsWorld) -> None:
    """Whatever messages it sent on its way, it is the run that was asked for."""
    world.publish(WELCOME)
    world.evaluate(world.event("u", "registered"))
    run = the_run(world)
    pass_and_ring(world, minutes=10)
    world.evaluate(world.event("u", "purchase"))
    pass_and_ring(world, minutes=10)
    assert told(world) == ["entered", "sent hello", "exited exit_event"]
    assert answers([*world.aws.cancelling.cancel({"u": [run.id]})]) == ["already ended"]
