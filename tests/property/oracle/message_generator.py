"""
Random messages: channels, consent, contents, and what a workspace caps.
"""

from typing import Any

from tests.property.oracle.chance import SPANS, Chance, Data
from tests.property.oracle.delivery import ABORT, ERROR

CHANNELS = ("email", "email", "email", "sms", "event")
TAGS = ("promo", "spring")
GROUPS = ("news", "offers")


class MessageGenerator(Chance):
    """Makes what is sent, and what keeps it from being sent."""

    def message(self) -> Data:
        """Return a message, in most scenarios without a channel of its own."""
        message: Data = {}
        if self.chance(self.channels):
            message["channel"] = self.pick(*CHANNELS, *["in_app"] * (8 if self.kept else 0))
            if message["channel"] == "in_app" and self.chance(0.7):
                message["expires"] = self.pick("1h", "5h", "1d")
        if message.get("channel") == "email":
            message["subject"] = "s"
        if message.get("channel", "event") != "event" or self.chance(0.2):
            message["text"] = "hi"
        if self.chance(self.contents):
            message |= self.content()
        return message

    def content(self) -> Data:
        """Return a content that does not go out, or not to everybody."""
        bad = self.pick(ABORT, ABORT, ERROR)
        return {"text": self.pick(bad, {"fr": bad, "default": "hi"}, {"fr": "hi", "default": bad})}

    def promotion(self) -> Data:
        """Return the tags and the group of a definition."""
        options: Data = {}
        if self.chance(0.5 if self.capped else 0.05):
            options["tags"] = self.pick([TAGS[0]], [TAGS[1]], [*TAGS])
        if self.chance(0.3 * self.channels):
            options["consent"] = self.pick(*GROUPS)
        return options

    def control(self) -> Data:
        """Return a control group of everybody or of nobody: who is in it is no matter of SPEC."""
        return {"control_percent": self.pick(0, 100)} if self.chance(self.controlled) else {}

    def caps(self) -> list[Data]:
        return [self.cap() for _ in range(self.pick(1, 1, 1, 2))]

    def cap(self) -> Data:
        cap: Data = {"max": self.pick(1, 1, 2), "per": self.pick("day", "week", *SPANS)}
        if self.chance(0.3):
            cap["tag"] = self.pick(*TAGS)
        if self.chance(0.3):
            cap["channel"] = self.pick("email", "event")
        return cap

    def addresses(self) -> Data:
        """Return the attributes by which a user is reached, or not."""
        return {
            "email": self.pick("a@x.test", "a@x.test", "b@x.test", None),
            "phone": self.pick("+33100000000", "+33100000001", None),
            "email_unreachable": self.pick("a@x.test", "b@x.test", None),
            "language": self.pick("fr", "fr-CA", "de", None),
        }

    def interaction(self, sender: Data) -> Data:
        """Return the properties of what a user did with a message, as the app reports it."""
        action: Any = self.pick("opened", "opened", "clicked", "received", "dismissed")
        return {**sender, "channel": "email", "action": action}
