"""
What the message of a due item says to its user, rendered within the decision (SPEC T3).
"""

from datetime import datetime

from unless.content.parts import NO_CONTENT, Content
from unless.engine.claims import Outgoing
from unless.engine.definitions import Definitions
from unless.engine.eligibility import Refusal
from unless.engine.model import DueItem, UserState


def content_of(
    _outgoing: Outgoing,
    _item: DueItem,
    _state: UserState,
    _definitions: Definitions,
    _now: datetime,
) -> Content | Refusal:
    """Return the message rendered, or `template_abort` or `template_error`."""
    return NO_CONTENT
