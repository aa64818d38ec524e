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

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unless.engine.model import NOTHING, UserEvent
from unless.events.limits import NAME_CHARACTERS_MAX, PROPERTIES_MAX
from unless.events.our_mail import Mail, read_mail, read_time
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
    mail = read_mail(_part(detail, "mail"), arrived)
    kind = detail.get("eventType")
    if mail is None or not isinstance(kind, str):
        return OF_NOBODY
    if kind in CONFIRMING:
        body = detail.get(kind.lower())
        said = body.get("timestamp") if isinstance(body, Mapping) else None
        at = mail.sent_at if said is None else read_time(said, arrived)
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
    time = read_time(happened.body.get("timestamp"), arrived)
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
    check_text(event_id)
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


def _check(part: Mapping[str, Any], what: str) -> None:
    try:
        check_object(part, PROPERTIES_MAX)
    except NotUnderstood as fault:
        raise fault.under(what) from None
