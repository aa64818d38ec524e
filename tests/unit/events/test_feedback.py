"""What SES says of an e-mail, understood."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.events.ses_events import ADDRESS, body, message, ses_event
from unless.definitions.models import Kind
from unless.engine.model import UserEvent
from unless.events.feedback import Confirmation, OfNobody
from unless.events.intake import parse_message
from unless.events.rejection import Rejected, RejectReason

ARRIVED = datetime(2026, 2, 2, 10, 6, tzinfo=UTC)
SENT = datetime(2026, 2, 2, 10, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 10, 5, 0, 250_000, tzinfo=UTC)
OURS = {"campaign": "cart", "channel": "email", "send": "s-abc"}


def understood(kind: str, **more: Any) -> UserEvent:
    """The user event that an event of SES means."""
    event = parse_message(body(kind, message(hops=2), **more), ARRIVED)
    assert isinstance(event, UserEvent), event
    return event


@pytest.mark.parametrize(
    ("kind", "properties", "hops"),
    [
        ("Open", {"action": "opened"}, 0),
        ("Click", {"action": "clicked", "link": "https://shop.example/cart"}, 0),
        ("Bounce", {"action": "bounced", "hard": True, "kind": "General"}, 3),
        ("Complaint", {"action": "complained", "kind": "abuse"}, 3),
    ],
)
def test_what_happens_to_an_email_is_an_interaction(
    kind: str, properties: dict[str, Any], hops: int
) -> None:
    """Of its user, at its own time, about the mail; what no person did is one hop further."""
    event = understood(kind)
    assert (event.user, event.name) == ("u-17", "message_interaction")
    assert event.properties == {**OURS, **properties}
    assert (event.time, event.about, event.arrived) == (LATER, SENT, ARRIVED)
    assert event.hops == hops


def test_two_mails_opened_at_one_instant_are_two_events() -> None:
    """A mail program that fetches all images at once says so of each mail."""
    first, second = (
        parse_message(body("Open", message(send=send)), ARRIVED) for send in ("s-one", "s-two")
    )
    assert isinstance(first, UserEvent)
    assert isinstance(second, UserEvent)
    assert first.time == second.time
    assert first.id != second.id


@pytest.mark.parametrize("kind", ["Open", "Click"])
def test_where_somebody_reads_their_mail_is_left_behind(kind: str) -> None:
    """Neither IP address nor mail program goes into the profile."""
    assert "192.0.2.1" not in str(understood(kind))
    assert "Mozilla" not in str(understood(kind))


@pytest.mark.parametrize("kind", ["Bounce", "Complaint"])
def test_an_address_that_fails_for_good_is_unreachable(kind: str) -> None:
    """A mailbox that is not there, or whose owner complained, gets no more mail."""
    assert understood(kind).attributes == {"email_unreachable": ADDRESS}


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_a_soft_bounce_leaves_the_address_alone(kind: str) -> None:
    """A full mailbox may be empty tomorrow."""
    event = understood("Bounce", bounceType=kind, bounceSubType="MailboxFull")
    assert event.attributes == {}
    assert event.properties["hard"] is False


def test_what_ses_did_not_deliver_is_a_bounce_at_the_time_of_the_mail() -> None:
    """A rejected e-mail (it had a virus) says nothing of the address."""
    event = understood("Reject")
    assert event.properties == {**OURS, "action": "bounced", "hard": False, "kind": "Rejected"}
    assert (event.time, event.attributes) == (SENT, {})


def test_somebody_who_takes_a_mail_out_of_spam_does_not_complain() -> None:
    """Feedback of type not-spam is the opposite of a complaint."""
    told = parse_message(body("Complaint", message(), complaintFeedbackType="not-spam"), ARRIVED)
    assert isinstance(told, OfNobody)


@pytest.mark.parametrize(("kind", "at"), [("Send", SENT), ("Delivery", LATER)])
def test_that_ses_has_the_mail_confirms_its_send(kind: str, at: datetime) -> None:
    """It is no event of the user."""
    told = parse_message(body(kind, message()), ARRIVED)
    assert isinstance(told, Confirmation)
    assert (told.mail.send, told.mail.user, told.at) == ("s-abc", "u-17", at)
    assert told.by == {"Send": "SEND", "Delivery": "DELIVERY"}[kind]


@pytest.mark.parametrize("user", ["u-17", "léa ✓", "x" * 255, "é" * 255])
def test_every_user_and_step_comes_back_as_it_was(user: str) -> None:
    """Tags hold few characters and short texts, so both are encoded and cut."""
    about = message(
        user=user, kind=Kind.JOURNEY, definition="j", step="3.paths.1.0", send="r-abc.4"
    )
    event = parse_message(body("Open", about), ARRIVED)
    assert isinstance(event, UserEvent)
    assert event.user == user
    assert event.properties["journey"] == "j"
    assert event.properties["step"] == "3.paths.1.0"
    assert event.properties["send"] == "r-abc.4"


def test_a_repetition_has_the_same_id_and_another_click_has_not() -> None:
    """EventBridge may hand an event over twice; a person may click twice. (V1)"""
    again = understood("Click")
    assert again.id == understood("Click").id
    assert again.id != understood("Click", timestamp="2026-02-02T10:05:00.251Z").id
    assert again.id != understood("Open").id
    assert understood("Bounce").id == understood("Bounce").id


def test_a_time_in_the_future_becomes_the_arrival() -> None:
    """The clocks of others are not ours. (V2)"""
    event = understood("Open", timestamp=(ARRIVED + timedelta(hours=1)).isoformat())
    assert event.time == ARRIVED


@pytest.mark.parametrize("tags", [None, {}, {"ses:configuration-set": ["ours"], "shop": ["x"]}])
def test_the_mail_of_somebody_else_is_left_alone(tags: object) -> None:
    """Whoever else uses our configuration set fills no quarantine."""
    envelope = ses_event("Open", message())
    envelope["detail"]["mail"]["tags"] = tags
    assert isinstance(parse_message(json.dumps(envelope), ARRIVED), OfNobody)


def test_what_is_new_at_ses_is_left_alone() -> None:
    """A kind of event that we did not ask for, or do not know, is nothing of the user's."""
    envelope = ses_event("Open", message())
    envelope["detail"]["eventType"] = "Subscription"
    assert isinstance(parse_message(json.dumps(envelope), ARRIVED), OfNobody)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"user": ["?"]}, RejectReason.BAD_ID),
        ({"user": []}, RejectReason.BAD_TYPE),
        ({"kind": ["newsletter"]}, RejectReason.BAD_TYPE),
        ({"hops": ["many"]}, RejectReason.BAD_TYPE),
        ({"user": None}, RejectReason.NO_USER),
    ],
)
def test_tags_that_are_none_of_ours_are_quarantined(
    change: dict[str, Any], reason: RejectReason
) -> None:
    """With a reason, as every event that nobody can understand. (V5)"""
    envelope = ses_event("Open", message())
    tags = {**envelope["detail"]["mail"]["tags"], **change}
    envelope["detail"]["mail"]["tags"] = {k: v for k, v in tags.items() if v is not None}
    told = parse_message(json.dumps(envelope), ARRIVED)
    assert isinstance(told, Rejected)
    assert told.reason == reason


