"""Ids, always derived and never random, so that a repeat is recognised and not repeated."""

import re
from base64 import b32encode
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

ID_LENGTH = 32
"""
Characters of an id after `s-` or `r-`: 160 bits of SHA-256, short enough for a schedule's name
(64).
"""

_DERIVED = re.compile(
    r"#(?:received$|(?:email_added|attribute_changed|subscription_changed"
    r"|subscription_group_changed|conversion|exception_performed):)"
)


def send_id(user: str, definition: str, event: str, at: datetime) -> str:
    """
    Return the id of the send that this event, which happened at `at`, starts for this user.

    The time belongs to it because an event's id may return after 16 days (V1) and is then another
    event.
    """
    return "s-" + _digest(user, definition, event, at.isoformat())


def run_id(user: str, journey: str, event: str, at: datetime) -> str:
    """Return the id of the run that this event, which happened at `at`, begins for this user."""
    return "r-" + _digest(user, journey, event, at.isoformat())


def is_run_id(item: str) -> bool:
    """Whether the id of a due item is that of a run, and not of a send."""
    return item.startswith("r-")


def step_id(run: str, number: int) -> str:
    """Return the id of a run in one of its steps, which is the id of the message sent there."""
    return f"{run}.{number}"


def _digest(*parts: str) -> str:
    digest = sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return b32encode(digest).decode().lower()[:ID_LENGTH]


_CANCELLATION = "#cancelled:"
"""What the ids of cancellations begin with; those of due items never do."""


def cancellation_id(items: Iterable[str]) -> str:
    """
    Return the id of the one change by which an operator cancelled these due items of a user.

    An item ends once, so no other change has it.
    """
    return _CANCELLATION + _digest(*sorted(items))


def is_cancellation(name: str) -> bool:
    """Whether this, where a due item's id may stand, is the id of a cancellation."""
    return name.startswith(_CANCELLATION)


ERASURE = "#deleted"
"""What stands in the place of a due item's id where a user's deletion is meant."""


def derived_id(carrier: str, name: str, key: str) -> str:
    """Return the id of the event that the engine derives from a carrier (SPEC section 2)."""
    return f"{carrier}#{name}:{key}"


def received_id(send: str) -> str:
    """Return the id of the receipt of a send."""
    return f"{send}#received"


def derived_root(event_id: str) -> str | None:
    """
    Return the id of the app's event, or of the send, behind an id that looks derived, else
    None.
    """
    match = _DERIVED.search(event_id)
    return event_id[: match.start()] if match else None
