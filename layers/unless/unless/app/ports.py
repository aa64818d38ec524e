"""What the application needs of the world; `unless.aws` and `unless.channels` provide it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from unless.content.parts import NO_CONTENT, Content
from unless.definitions.keeping import RecordKeeping
from unless.definitions.models import Kind
from unless.definitions.snapshot import Snapshot
from unless.engine.decision import Answer, DueNotice, Marker
from unless.engine.definitions import Definitions
from unless.engine.model import DueItem, UserState
from unless.engine.records import Record


@dataclass(frozen=True, slots=True)
class Loaded:
    """A user as read, consistently; `rev` is the lock's count, 0 for a user never seen."""

    state: UserState
    rev: int


@dataclass(frozen=True, slots=True)
class Committed:
    """The change is in; the user is now at this `rev`."""

    rev: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed the user in between; nothing was written: read and decide again."""


@dataclass(frozen=True, slots=True)
class AlreadyApplied:
    """These markers exist already and have not expired; nothing was written."""

    markers: tuple[Marker, ...]


COMMIT_ITEMS_MAX = 100
"""
Most items of one commit: the state, its markers, and every pending send that changes.

Source: DynamoDB API Reference, "TransactWriteItems", 100 actions (read 2026-11).
"""


class Store(Protocol):
    """The users, each one aggregate under one lock."""

    def load(self, user: str) -> Loaded:
        """
        Return the user, by one strongly consistent query; an unknown user is an empty state at
        rev 0.
        """

    def commit(
        self, before: Loaded, after: UserState, markers: Sequence[Marker], now: datetime
    ) -> Committed | Conflict | AlreadyApplied:
        """Write the difference from `before` to `after` and the markers, all or nothing."""

    def marker(self, user: str, marker_id: str, now: datetime) -> Marker | None:
        """Return the marker of that id if it exists and has not expired at `now`."""

    def markers_of(self, user: str, item: str, now: datetime) -> tuple[Marker, ...]:
        """Return the markers, not expired at `now`, of the steps of a due item that have ended."""

    def properties(self, item: DueItem) -> Mapping[str, Any]:
        """Return all trigger properties of the item, also those kept in an item of their own."""

    def erase(self, user: str, before: datetime) -> int:
        """Delete everything of a deleted user but its deletion mark; return the number of items."""


class Timers(Protocol):
    """Alarm clocks for due items."""

    def ensure(self, item: DueItem, now: datetime) -> None:
        """Make sure that a due notice comes at the due time; repeating it is harmless."""

    def cancel(self, item: DueItem) -> bool:
        """Remove the timer if that is cheap to do, and return whether it went well; never raise."""


@dataclass(frozen=True, slots=True)
class Message:
    """
    What a channel is asked to send; `send` is the idempotency key.

    `definition` is the id of a campaign or, by `kind`, a journey, whose `step` it is then.
    `address` is that of the user on the channel, None where it needs none; `url` that of a webhook.
    `consent` is the subscription group to which the message belongs.
    """

    send: str
    user: str
    kind: Kind
    definition: str
    step: str | None
    event: str
    name: str
    at: datetime
    due: datetime
    properties: Mapping[str, Any]
    hops: int = 0
    content: Content = NO_CONTENT
    address: str | None = None
    url: str | None = None
    consent: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """
    A channel's answer, in its own words where it gave any.

    They are a code or a place, and hold nothing of the message: those of a no for now are logged.
    """

    answer: Answer
    said: str = ""


class Channel(Protocol):
    """A way to reach people; `unless.engine.sending` says which may be asked twice."""

    def send(self, message: Message) -> Reply:
        """
        Make at most one request and return the answer.

        Raises:
            TransientError: on a channel whose requests may be repeated: it is to be asked again.
            ConfigurationError: nothing was sent, and the deployment has to be mended.
        """


class Quarantine(Protocol):
    """Where events go that can never be understood."""

    def put(self, body: str, reason: str, detail: str, message_id: str) -> None:
        """Keep the body with the reason, for people to read."""


KEEPING = RecordKeeping()
"""How records are kept where no workspace says anything else."""


class Ledger(Protocol):
    """Where decision records are kept; writing one twice leaves one."""

    def write(
        self, records: Sequence[Record], keeping: RecordKeeping = KEEPING, *, again: bool = False
    ) -> None:
        """
        Keep the records as the definitions say by which they were decided.

        `again` says that they may have been written before: one that is kept as the last of its
        kind must not take the place of a newer one.
        """


class ErasableLedger(Ledger, Protocol):
    """A ledger in which a user can be forgotten."""

    def erase(self, user: str, before: datetime) -> int:
        """Delete the user's records from before that instant; return how many."""


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """A due item as the index of due times shows it, perhaps a moment old."""

    due: datetime
    user: str
    item: str
    definition: str


class DueIndex(Protocol):
    """All due items by due time."""

    def overdue(self, before: datetime) -> Iterator[Waiting]:
        """Yield the items that were due before that instant and are not parked, oldest first."""

    def parked(self, definition: str) -> Iterator[Waiting]:
        """Yield the items of the definition that a pause has parked, oldest first."""

    def count(self) -> Mapping[str, int]:
        """Return how many items are pending, by definition."""


class DueQueue(Protocol):
    """Where due notices go that are to be looked at now."""

    def ring_all(self, notices: Iterable[DueNotice]) -> int:
        """Send these notices at once; return how many."""


class Outbox(Protocol):
    """Where a notice waits that is to come even if whoever put it there dies."""

    def ring(self, notice: DueNotice, seconds: int = 0) -> None:
        """Let the notice come after some seconds."""


class DefinitionsSource(Protocol):
    """The published definitions, compiled."""

    def current(self, now: datetime) -> Definitions:
        """Return the definitions, at most as old as the source's own limit."""

    def fresh(self, now: datetime) -> Definitions:
        """Return the definitions as they are now."""

    def covering(self, definitions: Definitions, state: UserState) -> Definitions:
        """
        Return the definitions with the versions of journeys in which the user still is (J11).

        Raises:
            ConfigurationError: such a version is not there any more.
        """


class SnapshotStore(Protocol):
    """The published definitions as commands change them."""

    def read(self) -> tuple[Snapshot, str]:
        """
        Return the published snapshot and the version of its pointer; an empty one before the
        first.
        """

    def write(
        self,
        snapshot: Snapshot,
        expected_version: str,
        superseded: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """
        Publish the snapshot, or raise `ConflictError` when somebody published in between.

        `superseded` are the journeys' documents, by content hash, that it no longer holds: people
        are still in them.
        """
