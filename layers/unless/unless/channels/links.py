"""
Links by which a user leaves: signed, so that nobody can make one for somebody else.

A link says who leaves what. It does not expire: a mail may be read, and left, years later.
"""

import binascii
import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from unless.definitions.models import Kind

PURPOSE = b"unless.unsubscribe\0"
"""Stands before what is signed, so that a signature made for anything else fits no link."""

TOKEN_CHARACTERS_MAX = 4_096
"""Longest token that is looked at; the longest that `make_link` makes is about 2,500."""


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """
    Who leaves, and what: the subscription group, or all e-mail where that is None.

    `send` is the mail in which the link stood, `definition` its campaign or journey.
    """

    user: str
    group: str | None
    send: str
    kind: Kind
    definition: str


def make_link(url: str, unsubscribe: Unsubscribe, secret: bytes) -> str:
    """Return the link to the function at that URL by which the user leaves."""
    said = {
        "u": unsubscribe.user,
        "g": unsubscribe.group,
        "s": unsubscribe.send,
        "c": f"{unsubscribe.kind.value}:{unsubscribe.definition}",
    }
    payload = _encoded(json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode())
    return f"{url}?t={payload}.{_encoded(_signature(payload, secret))}"


def read_link(token: str, secret: bytes) -> Unsubscribe | None:
    """Return what the `t` of a link says; None for every text that `make_link` did not make."""
    payload, _, signature = token.partition(".")
    if len(token) > TOKEN_CHARACTERS_MAX or not token.isascii():
        return None
    expected = _encoded(_signature(payload, secret))
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        return None
    return _said(payload)


def _said(payload: str) -> Unsubscribe | None:
    try:
        said: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        kind, _, definition = said["c"].partition(":")
        return Unsubscribe(said["u"], said["g"], said["s"], Kind(kind), definition)
    except (binascii.Error, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError):
        return None  # signed by us for another format of this link


def _signature(payload: str, secret: bytes) -> bytes:
    return hmac.digest(secret, PURPOSE + payload.encode(), hashlib.sha256)


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
