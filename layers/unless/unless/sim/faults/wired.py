"""
The ports as application code gets them: each call passes through `Calls`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from unless.app.ports import (
    KEEPING,
    AlreadyApplied,
    Committed,
    Conflict,
    Loaded,
    Message,
    Reply,
    Waiting,
)
from unless.definitions.keeping import RecordKeeping
from unless.definitions.snapshot import Snapshot
from unless.engine.claims import REPEATABLE_CHANNELS
from unless.engine.decision import Answer, DueNotice, Marker
from unless.engine.model import DueItem, UserState
from unless.engine.records import Record
from unless.sim.faults.calls import Calls, Told
from unless.sim.faults.memory.channels import MemoryChannel
from unless.sim.faults.ports_in_memory import MemoryPorts

LARGE = "large"
"""The property that makes a trigger's properties so many that they lie in an item of their own."""


class WiredStore:
    """`unless.app.ports.Store`."""

    def __init__(self, calls: Calls, ports: MemoryPorts) -> None:
        """Pass calls on."""
        self.calls = calls
        self.ports = ports

    def load(self, user: str) -> Loaded:
        """Return the user."""
        return self.calls.make("store.load", lambda: self.ports.store.load(user), user)

    def commit(
        self, before: Loaded, after: UserState, markers: Sequence[Marker], now: datetime
    ) -> Committed | Conflict | AlreadyApplied:
        """Write the difference and the markers; without either there is no call."""
        if after is before.state and not markers:
            return Committed(before.rev)
        told = Told[Committed | Conflict | AlreadyApplied](overtaken=Conflict())
        return self.calls.make(
            "store.commit", lambda: self.ports.commit(before, after, markers, now), after.user, told
        )

    def marker(self, user: str, marker_id: str, now: datetime) -> Marker | None:
        """Return the marker of that id."""
        return self.calls.make(
            "store.marker", lambda: self.ports.store.marker(user, marker_id, now), marker_id
        )

    def markers_of(self, user: str, item: str, now: datetime) -> tuple[Marker, ...]:
        """Return the markers of the item's ended steps."""
        return self.calls.make(
            "store.markers_of", lambda: self.ports.store.markers_of(user, item, now), item
        )

    def properties(self, item: DueItem) -> Mapping[str, Any]:
        """Return the trigger's properties; only large ones take a call."""
        if LARGE not in item.properties:
            return item.properties
        return self.calls.make(
            "store.properties", lambda: self.ports.store.properties(item), item.id
        )

    def erase(self, user: str, before: datetime) -> int:
        """Delete everything of a deleted user."""
        return self.calls.make("store.erase", lambda: self.ports.store.erase(user, before), user)


class WiredTimers:
    """`unless.app.ports.Timers`."""

    def __init__(self, calls: Calls, ports: MemoryPorts) -> None:
        """Pass calls on."""
        self._calls = calls
        self._ports = ports

    def ensure(self, item: DueItem, now: datetime) -> None:
        """Make sure that a due notice comes."""
        self._calls.make("timers.ensure", lambda: self._ports.ensure(item, now), item.id)

    def cancel(self, item: DueItem) -> bool:
        """Remove the timer, and return whether it went well."""
        told = Told[bool](failed=False, unheard=False)
        cancel = self._ports.timers.cancel
        return self._calls.make("timers.cancel", lambda: cancel(item), item.id, told)


class WiredLedger:
    """`unless.app.ports.ErasableLedger`."""

    def __init__(self, calls: Calls, ports: MemoryPorts) -> None:
        """Pass calls on."""
        self._calls = calls
        self._ledger = ports.ledger

    def write(
        self, records: Sequence[Record], keeping: RecordKeeping = KEEPING, *, again: bool = False
    ) -> None:
        """Keep the records."""
        self._calls.make(
            "ledger.write",
            lambda: self._ledger.write(records, keeping, again=again),
            str(len(records)),
        )

    def erase(self, user: str, before: datetime) -> int:
        """Delete the user's records from before that instant."""
        return self._calls.make("ledger.erase", lambda: self._ledger.erase(user, before), user)


