"""
What SPEC says of messages on their way out: consent, reach, caps, content, and what a receipt is.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from tests.property.oracle.clock import day_in, span
from tests.property.oracle.person import Person
from tests.property.oracle.world import World

ABORT = '{% abort_message "no" %}'
IN_APP = "in_app"
HOLD = "hold"
"""No failure: a window or quiet hours that hold move the due time."""

EXPIRES = "7d"
ERROR = "{{ user.nothing_there }}"
"""The only contents that do not go out which the oracle knows."""


class Delivery(World):
    """What T3 asks of a message after everything that is asked of its definition."""

    def withheld(self, doc: Mapping[str, Any], message: Any, person: Person) -> Iterator[str]:
        """Yield why a message is not sent, but for quiet hours, in the order of T3."""
        profile, channel = person.profile(), channel_of(message)
        group = doc.get("consent")
        no_mail = channel == "email" and profile.get("email_subscribe") == "unsubscribed"
        if no_mail or (group and profile["subscription_groups"].get(group) is not True):
            yield "unsubscribed"
        address = profile.get({"email": "email", "sms": "phone"}.get(channel, ""))
        bounced = channel == "email" and address == profile.get("email_unreachable")
        if channel in ("email", "sms") and (address is None or bounced):
            yield "unreachable"
        if any(self.is_full(cap, doc, channel, person) for cap in self.caps):
            yield "frequency_capped"
        text = self.content(message, profile.get("language"))
        if text in (ABORT, ERROR):
            yield "template_abort" if text == ABORT else "template_error"

    def is_full(
        self, cap: Mapping[str, Any], doc: Mapping[str, Any], channel: str, person: Person
    ) -> bool:
        """Whether as many messages as a cap allows were received in its time (K1)."""
        tag, of_channel = cap.get("tag"), cap.get("channel", channel)
        if of_channel != channel or (tag and tag not in doc.get("tags", ())):
            return False
        received = [
            one
            for one in person.receipts
            if one.channel == cap.get("channel", one.channel) and (not tag or tag in one.tags)
        ]
        near = [one for one in received if self.counts(cap["per"], one.at, person)]
        return len(near) >= int(cap["max"])

    def counts(self, per: str, moment: Any, person: Person) -> bool:
        """Whether a receipt lies in the day, the week or the time before now of a cap (K1)."""
        if per not in ("day", "week"):
            return bool(self.now - moment < span(per))
        zone = self.zone_of(person)
        days = day_in(self.now, zone) - day_in(moment, zone)
        return bool(days < timedelta(days=1 if per == "day" else 7))

    def content(self, message: Any, language: Any) -> Any:
        """Return what is written, in the user's language: `fr-CA`, else `fr`, else for all."""
        message = message or {}
        if "template" in message:
            return self.templates.get(message["template"])
        text = message.get("text")
        if text is None or isinstance(text, str):
            return text
        names = [language, str(language).split("-")[0], "default"]
        return next((text[name] for name in names if name in text), None)

    # --- in-app messages are kept for the next session ---

    def keeps(self, item: Any, message: Any) -> bool:
        """Whether a message that may go out waits for its user first, and from now on does."""
        if channel_of(message) != IN_APP or item.kept:
            return False
        item.expiry = self.now + span((message or {}).get("expires", EXPIRES))
        item.kept, item.due, item.since = "asleep", item.expiry, self.now
        return True

    def hold(self, item: Any, until: Any) -> None:
        """Move what is held; what began to wait for a session waits for another one."""
        item.due = item.expiry if item.kept else until
        item.kept = "asleep" if item.kept else None

    def wake(self, event: Any) -> None:
        """Make what was kept for a session due, as one begins."""
        for item in self.waiting(user=event.user) if event.name == "session_start" else ():
            if item.kept == "asleep" and event.time >= item.since and self.now < item.expiry:
                item.kept, item.due = "awake", self.now

    def is_late(self, item: Any) -> bool:
        """Whether it is too late for a message: T4, or it has expired before a session."""
        return bool(item.kept == "asleep" or self.now > item.due + self.lateness)

    def received(self, person: Person, item: Any, doc: Mapping[str, Any], message: Any) -> None:
        """Remember that a message was received: R2, K1, and what conversions count from."""
        receipt = SimpleNamespace(
            owner=item.owner, at=self.now, channel=channel_of(message), tags=doc.get("tags", ()),
            converted=set(),
        )  # fmt: skip
        person.receipts.append(receipt)


def channel_of(message: Any) -> str:
    """Return the channel of a message, which is `event` where nothing is said."""
    return str((message or {}).get("channel", "event"))
