"""Ids, always derived and never random, so that a repeat is recognised and not repeated."""

import re
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

SEND_ID_LENGTH = 32
"""
Characters of a send's id after `s-`: 160 bits of SHA-256, short enough for a schedule's name
(64).
"""

_DERIVED = re.compile(
    r"#(?:received$|(?:email_added|attribute_changed|subscription_changed"
    r"|subscription_group_changed|conversion|exception_performed):)"
)


def send_id(user: str, definition: str, event: str, at: datetime, step: str = "") -> str:
    """
    Return the id of the send that this event, which happened at `at`, starts for this user.

    The time belongs to it because an event's id may return after 16 days (V1) and is then another
    event.
    """
    parts = "\x1f".join((user, definition, event, at.isoformat(), step))
    digest = sha256(parts.encode("utf-8", "surrogatepass")).digest()
    return "s-" + b32encode(digest).decode().lower()[:SEND_ID_LENGTH]


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
