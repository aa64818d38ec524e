"""
Sound envelopes, of apps and of SES: what is then broken, and what its neighbours are.
"""

from datetime import UTC, datetime
from typing import Any

from unless.app.ports import Message
from unless.channels.email import tags_of
from unless.definitions.models import Kind

ARRIVED = datetime(2026, 2, 2, 10, 6, tzinfo=UTC)
"""When everything arrives."""

type Json = dict[str, Any]


def app_envelope(name: str = "cart_updated") -> Json:
    """Return what EventBridge hands on of an app's event."""
    return {
        "version": "0",
        "id": "envelope-1",
        "source": "com.acme.shop",
        "detail-type": name,
        "time": "2026-02-02T09:59:59Z",
        "detail": {
            "user_id": "u-17",
            "id": "evt-1",
            "time": "2026-02-02T09:59:58Z",
            "properties": {
                "cart_id": "c-9",
                "cart_value": 150.25,
                "items": [{"sku": "bag", "n": 2}],
                "appointment": "2026-02-03T09:00",
                "price": 12.5,
                "quantity": 2,
                "product_id": "bag",
            },
            "attributes": {
                "country": "FR",
                "time_zone": "Europe/Paris",
                "subscription_groups": {"news": True},
                "email": "u@example.test",
                "phone": "+33600000000",
                "plan": None,
            },
            "backfill": False,
        },
    }


def ses_envelope(kind: str, *, step: str | None = None) -> Json:
    """
    Return what SES puts on the default bus of an e-mail of ours.

    Source: SES Developer Guide, "Examples of event data that Amazon SES publishes" (read 2026-11).
    """
    return {
        "version": "0",
        "id": "ses-envelope",
        "detail-type": "Email event",
        "source": "aws.ses",
        "time": "2026-02-02T10:05:01Z",
        "detail": {
            "eventType": kind,
            "mail": {
                "timestamp": "2026-02-02T10:00:00.000Z",
                "messageId": "EXAMPLE7c191be45",
                "tags": {name: [value] for name, value in tags_of(_mail(step)).items()},
            },
            kind.lower(): dict(_SAID[kind]),
        },
    }


_LATER = "2026-02-02T10:05:00.250Z"

_SAID: dict[str, Json] = {
    "Send": {},
    "Delivery": {"timestamp": _LATER, "recipients": ["u@example.test"]},
    "Open": {"ipAddress": "192.0.2.1", "timestamp": _LATER, "userAgent": "Mozilla/5.0"},
    "Click": {"link": "https://shop.example/cart", "timestamp": _LATER},
    "Bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": "u@example.test"}],
        "timestamp": _LATER,
        "feedbackId": "feedback-1",
    },
    "Complaint": {
        "complainedRecipients": [{"emailAddress": "u@example.test"}],
        "timestamp": _LATER,
        "feedbackId": "feedback-2",
        "complaintFeedbackType": "abuse",
    },
    "Reject": {"reason": "Bad content"},
}

SES_KINDS = tuple(_SAID)


def _mail(step: str | None) -> Message:
    return Message(
        send="s-abc",
        user="u-17",
        kind=Kind.CAMPAIGN if step is None else Kind.JOURNEY,
        definition="cart",
        step=step,
        event="evt-1",
        name="cart_updated",
        at=ARRIVED,
        due=ARRIVED,
        properties={},
    )
