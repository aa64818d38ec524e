"""
What SES says of an e-mail to an address that is none; the local SES never says anything.

PutEvents refuses the source aws.ses, here as on AWS, so it goes past the rule of the default bus,
straight into the queue to which that rule leads.
"""

import json
from datetime import UTC, datetime
from typing import Any

from unless.app.ports import Message
from unless.channels.email import tags_of
from unless.cli.demo.cast import BOUNCE
from unless.cli.demo.mailbox import Mail
from unless.composition import OnAws
from unless.engine.records import Record, instant_text
from unless.events.feedback import HARD, SES


def bounce(app: OnAws, mail: Mail, queue_url: str) -> datetime:
    """Say that the e-mail of a campaign came back for good; return when that happened."""
    now = datetime.now(UTC)
    sent = next(each for each in app.ledger.read(mail.user) if each.send == mail.send and each.due)
    body = json.dumps(envelope(app.settings.configuration_set, mail, sent, now))
    app.clients.get("sqs").send_message(QueueUrl=queue_url, MessageBody=body)
    return now


def envelope(configuration_set: str, mail: Mail, record: Record, now: datetime) -> dict[str, Any]:
    """
    Return what SES puts on the default bus about it, at `now` (UTC).

    Source: SES Developer Guide, "Examples of event data that Amazon SES publishes" (read
    2026-11).
    """
    at = instant_text(now)
    tags = {name: [value] for name, value in tags_of(_message(record)).items()}
    return {
        "version": "0",
        "id": BOUNCE,
        "detail-type": "Email Bounced",
        "source": SES,
        "time": at,
        "detail": {
            "eventType": "Bounce",
            "mail": {
                "timestamp": instant_text(record.at),
                "source": mail.sender,
                "destination": [mail.to],
                "tags": {"ses:configuration-set": [configuration_set], **tags},
            },
            "bounce": {
                "bounceType": HARD,
                "bounceSubType": "NoEmail",
                "bouncedRecipients": [{"emailAddress": mail.to, "status": "5.1.1"}],
                "timestamp": at,
                "feedbackId": BOUNCE.rsplit("/", 1)[-1],
            },
        },
    }


def _message(record: Record) -> Message:
    """Return what was sent, as far as SES repeats it."""
    return Message(
        user=record.user,
        send=record.send or "",
        kind=record.kind,
        definition=record.definition,
        step=record.step,
        event=record.event,
        name=record.name or "",
        at=record.at,
        due=record.due or record.at,
        properties={},
    )
