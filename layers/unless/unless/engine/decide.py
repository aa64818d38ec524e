"""
The heart: what follows, for one user, from one input.

    decide(state, input, definitions, now) -> Decision(state', effects, records)

No clock, no randomness, no environment. The same function runs in Lambda, in `unless simulate`, in
`unless test`, in the benchmarks and in the tests.
"""

from datetime import datetime

from unless.engine.answers import take_answer
from unless.engine.cancelling import take_cancellation
from unless.engine.decision import (
    CancelItems,
    Decision,
    DeleteUser,
    Dispatched,
    DueNotice,
    Input,
)
from unless.engine.definitions import Definitions
from unless.engine.deletion import take_deletion
from unless.engine.due import take_due_notice
from unless.engine.events import take_event
from unless.engine.model import UserEvent, UserState


def decide(state: UserState, what: Input, definitions: Definitions, now: datetime) -> Decision:
    """Return what follows from one input for the user whose state this is; `now` is UTC."""
    match what:
        case UserEvent():
            return take_event(state, what, definitions, now)
        case DueNotice():
            return take_due_notice(state, what, definitions, now)
        case Dispatched():
            return take_answer(state, what, definitions, now)
        case DeleteUser():
            return take_deletion(state, what, definitions, now)
        case CancelItems():
            return take_cancellation(state, what, definitions, now)