class WiredQuarantine:
    """`unless.app.ports.Quarantine`."""

    def __init__(self, calls: Calls, ports: MemoryPorts) -> None:
        """Pass calls on."""
        self._calls = calls
        self._quarantine = ports.quarantine

    def put(self, body: str, reason: str, detail: str, message_id: str) -> None:
        """Keep the body."""
        put = self._quarantine.put
        self._calls.make("quarantine.put", lambda: put(body, reason, detail, message_id), reason)


class WiredChannel:
    """`unless.app.ports.Channel`."""

    def __init__(self, calls: Calls, channel: MemoryChannel) -> None:
        """Pass calls on; trouble on the way to the provider is answered as the real ones do."""
        self._calls = calls
        self._channel = channel
        self._told = None
        if channel.name not in REPEATABLE_CHANNELS:
            self._told = Told(
                failed=Reply(Answer.DEFERRED, "no connection"),
                unheard=Reply(Answer.UNKNOWN, "no answer in time"),
            )

    def send(self, message: Message) -> Reply:
        """Make at most one request."""
        name = f"{self._channel.name}.send"
        return self._calls.make(name, lambda: self._channel.send(message), message.send, self._told)


class WiredIndex:
    """`unless.app.ports.DueIndex`."""

    def __init__(self, calls: Calls, ports: MemoryPorts) -> None:
        """Pass calls on."""
        self._calls = calls
        self._index = ports.index

    def overdue(self, before: datetime) -> Iterator[Waiting]:
        """Yield the items that were due before that instant."""
        return iter(self._calls.make("index.overdue", lambda: [*self._index.overdue(before)]))

    def parked(self, definition: str) -> Iterator[Waiting]:
        """Yield the items of the definition that a pause has parked."""
        parked = self._index.parked
        return iter(self._calls.make("index.parked", lambda: [*parked(definition)], definition))

    def count(self) -> Mapping[str, int]:
        """Return how many items are pending, by definition."""
        return self._calls.make("index.count", self._index.count)


class WiredQueue:
    """`unless.app.ports.DueQueue`, and the outbox of cancellations."""

    def __init__(self, calls: Calls, ports: MemoryPorts, origin: str) -> None:
        """Pass calls on; `origin` tells who rings."""
        self._calls = calls
        self._ports = ports
        self._origin = origin

    def ring(self, notice: DueNotice, seconds: int = 0) -> None:
        """Let the notice come after some seconds."""
        ring = self._ports.ring
        self._calls.make("queue.ring", lambda: ring(notice, self._origin, seconds), notice.item)

    def ring_all(self, notices: Iterable[DueNotice]) -> int:
        """Send these notices at once; return how many."""
        several = list(notices)
        if several:
            self._calls.make("queue.ring_all", lambda: self._ring(several), str(len(several)))
        return len(several)

    def _ring(self, notices: Iterable[DueNotice]) -> None:
        for notice in notices:
            self._ports.ring(notice, self._origin)


class WiredSnapshots:
    """`unless.app.ports.SnapshotStore`, and what `CachedDefinitions` reads."""

    def __init__(self, calls: Calls, ports: MemoryPorts) -> None:
        """Pass calls on."""
        self._calls = calls
        self._snapshots = ports.snapshots
        self._publish = ports.publish

    def version(self) -> str:
        """Return the version that is published now."""
        return self._calls.make("snapshots.version", self._snapshots.version)

    def read(self) -> tuple[Snapshot, str]:
        """Return the published snapshot and its version."""
        return self._calls.make("snapshots.read", self._snapshots.read)

    def write(
        self,
        snapshot: Snapshot,
        expected_version: str,
        superseded: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Publish the snapshot."""
        publish = self._publish
        self._calls.make("snapshots.write", lambda: publish(snapshot, expected_version, superseded))

    def journey(self, version: str) -> Mapping[str, Any]:
        """Return the document of a version of a journey."""
        journey = self._snapshots.journey
        return self._calls.make("snapshots.journey", lambda: journey(version), version)
