"""
The channel `sms`: one text to one number.
"""

from typing import Protocol

from unless.app.ports import Message, Reply
from unless.channels.addresses import phone_number
from unless.engine.decision import Answer

TEXT_CHARACTERS_MAX = 1_600
"""
Longest text, which arrives in several parts.

Source: AWS End User Messaging SMS API Reference v2, "SendTextMessage", MessageBody (read 2026-11).
"""

NO_NUMBER = Reply(Answer.REFUSED, "the number is not one phone number with a country code")
NO_WORDS = Reply(Answer.REFUSED, "the message has no words")
TOO_LONG = Reply(Answer.REFUSED, f"the text is longer than {TEXT_CHARACTERS_MAX} characters")


class Texter(Protocol):
    """Who sends texts."""

    def text(self, number: str, body: str, send: str) -> Reply:
        """Make one request to send the text, and return the answer."""


class SmsChannel:
    """`unless.app.ports.Channel` on a texter, which is asked once."""

    def __init__(self, texter: Texter) -> None:
        """Send through this texter."""
        self._texter = texter

    def send(self, message: Message) -> Reply:
        """
        Send the text and return the answer.

        Raises:
            ConfigurationError: nothing was sent, and the deployment has to be mended.
        """
        number = phone_number(message.address or "")
        body = (message.content.text or "").strip()
        if number is None:
            return NO_NUMBER
        if not body:
            return NO_WORDS
        return (
            TOO_LONG
            if len(body) > TEXT_CHARACTERS_MAX
            else self._texter.text(number, body, message.send)
        )
