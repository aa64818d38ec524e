"""What goes into a decision about a user, and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from unless.engine.model import PendingSend, UserEvent, UserState
from unless.engine.records import Record


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A timer rang for a pending send; `turn` is the turn of the send for which it was set."""

    user: str
    send: str
    turn: int


class Answer(StrEnum):
    """What a channel said to a request: a definite yes, a definite no, or nothing clear."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Dispatched:
    """The channel's answer for a claimed send, with its own words where it gave any."""

    user: str
    send: str
    answer: Answer
    said: str = ""


@dataclass(frozen=True, slots=True)
class DeleteUser:
    """An operator deletes the user (L3)."""

    user: str


Input = UserEvent | DueNotice | Dispatched | DeleteUser


@dataclass(frozen=True, slots=True)
class StartTimer:
    """A timer is to ring for this send at its due time."""

    send: PendingSend


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """The timer of this send is needed no more; letting it ring would be harmless."""

    send: PendingSend


@dataclass(frozen=True, slots=True)
class Dispatch:
    """This claimed send is to be handed to its channel; the answer comes back as `Dispatched`."""

    send: PendingSend


Effect = StartTimer | CancelTimer | Dispatch


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What follows from one input.

    `state` is what is known afterwards (the very same object when nothing changed), `effects` what
    is to be done once it is committed, in order, `records` what was decided about whom, `derived`
    the ids of the events that the engine derived and took in at the same time. `late` counts the
    messages that went out before this exception of theirs arrived (V4).
    """

    state: UserState
    effects: tuple[Effect, ...] = ()
    records: tuple[Record, ...] = ()
    derived: tuple[str, ...] = ()
    late: int = 0


@dataclass(frozen=True, slots=True)
class Marker:
    """
    The memory of one applied event or ended send, by which a repeat is recognised and can be
    repeated.

    `sends` are the pending sends that it started or moved, whose timers a repeat ensures again.
    """

    id: str
    at: datetime
    sends: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    derived: tuple[str, ...] = ()