@pytest.mark.parametrize(
    ("kind", "more", "reason"),
    [
        ("Open", {"timestamp": "yesterday"}, RejectReason.BAD_TIME),
        ("Bounce", {"bouncedRecipients": []}, RejectReason.BAD_TYPE),
        ("Click", {"link": "x" * 9_000}, RejectReason.STRING_TOO_LONG),
        ("Complaint", {"complainedRecipients": [{"emailAddress": 7}]}, RejectReason.BAD_TYPE),
    ],
)
def test_what_is_malformed_is_quarantined(
    kind: str, more: dict[str, Any], reason: RejectReason
) -> None:
    """With a reason that holds nothing of the user. (V5)"""
    told = parse_message(body(kind, message(), **more), ARRIVED)
    assert isinstance(told, Rejected)
    assert told.reason == reason
    assert ADDRESS not in told.detail


@pytest.mark.parametrize("detail", [None, [], {"mail": []}, {"eventType": "Open"}])
def test_an_envelope_of_ses_without_its_parts_is_quarantined(detail: object) -> None:
    """Whatever comes is answered with a value."""
    envelope = {**ses_event("Open", message()), "detail": detail}
    told = parse_message(json.dumps(envelope), ARRIVED)
    assert isinstance(told, Rejected)
    assert told.reason == RejectReason.NOT_AN_OBJECT
