"""
What SPEC.md says must happen to campaigns and journeys, computed in a slow and plain way: an oracle
for the engine.

Nothing is folded. A user is the list of everything accepted of them; the profile, histories,
receipts and exceptions on record are worked out of it again whenever they are asked for.

Not covered: push, webhook and queue, control_percent but 0 and 100, templates but a few
fixed ones, experiments of several paths.
"""

import json
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from tests.property.oracle.campaigns import Campaigns
from tests.property.oracle.clock import span, utc
from tests.property.oracle.conversions import Conversions
from tests.property.oracle.journeys import Journeys
from tests.property.oracle.person import Person, changes_of
from tests.property.oracle.steps import name_of
from tests.property.oracle.world import FANOUT


class Oracle(Campaigns, Journeys, Conversions):
    """A run of one scenario, given as plain data with aware instants as `at` and `until`."""

    def __init__(self, scenario: Mapping[str, Any]) -> None:
        super().__init__(scenario)
        self.publish(scenario.get("define") or [])
        self.rows = sorted(scenario.get("when") or [], key=lambda row: row["at"])
        self.until = scenario.get("until")

    def run(self) -> "Oracle":
        """Let everything happen: at one instant first all rows, then what is due (section 7)."""
        rows = list(self.rows)
        for _ in range(10_000):
            instants = [row["at"] for row in rows] + [item.due for item in self.ready()]
            if not instants or (self.until and min(instants) > self.until):
                return self
            self.now = max(self.now, min(instants))
            while rows and rows[0]["at"] <= self.now:
                self.happen(rows.pop(0))
            while due := [item for item in self.ready() if item.due <= self.now]:
                item = min(due, key=lambda item: (item.due, item.order))
                (self.claim if item.kind == "campaign" else self.step_ends)(item)
        raise AssertionError("endless")

    def ready(self) -> list[SimpleNamespace]:
        """Return what is pending and not held by a pause."""
        return [s for s in self.waiting() if self.definitions[s.owner].status != "paused"]

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
                self.operate(action, row.get("campaign") or row["journey"])

    def publish(self, documents: Sequence[Mapping[str, Any]]) -> None:
        if any(_refused(document) for document in documents):
            return
        for doc in documents:
            if "segment" in doc:
                self.segments[doc["segment"]] = doc["audience"]
                continue
            kind = "campaign" if "campaign" in doc else "journey"
            definition = self.definitions.setdefault(
                doc[kind],
                SimpleNamespace(kind=kind, status=None, first=self.now, docs=[], id=doc[kind]),
            )
            definition.launch = utc(doc.get("launch_at")) or definition.first
            status = doc.get("status") or definition.status or "live"
            definition.docs.append((self.tick, doc, status))
            if definition.status != "archived" or status == "live":
                self.become(definition, status)

    def operate(self, action: str, name: str) -> None:
        """Pause, stop, resume or archive, where it acts (L1)."""
        acts = {"pause": "live", "stop": "live paused", "resume": "paused stopped"}
        becomes = {"pause": "paused", "stop": "stopped", "resume": "live", "archive": "archived"}
        definition = self.definitions.get(name)
        if definition and definition.status in acts.get(action, definition.status).split():
            self.become(definition, becomes[action])

    def become(self, definition: SimpleNamespace, status: str) -> None:
        """Take a status; what a stop ends of a campaign ends now, runs wait on (L1, J11)."""
        definition.status = status
        if status in ("stopped", "archived", "draft"):
            for send in self.waiting("campaign"):
                if send.owner == definition.id:
                    self.end(send, "cancelled", "campaign_stopped")

    def delete(self, name: str) -> None:
        """Forget a user; only that and when is remembered, and which ids were seen (L3, V1)."""
        for send in self.waiting("campaign", name):
            self.end(send, "cancelled", "user_not_found")
        for run in self.waiting("journey", name):
            self.leave(run, "exited", "user_not_found")
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

    # --- one event (V3): attributes, then exceptions and exits, then triggers and entries ---

    def take(self, person: Person, event: SimpleNamespace) -> None:
        """Let an event act with what it derives of the profile; then what it converted."""
        if person.repeats(event.id, self.now) or person.forgot(event.time):
            return
        before, zone = person.profile(), self.zone_of(person)
        event.past = len(person.accepted)
        person.accepted.append(event)
        event.hour = event.time.astimezone(ZoneInfo(self.zone_of(person))).hour
        if zone != self.zone_of(person):
            self.move(person, event.user)
        changed = changes_of(before, person.profile(), event.attrs)
        changes = [self.derive(event, *one) for one in changed]
        changes = [one for one in changes if not person.repeats(one.id, self.now)]
        converted = self.conversions_by(person, [event, *changes])
        for change in changes:  # part of the event: it sees the history from before it
            change.past = event.past
        person.accepted.extend(changes)
        queue = [*converted, *self.apply(person, [event, *changes])]
        self.wake(event)
        while queue:  # events of their own: they see the history with their carrier
            event = queue.pop(0)
            event.past = len(person.accepted)
            person.accepted.append(event)
            if event.name == "exception_performed":
                queue += self.conversions_by(person, [event])
            queue += self.apply(person, [event])

    def apply(self, person: Person, events: list[SimpleNamespace]) -> list[SimpleNamespace]:
        """Let events of one instant act together; return the performed exceptions (E4)."""
        names = sorted(self.definitions)
        hits = [(by, s) for by in events for name in names for s in self.hit_by(by, name)]
        for run in [run for by in events for run in self.left_by(by)]:
            if run.waits:
                self.take_out(run)
        opened = self.open_paths(events)
        started, entered = self.start(person, events)
        performed = {}
        for by, send in hits:
            if send.waits:
                again = send.owner in started
                self.end(send, "cancelled", "rescheduled" if again else "exception_event")
                if not again:
                    performed[by.id, send.owner] = by
        for run in entered:
            self.walk(run, next(iter(run.steps), None))
        for run in opened:
            self.go_through(run)
        made = [
            self.derive(by, "exception_performed", name, {"campaign": name})
            for (_, name), by in performed.items()
        ]
        return [one for one in made if not person.repeats(one.id, self.now)]

    def start(self, person: Person, events: list[Any]) -> tuple[set[str], list[Any]]:
        """Return the campaigns of which a send was started, and the runs that were (K2)."""
        sent: list[str] = []
        entered: list[Any] = []
        for event in events:
            for name, definition in sorted(self.definitions.items()):
                full = "fanout_capped" if len(sent) + len(entered) >= FANOUT else None
                if definition.kind == "campaign":
                    sends = self.is_triggered_by(definition, event) and self.trigger(
                        person, event, definition, full
                    )
                    sent.extend([name] if sends else [])
                elif self.is_entered_by(definition, event):
                    run = self.enter(person, event, definition, full)
                    entered.extend([run] if run else [])
        return set(sent), entered

    def move(self, person: Person, user: str) -> None:
        """Move what waits for a clock time of a user whose zone has changed (T2)."""
        for item in self.waiting(user=user):
            (self.move_send if item.kind == "campaign" else self.move_run)(person, item)

    def pending(self) -> list[dict[str, Any]]:
        """Return what is pending as rows."""
        return [
            {"user": item.user, item.kind: item.owner, "outcome": "pending",
             "event": item.trigger.id, "due": item.due}
            | ({"step": name_of(item.steps, item.place)} if item.kind == "journey" else {})
            for item in self.waiting()
        ]  # fmt: skip


def _refused(doc: Mapping[str, Any]) -> bool:
    """Whether `unless check` refuses the document: only E2 and E5 are known here."""
    rows = doc.get("trigger", [])
    triggers = {row["event"] for row in (rows if isinstance(rows, list) else [rows])}
    exceptions = {row["event"] for row in doc.get("unless", ())}
    delay = doc.get("delay") or {"after": "0s"}
    no_delay = "after" in delay and not span(delay["after"])
    return bool(exceptions and no_delay) or "session_start" in triggers & exceptions
