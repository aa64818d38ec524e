"""
Journeys for the tests through the real handlers, and what lets runs get on and tells of them.
"""

from dataclasses import dataclass

from tests.integration.world import AwsWorld
from unless.app.deliver import Deliver
from unless.app.ports import Message, Reply
from unless.engine.decision import Answer
from unless.engine.model import Run

WELCOME = """
journey: welcome
entry: {trigger: {event: registered}}
exit: {events: [{event: purchase}]}
steps:
  - delay: {after: 10m}
  - message: {id: hello}
  - wait_for:
      id: visit
      within: 10m
      paths: [{event: session_start, steps: [{message: {id: seen}}]}]
      otherwise: [{message: {id: missed}}]
  - delay: {after: 10m}
  - message: {id: bye}
"""
"""Ten minutes at a time, so that every timer is a message."""

WAITING = """
journey: waiting
entry: {trigger: {event: registered}}
reentry: always
steps:
  - wait_for:
      within: 10m
      paths: [{event: session_start, steps: [{message: {id: seen}}]}]
      otherwise: [{message: {id: missed}}]
"""
"""A wait at once, which an event or its timer ends."""


def runs(world: AwsWorld, user: str = "u") -> list[Run]:
    """The runs in which the user is."""
    items = world.aws.store.load(user).state.pending.values()
    return [item for item in items if isinstance(item, Run)]


def the_run(world: AwsWorld, user: str = "u") -> Run:
    """The one run in which the user is."""
    (run,) = runs(world, user)
    return run


def ring_until_quiet(world: AwsWorld) -> None:
    """Ring for all that is due by now, and for all that becomes due by that."""
    while due := world.due():
        assert world.deliver(*due) == []


def pass_and_ring(world: AwsWorld, **span: float) -> None:
    """Let time pass, and then whatever is due by then happen."""
    world.pass_time(**span)
    ring_until_quiet(world)


def told(world: AwsWorld, user: str = "u") -> list[str]:
    """
    What the ledger says of a user's journeys, oldest first: outcome, step, reason.

    Records of one instant stand in the order in which a run comes to them.
    """
    order = ("entered", "skipped", "sent", "exited", "completed")
    records = sorted(world.records(user), key=lambda r: (r.at, order.index(r.outcome.value)))
    texts = ((r.outcome.value, r.step, r.reason) for r in records)
    return [" ".join(filter(None, each)) for each in texts]


def asked(world: AwsWorld) -> list[str]:
    """The steps of all messages requested since the last time."""
    return [request["step"] for request in world.requests()]


@dataclass
class Answering:
    """A channel that gives the same answer to every request."""

    answer: Answer
    requests: list[Message]

    def send(self, message: Message) -> Reply:
        """Take note of the request."""
        self.requests.append(message)
        return Reply(self.answer, "said so")


def answer_with(world: AwsWorld, answer: Answer) -> list[Message]:
    """Let the channel of all messages answer this from now on; return what it is asked."""
    channel = Answering(answer, [])
    aws = world.aws
    aws.deliver = Deliver(
        store=aws.store,
        timers=aws.timers,
        ledger=aws.ledger,
        definitions=aws.definitions,
        channels={"event": channel},
        quarantine=aws.quarantine,
        clock=aws.clock,
    )
    return channel.requests
