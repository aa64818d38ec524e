"""
What SPEC section 5 says must happen to the runs of journeys.

A run waits at a delay, a wait_for or a message; the other steps take no time.
"""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from tests.property.oracle.campaigns import follows_user_clock
from tests.property.oracle.clock import delay_due, span
from tests.property.oracle.filters import where_holds
from tests.property.oracle.journey_messages import JourneyMessages
from tests.property.oracle.person import Person
from tests.property.oracle.steps import Place, after, first_of, table
from tests.property.oracle.world import row_holds

REMEMBERED = 8
"""How many events of a kind are known to a run that had not arrived when they did."""


class Journeys(JourneyMessages):
    """The way through the steps."""

    # --- the way ---

    def walk(self, run: Any, place: Place | None) -> None:
        """Go on from a place until the run waits or ends."""
        while run.waits:
            run.place = place
            if place is None:
                return self.leave(run, "completed", None)
            kind, body = run.steps[place]
            run.due, run.kept, run.order = None, None, self.next_order()
            if kind in ("delay", "message", "wait_for"):
                reason = self.wait(run, kind, body)
                if run.due is not None:
                    return None
                # The step has ended on arrival.
                if self.is_out(run):
                    return None
                if reason:
                    return self.leave(run, "exited", reason)
                place = run.goes_to
            else:
                place = self.pass_through(run, kind, body)
        return None

    def wait(self, run: Any, kind: str, body: Any) -> str | None:
        """Set when the step ends, if the run waits there; else where it goes, or why it exits."""
        if kind == "delay":
            return self.wait_for_time(run, body)
        if kind == "message":
            quiet, person = self.quiet_of(run), self.people[run.user]
            holds = quiet and quiet["then"] == "hold"
            held = self.quiet_until(quiet, run.arrival, person) if holds else None
            run.due = held or run.arrival
            return None
        self.wait_for_event(run, body)
        return None

    def wait_for_time(self, run: Any, delay: Mapping[str, Any]) -> str | None:
        run.goes_to = after(run.steps, run.place)
        if run.goes_to is None:
            return None  # J12
        zone = self.zone_of(self.people[run.user], delay)
        plain = self.people[run.user].at_best_time(delay)
        due = delay_due(plain, run.arrival, run.trigger.props, zone)
        if due is None or due < run.arrival:
            return "delay_invalid" if due is None else "delay_in_past"
        run.due = due
        return None

    def wait_for_event(self, run: Any, body: Mapping[str, Any]) -> None:
        """Wait, or go on with the first event on record that opens a path (V4)."""
        run.due = run.arrival + span(body["within"])
        person = self.people[run.user]
        found = [
            (one, path)
            for one in person.accepted
            if one.time > run.arrival  # at that very instant only if it arrives later
            and (path := self.opens(run, one)) is not None
            and self.was_awaited(run, one, _waited_for(body["paths"][path[1]]))
            and self.is_remembered(person, one, _waited_for(body["paths"][path[1]]))
        ]
        if found:
            first, path = min(found, key=lambda pair: (pair[0].time, pair[1], pair[0].tick))
            run.goes_to = first_of(run.steps, run.place, path)
            run.due = None
            self.arrived(run, first.time, first)

    def was_awaited(self, run: Any, event: Any, row: Any) -> bool:
        """
        Whether such a path was there when the event arrived: what nobody waits for is not kept.
        """
        if event.tick > run.trigger.tick:
            return True
        docs = [doc for tick, doc, _ in self.definitions[run.owner].docs if tick <= event.tick]
        return bool(docs) and row in _awaited(docs[-1]["steps"])

    def is_remembered(self, person: Person, event: Any, row: Any) -> bool:
        """Whether an event is among the last eight that a path waits for, as README limits them."""
        alike = [one for one in person.accepted if row_holds(row, one, one)]
        return event in sorted(alike, key=lambda one: (one.time, one.tick))[-REMEMBERED:]

    def opens(self, run: Any, event: Any) -> Place | None:
        """Return the path that the event opens for a run at a wait_for (J9)."""
        kind, body = run.steps.get(run.place, (None, None))
        if (
            kind != "wait_for"
            or not run.waits
            or run.opened
            or event.tick in {run.moved_by, *run.own}
        ):
            return None
        end = run.arrival + span(body["within"])
        if not run.arrival <= event.time <= end:
            return None
        for n, path in enumerate(body["paths"]):
            if path["event"] == event.name and where_holds(
                path.get("where", {}), event.props, event.at
            ):
                return ("paths", n)
        return None

    def arrived(self, run: Any, moment: datetime, by: Any = None) -> None:
        """Note when a run arrived at its next step, and what event moved it there, if one did."""
        run.arrival, run.moved_by = moment, by.tick if by else None

    def pass_through(self, run: Any, kind: str, body: Any) -> Place | None:
        """Let a step that takes no time act; return where the run goes (J6, J7a)."""
        if kind == "update":
            self.update(run, body["attributes"])
        if self.is_out(run):
            return None
        if kind == "exit":
            self.leave(run, "exited", "exit_step")
            return None
        if kind == "update":
            return after(run.steps, run.place)
        return first_of(run.steps, run.place, self.branch_of(run, kind, body))

    def branch_of(self, run: Any, kind: str, body: Any) -> Place:
        person = self.people[run.user]
        if kind == "experiment":
            return ("paths", 0)  # only those of a single path are covered
        if kind == "split":
            return ("then",) if self.is_in_audience(body["if"], person) else ("else",)
        for n, path in enumerate(body["paths"]):
            if self.is_in_audience(path["audience"], person):
                return ("paths", n)
        return ("otherwise",)

    def update(self, run: Any, attributes: Mapping[str, Any]) -> None:
        """Write attributes now, with the events that this derives (J7a)."""
        self.tick += 1
        run.own.add(self.tick)  # late or on time, it is no event that the run waited for
        write = SimpleNamespace(
            user=run.user, id=f"<update>{self.tick}", name="", time=self.now, at=self.now,
            tick=self.tick, hops=run.trigger.hops, props={}, attrs=attributes,
        )  # fmt: skip
        self.take(self.people[run.user], write)

    # --- what is due ---

    def step_ends(self, run: Any) -> None:
        """End the step in which a run waits, as its time has come."""
        kind, _ = run.steps[run.place]
        if self.is_out(run):
            return
        if kind == "message":
            self.dispatch(run)
        else:
            self.arrived(run, run.due)
            past = after(run.steps, run.place)
            waited = kind == "wait_for"
            self.walk(run, first_of(run.steps, run.place, ("otherwise",)) if waited else past)

    def open_paths(self, events: list[Any]) -> list[Any]:
        """Return the runs that go on as one of these events ends their wait_for, and note how."""
        opened = []
        for run in self.waiting("journey", events[0].user):
            paths = ((event, self.opens(run, event)) for event in events)
            if found := next((pair for pair in paths if pair[1]), None):
                run.opened = found
                opened.extend([] if self.is_out(run) else [run])
        return opened

    def go_through(self, run: Any) -> None:
        """Let a run go on from the wait_for that an event has ended."""
        (event, path), run.opened = run.opened, None
        if run.waits:
            self.arrived(run, event.time, event)
            self.walk(run, first_of(run.steps, run.place, path))

    def dispatch(self, run: Any) -> None:
        """Send a message, or not; either moves the run on, unless something holds it (J8)."""
        if self.message_ends(run) and not self.is_out(run):
            self.arrived(run, self.now)
            self.walk(run, after(run.steps, run.place))

    def move_run(self, person: Person, run: Any) -> None:
        """Move a delay that ends at a clock time of a user whose zone has changed (T2)."""
        kind, delay = run.steps.get(run.place, (None, None))
        if kind == "delay" and run.due and follows_user_clock(delay, run.trigger.props):
            zone = self.zone_of(person, delay)
            plain = person.at_best_time(delay)
            due = delay_due(plain, run.arrival, run.trigger.props, zone)
            run.due = max(due or self.now, self.now)


def _awaited(steps: Any) -> list[Any]:
    """Return the events of all paths of all wait_for steps, as rows."""
    bodies = [body for kind, body in table(steps).values() if kind == "wait_for"]
    return [_waited_for(path) for body in bodies for path in body["paths"]]


def _waited_for(path: Mapping[str, Any]) -> Any:
    return {"event": path["event"], "where": path.get("where", {})}
