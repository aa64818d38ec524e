"""
What is sent, as people write it in a campaign or a journey's step.
"""

from typing import Literal

from pydantic import StrictStr

from unless.definitions.values import Model


class Message(Model):
    """What is sent, and over which channel."""

    channel: Literal["event", "email", "sms", "push", "webhook", "queue", "in_app"] = "event"
    template: StrictStr | None = None
    subject: StrictStr | None = None
    text: StrictStr | None = None
