"""Events as SES puts them on the default bus, about an e-mail of ours."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

from unless.app.ports import Message
from unless.channels.email import tags_of
from unless.definitions.models import Kind

SENT = "2026-02-02T10:00:00.000Z"
LATER = "2026-02-02T10:05:00.250Z"
ADDRESS = "u@example.test"

BODIES: dict[str, dict[str, Any]] = {
    "Send": {},
    "Delivery": {
        "timestamp": LATER,
        "processingTimeMillis": 546,
        "recipients": [ADDRESS],
        "smtpResponse": "250 2.6.0 Message received",
        "reportingMTA": "mta.example.com",
    },
    "Open": {"ipAddress": "192.0.2.1", "timestamp": LATER, "userAgent": "Mozilla/5.0"},
    "Click": {
        "ipAddress": "192.0.2.1",
        "link": "https://shop.example/cart",
        "linkTags": None,
        "timestamp": LATER,
        "userAgent": "Mozilla/5.0",
    },
    "Bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": ADDRESS, "action": "failed", "status": "5.1.1"}],
        "timestamp": LATER,
        "feedbackId": "01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000",
        "reportingMTA": "dsn; mta.example.com",
    },
    "Complaint": {
        "complainedRecipients": [{"emailAddress": ADDRESS}],
        "timestamp": LATER,
        "feedbackId": "01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000001",
        "complaintFeedbackType": "abuse",
        "complaintSubType": None,
    },
    "Reject": {"reason": "Bad content"},
}
"""
What each kind of event says beside the e-mail.

Source: SES Developer Guide, "Examples of event data that Amazon SES publishes" (read 2026-11).
"""

NAMES = {
    "Send": "Email Sent",
    "Delivery": "Email Delivered",
    "Open": "Email Opened",
    "Click": "Email Clicked",
    "Bounce": "Email Bounced",
    "Complaint": "Email Complaint Received",
    "Reject": "Email Rejected",
}


def message(**more: Any) -> Message:
    """A message whose e-mail the events are about."""
    said: dict[str, Any] = {
        "send": "s-abc",
        "user": "u-17",
        "kind": Kind.CAMPAIGN,
        "definition": "cart",
        "step": None,
        "event": "e-1",
        "name": "cart_updated",
        "at": datetime(2026, 2, 2, 9, tzinfo=UTC),
        "due": datetime(2026, 2, 2, 10, tzinfo=UTC),
        "properties": {},
    }
    return Message(**{**said, **more})


def ses_event(kind: str, about: Message, *, sent: str = SENT, **more: Any) -> dict[str, Any]:
    """The envelope of an event of that kind; `more` changes what it says."""
    tags = {name: [value] for name, value in tags_of(about).items()}
    return {
        "version": "0",
        "id": urlsafe_b64encode(kind.encode()).decode(),
        "detail-type": NAMES[kind],
        "source": "aws.ses",
        "account": "123456789012",
        "time": "2026-02-02T10:05:01Z",
        "region": "us-east-1",
        "resources": ["arn:aws:ses:us-east-1:123456789012:configuration-set/ours"],
        "detail": {
            "eventType": kind,
            "mail": {
                "timestamp": sent,
                "source": "news@shop.example",
                "messageId": "EXAMPLE7c191be45",
                "destination": [ADDRESS],
                "tags": {"ses:configuration-set": ["ours"], **tags},
            },
            kind.lower(): {**BODIES[kind], **more},
        },
    }


def body(kind: str, about: Message, **more: Any) -> str:
    """The same as SQS hands it over."""
    return json.dumps(ses_event(kind, about, **more))
