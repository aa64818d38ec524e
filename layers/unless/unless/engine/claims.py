"""
The message of a due item, and what its claim rests on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from unless.definitions.journeys import Journey
from unless.definitions.messages import Message
from unless.definitions.models import Campaign
from unless.engine.definitions import Definitions
from unless.engine.identity import step_id
from unless.engine.model import DueItem, Run

CLAIM_LEASE = timedelta(seconds=60)
"""
How long a claim is left alone before it counts as abandoned; longer than the function may run
(30 s).
"""

REPEATABLE_CHANNELS = frozenset({"event", "webhook", "queue", "in_app"})
"""Channels whose requests carry the send's id, so that one may be repeated (DESIGN section 2)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The message may go out then, not now; `by` is what holds it, window or quiet_hours."""

    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """
    The message of a due item, and what its campaign or journey says of all its messages.

    `send` is the message's id, `step` the name of the journey's step.
    """

    send: str
    definition: str
    step: str | None
    message: Message
    tags: tuple[str, ...]
    consent: str | None


def outgoing_of(item: DueItem, definitions: Definitions) -> Outgoing | None:
    """
    Return what is to be sent for the item; None when its campaign was never published, or the run
    is in a step without a message.
    """
    if isinstance(item, Run):
        program = definitions.program(item)
        planned = program.steps[item.place]
        message = getattr(planned.step, "message", None)
        owner: Campaign | Journey = program.journey
        step: str | None = planned.name
    else:
        plan = definitions.campaign(item.definition)
        if plan is None:
            return None
        message, owner, step = plan.campaign.message, plan.campaign, None
    if message is None:
        return None
    send = send_of(item, definitions)
    return Outgoing(send, item.definition, step, message, owner.tags, owner.consent)


def send_of(item: DueItem, definitions: Definitions) -> str:
    """Return the id of the item's message, by which its receiver recognises a repeat."""
    if isinstance(item, Run):
        return step_id(item.id, definitions.program(item).steps[item.place].number)
    return item.id


def step_name(item: DueItem, definitions: Definitions) -> str | None:
    """Return the name of the step in which a run is; None for a campaign's send, which has none."""
    return definitions.program(item).steps[item.place].name if isinstance(item, Run) else None
