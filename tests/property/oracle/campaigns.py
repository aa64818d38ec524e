"""
What SPEC section 4 says must happen to the sends of campaigns.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from tests.property.oracle.clock import (
    delay_due,
    instant,
    next_opening,
    part_around,
    span,
    until_text,
)
from tests.property.oracle.delivery import HOLD, IN_APP, Delivery, channel_of
from tests.property.oracle.person import Person
from tests.property.oracle.world import listed_since, row_holds, rows_of

CONSENT_AND_REACH = ("unsubscribed", "unreachable")


class Campaigns(Delivery):
    """Triggers, exceptions and claims."""

    def hit_by(self, event: SimpleNamespace, name: str) -> list[SimpleNamespace]:
        """Return the pending sends that the event cancels (E6, V4)."""
        return [
            send
            for send in self.waiting("campaign", event.user)
            if send.owner == name
            and (event.time, event.tick) > (send.trigger.time, send.trigger.tick)
            and self.excepts(event, send.trigger, self.definitions[name])
        ]

    def excepts(self, event: Any, trigger: Any, campaign: SimpleNamespace) -> bool:
        """Whether a row that stands there since before the event arrived agrees (L2, E6)."""
        rows = listed_since(campaign, event, lambda doc: doc.get("unless", ()))
        return any(row_holds(row, event, trigger) for row in rows)

    def trigger(self, person: Person, event: Any, campaign: Any, refused: str | None) -> bool:
        """Start a send if all checks pass, in the order of C0; else record the first that fails."""
        doc = campaign.docs[-1][1]
        due = (
            self.refuses(person, event, campaign, doc)
            or self.ineligible(doc, person, campaign.id, event.time)
            or self.schedule(person, event, campaign)
        )
        if isinstance(due, datetime) and refused:
            due = refused
        if isinstance(due, str):
            owner = {"campaign": campaign.id}
            self.record(event.user, owner, "skipped", due, event.id, None)
            return False
        send = SimpleNamespace(
            kind="campaign", user=event.user, owner=campaign.id, trigger=event, due=due, waits=True,
            kept=None,
            order=self.next_order(), delay=person.at_best_time(doc.get("delay"), event),
        )  # fmt: skip
        self.items.append(send)
        return True

    def is_triggered_by(self, campaign: Any, event: Any) -> bool:
        return self.is_triggered(campaign, rows_of(campaign.docs[-1][1]), event)

    def schedule(self, person: Person, event: Any, campaign: Any) -> datetime | str:
        """Return when the send is due, or what is already certain to forbid it (C0, D1a, V7a)."""
        doc = campaign.docs[-1][1]
        zone = self.zone_of(person, doc.get("delay"))
        delay = person.at_best_time(doc.get("delay"), event)
        due = delay_due(delay, event.time, event.props, zone)
        if due is None or due < event.time:
            return "delay_invalid" if due is None else "delay_in_past"
        due, _ = self.settle(doc, due, person)  # a hold is part of the due time
        if self.now > due + self.lateness:
            return "too_late"
        if any(
            other.time > event.time and self.excepts(other, event, campaign)
            for other in person.accepted
        ):
            return "exception_event"  # V4
        sent, reason = self.settle(doc, max(due, self.now), person)
        return reason or (due if sent == self.now else sent)

    # --- the claim ---

    def claim(self, send: SimpleNamespace) -> None:
        """Send, or not: the first failure is the reason, and the others stand beside it (T3)."""
        doc, person = self.definitions[send.owner].docs[-1][1], self.people[send.user]
        reasons = [reason for reason, fails in self.checks(send, doc, person) if fails]
        if not reasons:
            kept = self.keeps(send, doc.get("message"))
            return None if kept else self.dispatch_send(send, doc, person)
        if reasons[0] == HOLD:
            return self.hold(send, self.settle(doc, self.now, person)[0])
        also = [reason for reason in reasons[1:] if reason != HOLD]
        return self.end(send, "cancelled", reasons[0], also)

    def checks(self, send: Any, doc: Mapping[str, Any], person: Person) -> Iterator[Any]:
        """Yield what T3 asks at the claim, in order, with whether it fails or holds."""
        window, quiet = doc.get("window"), doc.get("quiet_hours") or self.quiet
        hold = self.settle(doc, self.now, person)[1] or HOLD  # or it holds beyond all limits
        yield "too_late", self.is_late(send)
        yield "outside_duration_at_send", not self.in_duration(doc, self.now, person)
        if window:
            holds = window.get("send_outside") == "hold"
            outside = not part_around(self.now, window, self.zone_of(person, window))
            yield hold if holds else "outside_window_at_send", outside
        ineligible = self.ineligible(doc, person, send.owner, self.now)
        yield ineligible, ineligible is not None
        tree = doc.get("recheck_audience") and doc.get("audience")
        yield "audience_lost", not self.is_in_audience(tree, person)
        withheld = list(self.withheld(doc, doc.get("message"), person))
        for reason in CONSENT_AND_REACH:
            yield reason, reason in withheld
        if quiet:
            reason = hold if quiet["then"] == "hold" else "quiet_hours"
            yield reason, self.quiet_until(quiet, self.now, person) is not None
        for reason in withheld:
            yield reason, reason not in CONSENT_AND_REACH

    def dispatch_send(self, send: Any, doc: Mapping[str, Any], person: Person) -> None:
        self.end(send, "sent", None)
        root, channel = f"<{send.owner} {send.trigger.id}>", channel_of(doc.get("message"))
        if channel == IN_APP:  # received when the app says that it was displayed
            return
        self.received(person, send, doc, doc.get("message"))
        self.receive(person, send, root, {"campaign": send.owner}, channel)

    def settle(
        self, doc: Mapping[str, Any], moment: datetime, person: Person
    ) -> tuple[datetime, str | None]:
        """Return the instant held until window and quiet hours agree, and what fails (D1a)."""
        window, quiet = doc.get("window"), doc.get("quiet_hours") or self.quiet
        zone = self.zone_of(person, window)
        holds = window and window.get("send_outside") == "hold"
        first = moment
        for _ in range(20):
            before = moment
            if holds and not part_around(moment, window, zone):
                opening = next_opening(moment, window, zone)
                if opening is None:  # an empty window: there is no such instant
                    return first, "outside_window_at_send"
                moment = opening
            if quiet and quiet["then"] == "hold":
                moment = self.quiet_until(quiet, moment, person) or moment
            if moment == before:
                break
        else:  # never both: there is no such instant
            return first, "outside_window_at_send"
        if window and not part_around(moment, window, zone):
            return moment, "outside_window_at_send"
        inside = self.in_duration(doc, moment, person)
        return moment, None if inside else "outside_duration_at_send"

    def move_send(self, person: Person, send: SimpleNamespace) -> None:
        """Move what waits for a clock time of a user whose zone has changed (T2)."""
        delay, props = send.delay, send.trigger.props
        if follows_user_clock(delay, props) and not send.kept:
            due = delay_due(delay, send.trigger.time, props, self.zone_of(person))
            doc = self.definitions[send.owner].docs[-1][1]
            moved = self.settle(doc, due or self.now, person)[0]
            send.due = moved if moved >= self.now else self.settle(doc, self.now, person)[0]

    def ineligible(
        self, doc: Mapping[str, Any], person: Person, campaign: str, moment: datetime
    ) -> str | None:
        """Return why the user may not receive the campaign again at that instant (R1)."""
        again = doc.get("reeligible", "never")
        past = person.received(campaign)
        if again == "always" or not past.count:
            return None
        if again == "never":
            return "already_received"
        wait = past.last is not None and moment - past.last < span(again["after"])
        return "reeligibility_wait" if wait else None

    def end(
        self, send: SimpleNamespace, outcome: str, reason: str | None, also: Any = None
    ) -> None:
        send.waits = False
        owner = {"campaign": send.owner}
        self.record(send.user, owner, outcome, reason, send.trigger.id, send.due, also)


def follows_user_clock(delay: Any, props: Mapping[str, Any]) -> bool:
    """Whether a delay ends at a clock time in the user's zone (T2)."""
    delay = delay or {"after": "0s"}
    if delay.get("zone", "user") != "user" or ("after" in delay and "at" not in delay):
        return False
    found = instant(until_text(delay, props)) if "until" in delay else None
    return not (found and found.tzinfo)
