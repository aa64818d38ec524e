"""
What SPEC section 5 says of a journey's message steps (J8).
"""

from typing import Any

from tests.property.oracle.delivery import HOLD, IN_APP, Delivery, channel_of
from tests.property.oracle.entries import Entries
from tests.property.oracle.person import Person
from tests.property.oracle.steps import name_of


class JourneyMessages(Entries, Delivery):
    """Messages of runs: the first of T3's reasons counts, and the run goes on."""

    def message_ends(self, run: Any) -> bool:
        """Send a message, or not, and return whether that ends the step."""
        message, person = run.steps[run.place][1], self.people[run.user]
        reason = self.reason(run, message, person)
        if reason == HOLD:
            self.hold(run, self.quiet_until(self.quiet_of(run), self.now, person))
        elif reason:
            self.end_message(run, "skipped", reason)
        elif not self.keeps(run, message):
            self.send_message(run, person, message)
            return True
        return reason not in (HOLD, None)

    def reason(self, run: Any, message: Any, person: Person) -> str | None:
        """Return the first of T3's reasons not to send now."""
        quiet, withheld = self.quiet_of(run), list(self.withheld(run.doc, message, person))
        reached = not {"unsubscribed", "unreachable"} & set(withheld)
        if self.is_late(run):
            return "too_late"
        if reached and self.quiet_until(quiet, self.now, person):
            return HOLD if quiet["then"] == "hold" else "quiet_hours"
        return next(iter(withheld), None)

    def send_message(self, run: Any, person: Person, message: Any) -> None:
        self.end_message(run, "sent", None)
        if channel_of(message) != IN_APP:
            self.received(person, run, run.doc, message)
            named = {"journey": run.owner, "step": name_of(run.steps, run.place)}
            self.receive(person, run, self.root(run), named, channel_of(message))

    def end_message(self, run: Any, outcome: str, reason: str | None) -> None:
        owner = {"journey": run.owner, "step": name_of(run.steps, run.place)}
        self.record(run.user, owner, outcome, reason, run.trigger.id, run.due)

    def quiet_of(self, run: Any) -> Any:
        return run.doc.get("quiet_hours") or self.quiet

    def root(self, run: Any) -> str:
        """Return the id of the step in which a run is, of which its events derive theirs."""
        return f"<{run.owner} {name_of(run.steps, run.place)} {run.trigger.id}>"
