"""
The composition root: the application on AWS, made from settings; nothing else builds it.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from unless.app.deliver import Deliver
from unless.app.evaluate import Evaluate
from unless.app.ports import Channel
from unless.app.sweep import Sweep
from unless.aws.cached_definitions import CachedDefinitions
from unless.aws.clients import Clients
from unless.aws.definitions_store import DynamoSnapshots
from unless.aws.due_index import DynamoDueIndex
from unless.aws.due_queue import SqsDueQueue
from unless.aws.ledger import DynamoLedger
from unless.aws.quarantine import SqsQuarantine
from unless.aws.settings import Settings
from unless.aws.store import DynamoStore
from unless.aws.timers import AwsTimers

if TYPE_CHECKING:  # What only operators use is imported when they ask: functions start without it.
    from unless.app.audit import Audit
    from unless.app.cancelling import Cancelling
    from unless.app.deletion import Deletion
    from unless.app.explain import Explain
    from unless.app.operate import Operate
    from unless.app.pending import Pending
    from unless.app.stats import Stats
    from unless.channels.unsubscribing import Unsubscribing

type Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time now: the only place where the application asks for it."""
    return datetime.now(UTC)


class OnAws:
    """
    Every part of the application on AWS, each made when it is first needed and then kept.

    Made once for a process; its parts are made by the thread that also makes the others.
    """

    def __init__(self, settings: Settings, clients: Clients, clock: Clock = utc_now) -> None:
        """Use these resources; nothing is made and no call is made yet."""
        self.settings = settings
        self.clients = clients
        self.clock = clock

    @cached_property
    def store(self) -> DynamoStore:
        """The users."""
        return DynamoStore(self.clients, self.settings.table)

    @cached_property
    def due_queue(self) -> SqsDueQueue:
        """The queue on which timers ring."""
        return SqsDueQueue(self.clients, self.settings.due_queue_url)

    @cached_property
    def timers(self) -> AwsTimers:
        """The alarm clocks."""
        return AwsTimers(self.clients, self.due_queue, self.settings)

    @cached_property
    def ledger(self) -> DynamoLedger:
        """The decision records."""
        return DynamoLedger(self.clients, self.settings.ledger_table)

    @cached_property
    def snapshots(self) -> DynamoSnapshots:
        """The published definitions as written."""
        return DynamoSnapshots(self.clients, self.settings.table)

    @cached_property
    def definitions(self) -> CachedDefinitions:
        """The published definitions, compiled."""
        return CachedDefinitions(self.snapshots)

    @cached_property
    def due_index(self) -> DynamoDueIndex:
        """All pending sends by due time."""
        return DynamoDueIndex(self.clients, self.settings.table)

    @cached_property
    def quarantine(self) -> SqsQuarantine:
        """Where events go that can never be understood."""
        return SqsQuarantine(self.clients, self.settings.quarantine_queue_url, self.clock)

    @cached_property
    def evaluate(self) -> Evaluate:
        """What takes in user events."""
        return Evaluate(
            store=self.store,
            timers=self.timers,
            ledger=self.ledger,
            definitions=self.definitions,
            quarantine=self.quarantine,
            clock=self.clock,
        )

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """The ways to reach people, by the name that definitions use."""
        from unless.channel_wiring import channels_of

        return channels_of(self.settings, self.clients, self.clock)

    @cached_property
    def deliver(self) -> Deliver:
        """What takes in due notices."""
        return Deliver(
            store=self.store,
            timers=self.timers,
            ledger=self.ledger,
            definitions=self.definitions,
            channels=self.channels,
            quarantine=self.quarantine,
            clock=self.clock,
        )

    @cached_property
    def sweep(self) -> Sweep:
        """What looks for lost timers."""
        return Sweep(
            index=self.due_index,
            queue=self.due_queue,
            snapshots=self.snapshots,
            clock=self.clock,
        )

    @cached_property
    def operate(self) -> "Operate":
        """What changes the definitions."""
        from unless.app.operate import Operate

        return Operate(
            snapshots=self.snapshots,
            index=self.due_index,
            queue=self.due_queue,
            clock=self.clock,
        )

    @cached_property
    def deletion(self) -> "Deletion":
        """What forgets users."""
        from unless.app.deletion import Deletion

        return Deletion(
            store=self.store,
            timers=self.timers,
            ledger=self.ledger,
            outbox=self.due_queue,
            definitions=self.definitions,
            clock=self.clock,
        )

    @cached_property
    def pending(self) -> "Pending":
        """What looks at everything that is waiting."""
        from unless.app.pending import Pending

        return Pending(
            store=self.store,
            index=self.due_index,
            definitions=self.definitions,
            snapshots=self.snapshots,
            clock=self.clock,
        )

    @cached_property
    def cancelling(self) -> "Cancelling":
        """What cancels pending sends and runs."""
        from unless.app.cancelling import Cancelling

        return Cancelling(
            store=self.store,
            timers=self.timers,
            ledger=self.ledger,
            outbox=self.due_queue,
            definitions=self.definitions,
            clock=self.clock,
        )

    @cached_property
    def explain(self) -> "Explain":
        """What tells what an event would do."""
        from unless.app.explain import Explain

        return Explain(store=self.store, definitions=self.definitions, clock=self.clock)

    @cached_property
    def audit(self) -> "Audit":
        """What looks whether every trigger ends once."""
        from unless.app.audit import Audit
        from unless.aws.whole_tables import WholeDueIndex, WholeLedger

        return Audit(
            ledger=WholeLedger(self.clients, self.settings.ledger_table),
            index=WholeDueIndex(self.clients, self.settings.table),
            store=self.store,
            definitions=self.definitions,
            clock=self.clock,
        )

    @cached_property
    def stats(self) -> "Stats":
        """What counts the records of all campaigns and journeys."""
        from unless.app.stats import Stats
        from unless.aws.whole_tables import WholeLedger

        return Stats(ledger=WholeLedger(self.clients, self.settings.ledger_table), clock=self.clock)

    @cached_property
    def unsubscribing(self) -> "Unsubscribing":
        """What takes users out of lists."""
        from unless.aws.bus import EventBridgeBus
        from unless.aws.signing_secret import SigningSecret
        from unless.channels.unsubscribing import SOURCE, Unsubscribing

        return Unsubscribing(
            bus=EventBridgeBus(self.clients, self.settings.bus, SOURCE),
            secret=SigningSecret(self.clients, self.settings.signing_secret),
            clock=self.clock,
        )


@cache
def from_environment() -> OnAws:
    """
    Return the application of this process, as its environment says.

    Raises:
        ConfigurationError: naming what the environment lacks.
    """
    return OnAws(Settings.from_environment(os.environ), Clients())
