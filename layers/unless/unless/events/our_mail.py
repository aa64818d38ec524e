"""
Whose e-mail it was of which SES tells: read from the tags that `unless.channels.email` gave it.
"""

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unless.definitions.durations import in_utc
from unless.definitions.models import Kind
from unless.events.limits import NAME_CHARACTERS_MAX, TIME_MIN
from unless.events.rejection import NotUnderstood, RejectReason
from unless.events.values import check_text


@dataclass(frozen=True, slots=True)
class Mail:
    """One of our e-mails: what its tags say, and when it went out (UTC)."""

    user: str
    send: str
    kind: Kind
    definition: str
    step: str | None
    hops: int
    sent_at: datetime


def read_mail(mail: Mapping[str, Any], arrived: datetime) -> Mail | None:
    """
    Return the e-mail as its tags tell; None for one that was sent by somebody else.

    Raises:
        NotUnderstood: `bad_type`, `bad_string`, `bad_id`, `bad_time`, `no_user`.
    """
    tags = mail.get("tags")
    if not isinstance(tags, Mapping) or not {"send", "kind", "definition"} <= tags.keys():
        return None
    kind, hops = _tag(tags, "kind"), _tag(tags, "hops")
    if kind not in tuple(Kind) or not hops.isdecimal():
        raise NotUnderstood(RejectReason.BAD_TYPE, "a tag of the e-mail is none of ours")
    if "user" not in tags:
        raise NotUnderstood(RejectReason.NO_USER, "the e-mail has no tag `user`")
    return Mail(
        user=_decoded(tags, "user"),
        send=_tag(tags, "send").replace("_", "."),  # no tag can hold the dot of `r-….3`
        kind=Kind(kind),
        definition=_tag(tags, "definition"),
        step=_decoded(tags, "step") if "step" in tags else None,
        hops=int(hops),
        sent_at=read_time(mail.get("timestamp"), arrived),
    )


def _tag(tags: Mapping[str, Any], name: str) -> str:
    match tags.get(name):
        case [str(value)] if 1 <= len(value) <= NAME_CHARACTERS_MAX:
            check_text(value)
            return value
        case _:
            raise NotUnderstood(RejectReason.BAD_TYPE, f"the e-mail's tag `{name}` is not one text")


def _decoded(tags: Mapping[str, Any], name: str) -> str:
    """Return the text in a tag, whose chunks after the first are in `<name>-2`, `<name>-3`, …."""
    chunks = [_tag(tags, name)]
    while (more := f"{name}-{len(chunks) + 1}") in tags:
        chunks.append(_tag(tags, more))
    encoded = "".join(chunks)
    try:
        padded = encoded + "=" * (-len(encoded) % 4)
        text = urlsafe_b64decode(padded.encode("ascii")).decode("utf-8")
    except (binascii.Error, UnicodeError):
        text = ""
    if not 1 <= len(text) <= NAME_CHARACTERS_MAX:
        raise NotUnderstood(RejectReason.BAD_ID, f"the e-mail's tag `{name}` cannot be decoded")
    return text


def read_time(value: object, arrived: datetime) -> datetime:
    """
    Return the instant in UTC, no later than `arrived`.

    Raises:
        NotUnderstood: `bad_time`.
    """
    time = value if isinstance(value, datetime) else in_utc(value)
    if time is None or time < TIME_MIN:
        raise NotUnderstood(RejectReason.BAD_TIME, "a time of the e-mail is no ISO 8601 text")
    return min(time, arrived)
