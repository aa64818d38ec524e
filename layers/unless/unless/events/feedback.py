"""
What becomes of an e-mail, as SES tells it on the default bus: a user event, or the confirmation of
a send.

The rule of the queue lets only e-mails of our configuration set through. On AWS nobody else can
have put such an event: PutEvents refuses sources that begin with `aws.` (EventBridge API Reference,
"PutEventsRequestEntry", Source, read 2026-11). Whose mail it was stands in the tags that we gave
it; IP address and user agent, which SES tells of whoever opens it, are left behind.

Source of all fields: SES Developer Guide, "Monitoring SES events using Amazon EventBridge" and
"Contents of event data that Amazon SES publishes" (read 2026-11).
"""

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unless.definitions.durations import in_utc
from unless.definitions.models import Kind
from unless.engine.model import NOTHING, UserEvent
from unless.events.limits import NAME_CHARACTERS_MAX, PROPERTIES_MAX, TIME_MIN
from unless.events.rejection import NotUnderstood, RejectReason
from unless.events.values import check_object, check_text

SES = "aws.ses"
"""The source of what SES puts on the default bus."""

INTERACTION = "message_interaction"
"""The name of the user events (SPEC section 2)."""

CONFIRMING = {"Send": "SEND", "Delivery": "DELIVERY"}
"""The events that say that SES has the e-mail, and how the record names them."""

HARD = "Permanent"
"""The bounce type after which no other e-mail to the address will arrive."""

NO_COMPLAINT = "not-spam"
"""The feedback type of somebody who took an e-mail out of the spam folder."""


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


@dataclass(frozen=True, slots=True)
class Confirmation:
    """SES has the e-mail; `by` is SEND or DELIVERY, `at` when it said so (UTC)."""

    mail: Mail
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OfNobody:
    """Nothing follows: not an e-mail of ours, or nothing that a user did or an address suffered."""


OF_NOBODY = OfNobody()


@dataclass(frozen=True, slots=True)
class _Happened:
    """What happened to an e-mail: `body` holds its time, `caused` says that no person did it."""

    action: str
    body: Mapping[str, Any]
    properties: Mapping[str, Any] = NOTHING
    failed: str | None = None
    caused: bool = False


def read_feedback(
    envelope: Mapping[str, Any], arrived: datetime
) -> UserEvent | Confirmation | OfNobody:
    """
    Return what an event of SES means; `arrived` is aware and UTC, and no time is after it.

    What a person did has 0 hops, what an e-mail caused one more than what had caused the e-mail.

    Raises:
        NotUnderstood: `not_an_object`, `bad_type`, `bad_time`, `bad_id`, `no_user`, or a limit.
    """
    detail = _part(envelope, "detail")
    mail = _mail(_part(detail, "mail"), arrived)
    kind = detail.get("eventType")
    if mail is None or not isinstance(kind, str):
        return OF_NOBODY
    if kind in CONFIRMING:
        body = detail.get(kind.lower())
        said = body.get("timestamp") if isinstance(body, Mapping) else None
        at = mail.sent_at if said is None else _time(said, arrived)
        return Confirmation(mail, CONFIRMING[kind], at)
    happened = _happened(kind, detail, mail)
    return OF_NOBODY if happened is None else _event(mail, happened, arrived)


def _happened(kind: str, detail: Mapping[str, Any], mail: Mail) -> _Happened | None:
    match kind:
        case "Open":
            return _Happened("opened", _part(detail, "open"))
        case "Click":
            click = _part(detail, "click")
            return _Happened("clicked", click, {"link": click.get("link")})
        case "Bounce":
            return _bounced(_part(detail, "bounce"))
        case "Complaint":
            return _complained(_part(detail, "complaint"))
        case "Reject":
            sent = {"timestamp": mail.sent_at}
            return _Happened("bounced", sent, {"hard": False, "kind": "Rejected"}, caused=True)
        case _:
            return None


def _bounced(bounce: Mapping[str, Any]) -> _Happened:
    """Return a bounce; of a hard one also the address, which SES will not deliver to again."""
    hard = bounce.get("bounceType") == HARD
    kind = {"hard": hard, "kind": bounce.get("bounceSubType")}
    failed = _address(bounce, "bouncedRecipients") if hard else None
    return _Happened("bounced", bounce, kind, failed, caused=True)


def _complained(complaint: Mapping[str, Any]) -> _Happened | None:
    feedback = complaint.get("complaintFeedbackType")
    if feedback == NO_COMPLAINT:
        return None
    failed = _address(complaint, "complainedRecipients")
    kind = {} if feedback is None else {"kind": feedback}
    return _Happened("complained", complaint, kind, failed, caused=True)


def _event(mail: Mail, happened: _Happened, arrived: datetime) -> UserEvent:
    time = _time(happened.body.get("timestamp"), arrived)
    properties = {
        mail.kind.value: mail.definition,
        **({} if mail.step is None else {"step": mail.step}),
        "channel": "email",
        "action": happened.action,
        "send": mail.send,
        **{name: value for name, value in happened.properties.items() if value is not None},
    }
    attributes = NOTHING if happened.failed is None else {"email_unreachable": happened.failed}
    _check(properties, "properties")
    _check(attributes, "attributes")
    event_id = _id(mail, happened, time)
    return UserEvent(
        id=event_id,
        user=mail.user,
        name=INTERACTION,
        time=time,
        arrived=arrived,
        properties=properties,
        attributes=attributes,
        hops=mail.hops + 1 if happened.caused else 0,
        root=event_id,
        about=mail.sent_at,
    )


def _id(mail: Mail, happened: _Happened, time: datetime) -> str:
    """Return an id that a repetition of the event has, too: EventBridge may hand it over twice."""
    feedback = happened.body.get("feedbackId")
    told = feedback if isinstance(feedback, str) and feedback else f"{mail.send}/{time.isoformat()}"
    return f"ses/{happened.action}/{told}"[:NAME_CHARACTERS_MAX]


# --- the e-mail -------------------------------------------------------------------------------


def _mail(mail: Mapping[str, Any], arrived: datetime) -> Mail | None:
    """Return the e-mail as its tags tell; None for one that was sent by somebody else."""
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
        sent_at=_time(mail.get("timestamp"), arrived),
    )


def _tag(tags: Mapping[str, Any], name: str) -> str:
    match tags.get(name):
        case [str(value)] if 1 <= len(value) <= NAME_CHARACTERS_MAX:
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


# --- parts ------------------------------------------------------------------------------------


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = whole.get(name)
    if not isinstance(part, Mapping):
        raise NotUnderstood(RejectReason.NOT_AN_OBJECT, "must be a JSON object").under(name)
    return part


def _address(body: Mapping[str, Any], name: str) -> str:
    """Return the address, which is one: each e-mail goes to a single user."""
    match body.get(name):
        case [{"emailAddress": str(address)}, *_] if address:
            return address
        case _:
            raise NotUnderstood(RejectReason.BAD_TYPE, "names no address").under(name)


def _time(value: object, arrived: datetime) -> datetime:
    time = value if isinstance(value, datetime) else in_utc(value)
    if time is None or time < TIME_MIN:
        raise NotUnderstood(RejectReason.BAD_TIME, "a time of the e-mail is no ISO 8601 text")
    return min(time, arrived)


def _check(part: Mapping[str, Any], what: str) -> None:
    try:
        check_object(part, PROPERTIES_MAX)
        for value in part.values():
            if isinstance(value, str):
                check_text(value)
    except NotUnderstood as fault:
        raise fault.under(what) from None
