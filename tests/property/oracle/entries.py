"""
What SPEC section 5 says of the ways into a journey and out of it.
"""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from tests.property.oracle.clock import span
from tests.property.oracle.person import Person
from tests.property.oracle.steps import table
from tests.property.oracle.world import World, listed_since, row_holds, rows_of


class Entries(World):
    """Entries, and exit criteria."""

    # --- entry ---

    def is_entered_by(self, journey: Any, event: Any) -> bool:
        return self.is_triggered(journey, rows_of(journey.docs[-1][1]["entry"]), event)

    def enter(self, person: Person, event: Any, journey: Any, refused: str | None) -> Any:
        """Return the new run, or None after a record of why there is none (C0, J10)."""
        doc = journey.docs[-1][1]
        reason = (
            self.refuses(person, event, journey, doc["entry"])
            or _reentry(doc, person, journey.id, event.time)
            or refused
        )
        if reason:
            owner = {"journey": journey.id}
            self.record(event.user, owner, "skipped", reason, event.id, None)
            return None
        person.entries.append((journey.id, event.time))
        run = SimpleNamespace(
            kind="journey", user=event.user, owner=journey.id, trigger=event, doc=doc, waits=True,
            steps=table(doc["steps"]), place=None, due=None, order=0, arrival=event.time,
            moved_by=event.tick, own=set(), leaves=False, opened=None, kept=None,
        )  # fmt: skip
        self.items.append(run)
        if any(
            other.time > event.time and self.takes_out(other, event, journey)
            for other in person.accepted
        ):
            self.take_out(run)  # V4
        return run

    def takes_out(self, event: Any, trigger: Any, journey: Any) -> bool:
        """Whether an event from before the entry is an exit event of it (V4, L2)."""
        rows = listed_since(journey, event, lambda doc: _exit(doc).get("events") or ())
        return any(row_holds(row, event, trigger) for row in rows)

    # --- exits ---

    def left_by(self, event: Any) -> list[Any]:
        """Return the runs of which that is an exit event (J3, J5, V4)."""
        return [
            run
            for run in self.waiting("journey", event.user)
            if (event.time, event.tick) > (run.trigger.time, run.trigger.tick)
            and any(
                row_holds(row, event, run.trigger) for row in _exit(run.doc).get("events") or ()
            )
        ]

    def take_out(self, run: Any) -> None:
        """Remember an exit event, or let it act at once (J2)."""
        run.leaves = True
        if _exit(run.doc).get("when") == "immediate":
            self.leave(run, "exited", "exit_event")

    def is_out(self, run: Any) -> bool:
        """Whether the run has ended, now that a step ends: exit criteria come first (J6, J11)."""
        if not run.waits:
            return True
        audience = _exit(run.doc).get("audience")
        if self.definitions[run.owner].status not in ("live", "paused"):
            self.leave(run, "exited", "journey_stopped")
        elif run.leaves:
            self.leave(run, "exited", "exit_event")
        elif audience and self.is_in_audience(audience, self.people[run.user]):
            self.leave(run, "exited", "exit_audience")
        return not run.waits

    def leave(self, run: Any, outcome: str, reason: str | None) -> None:
        run.waits = False
        self.record(run.user, {"journey": run.owner}, outcome, reason, run.trigger.id, None)


def _exit(doc: Mapping[str, Any]) -> Mapping[str, Any]:
    return doc.get("exit") or {}


def _reentry(doc: Mapping[str, Any], person: Person, journey: str, moment: datetime) -> str | None:
    """Return why a user who has entered before may not enter at that instant (J10)."""
    again = doc.get("reentry", "never")
    past = [at for name, at in person.entries if name == journey]
    if any(at.replace(microsecond=0) == moment.replace(microsecond=0) for at in past):
        return "duplicate_entry"
    if not past or again == "always":
        return None
    if again == "never":
        return "already_entered"
    return "reentry_wait" if moment - max(past) < span(again["after"]) else None
