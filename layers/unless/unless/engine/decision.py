"""What goes into a decision about a user, and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from unless.content.parts import NO_CONTENT, Content
from unless.engine.model import DueItem, UserEvent, UserState
from unless.engine.records import Record


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A timer rang for a due item; `turn` is the turn of the item for which it was set."""

    user: str
    item: str
    turn: int


NO_TURN = 0
"""The turn of a notice about no due item, or made from the index, which does not know it."""


class Answer(StrEnum):
    """
    What a channel said to a request.

    A definite yes, a definite no, a definite "not now" that may be asked again, or nothing clear.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Dispatched:
    """The channel's answer for a claimed item, with its own words where it gave any."""

    user: str
    item: str
    answer: Answer
    said: str = ""


@dataclass(frozen=True, slots=True)
class DeleteUser:
    """An operator deletes the user (L3)."""

    user: str


@dataclass(frozen=True, slots=True)
class CancelItems:
    """An operator cancels these due items, by id; `by` is what their records say of who did it."""

    user: str
    items: tuple[str, ...]
    by: str


Input = UserEvent | DueNotice | Dispatched | DeleteUser | CancelItems


@dataclass(frozen=True, slots=True)
class StartTimer:
    """A timer is to ring for this item at its due time."""

    item: DueItem


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """The timer of this item is needed no more; letting it ring would be harmless."""

    item: DueItem


@dataclass(frozen=True, slots=True)
class Dispatch:
    """
    The message of this claimed item is to be sent; the answer comes back as `Dispatched`.

    `address` is that of the user on the message's channel, None where it needs none. `again` says
    that an earlier run may have made this very request, and nobody knows what became of it.
    """

    item: DueItem
    content: Content = NO_CONTENT
    address: str | None = None
    again: bool = False


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
    The memory of one applied event or ended step, by which a repeat is recognised and can be
    repeated.

    `items` are the due items that it started or moved, whose timers a repeat ensures again. A
    campaign's send is a step, too, its only one.
    """

    id: str
    at: datetime
    items: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    derived: tuple[str, ...] = ()
