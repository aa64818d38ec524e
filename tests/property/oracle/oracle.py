"""
What SPEC.md says must happen to campaigns, computed in a slow and plain way: an oracle for the
engine.

Nothing is folded. A user is the list of everything accepted of them; the profile, histories,
receipts and exceptions on record are worked out of it again whenever they are asked for.

Not covered: journeys, caps, best_time, control_percent, conversions, channels other than `event`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests.property.oracle.clock import (
    delay_due,
    instant,
    next_opening,
    part_around,
    span,
    until_text,
    utc,
)
from tests.property.oracle.filters import where_holds
from tests.property.oracle.person import Person, changes_of, in_audience

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
TOO_OLD = timedelta(hours=72)  # V7
HOPS = 5  # section 2
FANOUT = 40  # K2


class Oracle:
    """A run of one scenario, given as plain data with aware instants as `at` and `until`."""

    def __init__(self, scenario: Mapping[str, Any]) -> None:
        workspace = scenario.get("workspace") or {}
        self.zone = workspace.get("zone", "UTC")
        self.lateness = span(workspace.get("max_lateness", "1h"))
        self.quiet = workspace.get("quiet_hours")
        self.now = BEGINNING
        self.tick = 0  # grows with every arrival and dispatch: the order in which things came
        self.campaigns: dict[str, SimpleNamespace] = {}
        self.segments: dict[str, Any] = {}
        self.sends: list[SimpleNamespace] = []
        self.records: list[dict[str, Any]] = []
        seeds = scenario.get("users") or {}
        self.people = {name: Person(seed or {}) for name, seed in seeds.items()}
        self.publish(scenario.get("define") or [])
        self.rows = sorted(scenario.get("when") or [], key=lambda row: row["at"])
        self.until = scenario.get("until")

    def run(self) -> "Oracle":
        """Let everything happen: at one instant first all rows, then what is due (section 7)."""
        rows = list(self.rows)
        for _ in range(10_000):
            instants = [row["at"] for row in rows] + [send.due for send in self.ready()]
            if not instants or (self.until and min(instants) > self.until):
                return self
            self.now = max(self.now, min(instants))
            while rows and rows[0]["at"] <= self.now:
                self.happen(rows.pop(0))
            while due := [send for send in self.ready() if send.due <= self.now]:
                self.claim(min(due, key=lambda send: (send.due, send.order)))
        raise AssertionError("endless")

    def waiting(self) -> list[SimpleNamespace]:
        """Return what is pending."""
        return [send for send in self.sends if send.waits]

    def ready(self) -> list[SimpleNamespace]:
        """Return what is pending and not held by a pause."""
        return [s for s in self.waiting() if self.campaigns[s.campaign].status == "live"]

    # --- rows ---

    def happen(self, row: Mapping[str, Any]) -> None:
        self.tick += 1
        match row.get("do"):
            case None:
                self.arrive(row)
            case "publish":
                define = row["define"]
                self.publish(define if isinstance(define, list) else [define])
            case "delete_user":
                self.delete(row["user"])
            case action:
                self.operate(action, row["campaign"])

    def publish(self, documents: Sequence[Mapping[str, Any]]) -> None:
        if any(_refused(document) for document in documents):
            return
        for doc in documents:
            if "segment" in doc:
                self.segments[doc["segment"]] = doc["audience"]
                continue
            campaign = self.campaigns.setdefault(
                doc["campaign"],
                SimpleNamespace(status=None, first=self.now, docs=[], id=doc["campaign"]),
            )
            campaign.launch = utc(doc.get("launch_at")) or campaign.first
            status = doc.get("status") or campaign.status or "live"
            # A draft does nothing (L1), so what arrives meanwhile is no exception on record either.
            campaign.docs.append((self.tick, {**doc, "unless": []} if status == "draft" else doc))
            if campaign.status != "archived" or status == "live":
                self.become(campaign, status)

    def operate(self, action: str, name: str) -> None:
        """Pause, stop, resume or archive, where it acts (L1)."""
        acts = {"pause": "live", "stop": "live paused", "resume": "paused stopped"}
        becomes = {"pause": "paused", "stop": "stopped", "resume": "live", "archive": "archived"}
        campaign = self.campaigns.get(name)
        if campaign and campaign.status in acts.get(action, campaign.status).split():
            self.become(campaign, becomes[action])

    def become(self, campaign: SimpleNamespace, status: str) -> None:
        campaign.status = status
        if status in ("stopped", "archived", "draft"):
            for send in self.waiting():
                if send.campaign == campaign.id:
                    self.end(send, "cancelled", "campaign_stopped")

    def delete(self, name: str) -> None:
        """Forget a user; only that and when is remembered, and which ids were seen (L3, V1)."""
        for send in self.waiting():
            if send.user == name:
                self.end(send, "cancelled", "user_not_found")
        fresh = Person({})
        fresh.deleted = self.now
        fresh.seen = self.people[name].seen if name in self.people else {}
        self.people[name] = fresh

    def arrive(self, row: Mapping[str, Any]) -> None:
        person = self.people.setdefault(row["user"], Person({}))
        time = min(utc(row.get("time")) or self.now, self.now)  # V2
        props = row.get("properties") or {}
        if len(props) > 256 or len(json.dumps(props)) > 131_072:  # V6, what the scenarios test
            return
        event = SimpleNamespace(
            user=row["user"], id=row.get("id", f"row {self.tick}"), name=row["event"], time=time,
            at=self.now, tick=self.tick, hops=0, props=props, attrs=row.get("attributes") or {},
        )  # fmt: skip
        self.take(person, event)

    # --- one event (V3): attributes, then exceptions, then triggers ---

    def take(self, person: Person, event: SimpleNamespace) -> None:
        """Let an event act, with what it derives of the profile; then what it has cancelled."""
        if person.repeats(event.id, self.now) or person.forgot(event.time):
            return
        before, zone = person.profile(), self.zone_of(person)
        event.past = len(person.accepted)
        person.accepted.append(event)
        if zone != self.zone_of(person):
            self.move(person, event.user)
        changed = changes_of(before, person.profile(), event.attrs)
        changes = [self.derive(event, *one) for one in changed]
        changes = [one for one in changes if not person.repeats(one.id, self.now)]
        for change in changes:  # part of the event: it sees the history from before it
            change.past = event.past
        person.accepted.extend(changes)
        performed = self.apply(person, [event, *changes])
        while performed:  # an event of its own: it sees the history with its carrier
            event = performed.pop(0)
            if not person.repeats(event.id, self.now):
                event.past = len(person.accepted)
                person.accepted.append(event)
                performed.extend(self.apply(person, [event]))

    def apply(self, person: Person, events: list[SimpleNamespace]) -> list[SimpleNamespace]:
        """Let events of one instant act together; return the performed exceptions (E4)."""
        names = sorted(self.campaigns)
        hits = [(by, s) for by in events for name in names for s in self.hit_by(by, name)]
        started = set()
        fanned = 0
        for event in events:
            for name in names:
                if self.trigger(person, event, self.campaigns[name], fanned):
                    fanned += 1
                    started.add(name)
        performed = {}
        for by, send in hits:
            if send.waits:
                again = send.campaign in started
                self.end(send, "cancelled", "rescheduled" if again else "exception_event")
                if not again:
                    performed[by.id, send.campaign] = by
        return [
            self.derive(by, "exception_performed", name, {"campaign": name})
            for (_, name), by in performed.items()
        ]

    def derive(self, event: Any, name: str, what: str, props: Any) -> SimpleNamespace:
        return SimpleNamespace(
            user=event.user, id=f"{event.id}#{name}:{what}", name=name, time=event.time,
            at=self.now, tick=event.tick, hops=event.hops + 1, props=props, attrs={},
        )  # fmt: skip

    def hit_by(self, event: SimpleNamespace, name: str) -> list[SimpleNamespace]:
        """Return the pending sends that the event cancels (E6, V4)."""
        return [
            send
            for send in self.waiting()
            if (send.user, send.campaign) == (event.user, name)
            and (event.time, event.tick) > (send.trigger.time, send.trigger.tick)
            and self.excepts(event, send.trigger, self.campaigns[name])
        ]

    def excepts(self, event: Any, trigger: Any, campaign: SimpleNamespace) -> bool:
        """Whether a row that stands there since before the event arrived agrees (L2, E6)."""
        then = [doc for tick, doc in campaign.docs if tick <= event.tick][-1:]
        docs = then + [doc for tick, doc in campaign.docs if tick > event.tick]
        return bool(then) and any(
            row["event"] == event.name
            and all(row in doc.get("unless", ()) for doc in docs)
            and where_holds(row.get("where", {}), event.props, event.at)
            and _agree(row.get("match"), event.props, trigger.props)
            for row in docs[-1].get("unless", ())
        )

    def trigger(self, person: Person, event: Any, campaign: SimpleNamespace, started: int) -> bool:
        """Start a send if all checks pass, in the order of C0; else record the first that fails."""
        doc = campaign.docs[-1][1]
        rows = doc["trigger"] if isinstance(doc["trigger"], list) else [doc["trigger"]]
        rows = [row for row in rows if row["event"] == event.name]
        if not rows or campaign.status in ("draft", "archived"):
            return False
        due = self.admit(person, event, campaign, rows) or self.schedule(person, event, campaign)
        if isinstance(due, datetime) and started >= FANOUT:
            due = "fanout_capped"
        if isinstance(due, str):
            self.record(event.user, campaign.id, "skipped", due, event.id, None)
            return False
        send = SimpleNamespace(
            user=event.user, campaign=campaign.id, trigger=event, due=due, waits=True,
            order=len(self.sends), delay=doc.get("delay"),
        )  # fmt: skip
        self.sends.append(send)
        return True

    def admit(self, person: Person, event: Any, campaign: Any, rows: Any) -> str | None:
        """Return why the trigger starts nothing, whatever its due time would be (C0)."""
        doc = campaign.docs[-1][1]
        window = doc.get("window") or {"trigger_outside": "hold"}
        checks = (
            (lambda: campaign.status != "stopped", "campaign_stopped"),
            (lambda: self.now - event.time <= TOO_OLD, "too_old"),
            (lambda: event.time >= campaign.launch, "before_launch"),
            (
                lambda: any(
                    where_holds(row.get("where", {}), event.props, self.now) for row in rows
                ),
                "filter_mismatch",
            ),
            (lambda: event.hops <= HOPS, "loop_limit"),
            (lambda: self.in_duration(doc, event.time, person), "outside_duration_at_trigger"),
            (lambda: self.is_in_audience(doc, person, event), "not_in_audience"),
            (
                lambda: (
                    window.get("trigger_outside") == "hold"
                    or part_around(event.time, window, self.zone_of(person, window))
                ),
                "outside_window_at_trigger",
            ),
        )
        failed = next((reason for check, reason in checks if not check()), None)
        return failed or self.ineligible(doc, person, campaign.id, event.time)

    def schedule(self, person: Person, event: Any, campaign: Any) -> datetime | str:
        """Return when the send is due, or what is already certain to forbid it (C0, D1a, V7a)."""
        doc = campaign.docs[-1][1]
        zone = self.zone_of(person, doc.get("delay"))
        due = delay_due(doc.get("delay"), event.time, event.props, zone)
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
        """Send, or not, in the order of T3."""
        doc, person = self.campaigns[send.campaign].docs[-1][1], self.people[send.user]
        window, quiet = doc.get("window"), doc.get("quiet_hours") or self.quiet
        if self.now > send.due + self.lateness:
            return self.end(send, "cancelled", "too_late")
        if not self.in_duration(doc, self.now, person):
            return self.end(send, "cancelled", "outside_duration_at_send")
        if window and not part_around(self.now, window, self.zone_of(person, window)):
            if window.get("send_outside", "drop") == "drop":
                return self.end(send, "cancelled", "outside_window_at_send")
            return self.hold_or_end(send, doc, person)
        if reason := self.ineligible(doc, person, send.campaign, self.now):
            return self.end(send, "cancelled", reason)
        if doc.get("recheck_audience") and not self.is_in_audience(doc, person, None):
            return self.end(send, "cancelled", "audience_lost")
        if quiet and part_around(self.now, quiet, self.zone_of(person, quiet)):
            if quiet["then"] == "drop":
                return self.end(send, "cancelled", "quiet_hours")
            return self.hold_or_end(send, doc, person)
        self.end(send, "sent", None)
        self.tick += 1
        props = {"campaign": send.campaign, "channel": "event", "action": "received"}
        receipt = SimpleNamespace(
            user=send.user, id=f"<{send.campaign} {send.trigger.id}>#received", time=self.now,
            name="message_interaction", at=self.now, tick=self.tick, hops=send.trigger.hops + 1,
            props=props | {"send": "s"}, attrs={},
        )  # fmt: skip
        person.receipts.append((send.campaign, self.now))
        return self.take(person, receipt)

    def hold_or_end(self, send: SimpleNamespace, doc: Mapping[str, Any], person: Person) -> None:
        due, reason = self.settle(doc, self.now, person)
        if reason:
            return self.end(send, "cancelled", reason)
        send.due = due
        return None

    def settle(
        self, doc: Mapping[str, Any], moment: datetime, person: Person
    ) -> tuple[datetime, str | None]:
        """Return the instant held until window and quiet hours agree, and what fails (D1a)."""
        window, quiet = doc.get("window"), doc.get("quiet_hours") or self.quiet
        zone, night = self.zone_of(person, window), self.zone_of(person, quiet)
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
                part = part_around(moment, quiet, night)
                moment = part[1] if part else moment
            if moment == before:
                break
        else:  # never both: there is no such instant
            return first, "outside_window_at_send"
        if window and not part_around(moment, window, zone):
            return moment, "outside_window_at_send"
        inside = self.in_duration(doc, moment, person)
        return moment, None if inside else "outside_duration_at_send"

    def move(self, person: Person, user: str) -> None:
        """Move what waits for a clock time of a user whose zone has changed (T2)."""
        for send in self.waiting():
            delay, props = send.delay or {"after": "0s"}, send.trigger.props
            if send.user != user or "after" in delay or delay.get("zone", "user") != "user":
                continue
            if "until" in delay:
                found = instant(until_text(delay, props))
                if found and found.tzinfo:
                    continue
            due = delay_due(delay, send.trigger.time, props, self.zone_of(person))
            doc = self.campaigns[send.campaign].docs[-1][1]
            moved = self.settle(doc, due or self.now, person)[0]
            send.due = moved if moved >= self.now else self.settle(doc, self.now, person)[0]

    # --- checks ---

    def zone_of(self, person: Person, part: Mapping[str, Any] | None = None) -> str:
        """Return the zone that a part of a definition names; the user's by default."""
        zone = (part or {}).get("zone", "user")
        own = person.profile().get("time_zone") or self.zone
        return str({"user": own, "company": self.zone}.get(zone, zone))

    def in_duration(self, doc: Mapping[str, Any], moment: datetime, person: Person) -> bool:
        duration = doc.get("duration") or {}
        zone = self.zone_of(person, {"zone": "company"} | duration)
        start, end = utc(duration.get("start"), zone), utc(duration.get("end"), zone)
        return (start is None or start <= moment) and (end is None or moment <= end)

    def is_in_audience(self, doc: Mapping[str, Any], person: Person, event: Any) -> bool:
        tree = doc.get("audience")
        return not tree or in_audience(tree, person, self.now, self.segments, event)

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

    # --- records ---

    def end(self, send: SimpleNamespace, outcome: str, reason: str | None) -> None:
        send.waits = False
        self.record(send.user, send.campaign, outcome, reason, send.trigger.id, send.due)

    def record(
        self, user: str, campaign: str, outcome: str, reason: Any, event: str, due: Any
    ) -> None:
        self.records.append(
            {"user": user, "campaign": campaign, "outcome": outcome, "reason": reason,
             "event": event, "at": self.now, "due": due}
        )  # fmt: skip

    def pending(self) -> list[dict[str, Any]]:
        """Return what is pending as rows."""
        return [
            {"user": s.user, "campaign": s.campaign, "outcome": "pending",
             "event": s.trigger.id, "due": s.due}
            for s in self.waiting()
        ]  # fmt: skip


def _agree(match: Any, props: Mapping[str, Any], of_trigger: Mapping[str, Any]) -> bool:
    """Whether the match properties are there and equal (E6)."""
    if isinstance(match, str):
        match = [match]
    pairs = match if isinstance(match, dict) else {name: name for name in match or ()}
    return all(
        of_trigger.get(there) is not None
        and where_holds({f'"{here}"': {"eq": of_trigger[there]}}, props, BEGINNING)
        for here, there in pairs.items()
    )


def _refused(doc: Mapping[str, Any]) -> bool:
    """Whether `unless check` refuses the document: only E2 and E5 are known here."""
    rows = doc.get("trigger", [])
    triggers = {row["event"] for row in (rows if isinstance(rows, list) else [rows])}
    exceptions = {row["event"] for row in doc.get("unless", ())}
    delay = doc.get("delay") or {"after": "0s"}
    no_delay = "after" in delay and not span(delay["after"])
    return bool(exceptions and no_delay) or "session_start" in triggers & exceptions
