"""
Random scenarios that go where chance alone seldom leads: loops, pauses, derived events, fan-out.
"""

from typing import Any

from tests.property.oracle.chance import QUARTER, Data
from tests.property.oracle.journey_generator import JourneyGenerator

OBSTACLES = ("audience", "window", "duration", "quiet_hours", "message", "consent", "launch_at")
DERIVED = (
    "conversion", "conversion", "exception_performed", "exception_performed", "email_added",
    "attribute_changed", "subscription_changed", "subscription_group_changed",
    "message_interaction",
)  # fmt: skip


class Focus(JourneyGenerator):
    """Changes what was made by chance alone."""

    published: dict[str, Data]

    def focus(self) -> None:
        """Let most scenarios be as they are, and some be about one thing."""
        chance = self.random.random()
        if chance < 0.008:
            self.many()
        elif chance < 0.04:
            self.turn_in_circles()
        elif chance < 0.19:
            self.halt()
        elif chance < 0.39:
            self.derive_much()

    def many(self) -> None:
        """Let one event start more than it may (K2)."""
        simple: Data = {"trigger": {"event": self.events[0]}, "reeligible": "always"}
        campaigns = {f"c{n}": {"campaign": f"c{n}", **simple} for n in range(self.pick(37, 39, 42))}
        journeys = {name: self.journey(name) for name in ("a0", "b0", "c1j", "d0", "j0")}
        for journey in journeys.values():
            journey["entry"]["trigger"] = simple["trigger"]
        self.published, self.names, self.operations = campaigns | journeys, ["c0"], 0
        self.journeys = list(journeys)

    def turn_in_circles(self) -> None:
        """Let messages trigger messages (loop_limit)."""
        sender = self.pick({}, {"campaign": self.names[0]})
        again: Data = {"event": "message_interaction", "where": {"action": "received"} | sender}
        first = self.simple(self.names[0])
        first |= {"trigger": [{"event": self.events[0]}, again]}

    def simple(self, name: str) -> Data:
        """Return a published campaign that has lost what keeps it from sending at once."""
        campaign = self.published[name]
        for key in (*OBSTACLES, "unless", "delay"):
            campaign.pop(key, None)
        campaign["reeligible"] = "always"
        return campaign

    # --- derived events ---

    def derive_much(self) -> None:
        """Let one kind of derived event happen, and be what the others wait for."""
        kind = self.pick(*DERIVED)
        self.attributed = 0.25 if kind in ("conversion", "exception_performed") else 0.7
        for definition in self.published.values():
            if self.chance(0.7):
                self.wait_for(definition, kind)
        first = self.simple(self.names[0])
        first["trigger"] = {"event": self.events[0]}
        event = {"event": self.events[-1]}
        if kind == "conversion":
            rows = [event, self.conversion(), event | {"within": self.pick("15m", "1h")}]
            first["conversions"] = rows[: self.pick(1, 1, 2, 3)]
        elif kind == "exception_performed":
            first |= {"delay": {"after": self.pick("1h", "1d")}, "unless": [event]}

    def wait_for(self, definition: Data, kind: str) -> None:
        """Let a definition begin or end with a kind of derived event."""
        row: Data = {"event": kind}
        if kind == "attribute_changed":
            row["where"] = {"attribute": self.pick("plan", "email", "time_zone")}
        elif kind == "conversion" and self.chance(0.5):
            row["where"] = {"campaign": self.names[0], "primary": self.pick(True, False)}
        for key in OBSTACLES if self.chance(0.6) else ():
            definition.pop(key, None)
        begins = self.chance(0.6)
        if "journey" in definition and begins:
            definition["entry"] = {"trigger": row}
        elif "journey" in definition:
            definition["exit"] = {"when": self.pick("immediate", "end_of_step"), "events": [row]}
        elif begins:
            definition["trigger"] = row
            definition.pop("unless", None)
        else:
            definition |= {"delay": {"after": self.pick("1h", "5h")}, "unless": [row]}

    # --- pauses ---

    def halt(self) -> None:
        """Pause and resume what is pending: what was certain at the trigger no longer is."""
        self.halts = self.pick(2, 4, 6)
        self.hours = max(self.hours, 12)
        for name, definition in self.published.items():
            if name in self.names:
                self.wait_in_reach(definition)
            elif self.chance(0.5):
                definition["quiet_hours"] = self.part_of_day() | {"then": "drop"}

    def wait_in_reach(self, campaign: Data) -> None:
        """Let a campaign mostly be pending when it is paused, and fail in one thing after it."""
        for key in OBSTACLES if self.chance(0.6) else ():
            campaign.pop(key, None)
        campaign["delay"] = {"after": self.pick("15m", "1h")}
        campaign["reeligible"] = self.pick("always", "always", {"after": "1h"})
        campaign["trigger"] = {"event": self.events[0]}
        if self.chance(0.7):
            campaign["recheck_audience"] = True
            campaign["audience"] = {"attribute": "plan", "ne": self.pick("gold", "silver")}
        if self.chance(0.6):
            campaign |= self.pick(
                {"duration": {"end": self.wall(self.start + QUARTER * self.random.randint(8, 40))}},
                {"window": {"from": "00:00", "to": self.pick("03:15", "09:00"), "zone": "UTC"}},
            )

    def halted(self) -> list[Data]:
        """Return rows by which something is pending over a pause, while the user changes."""
        start, name = self.moment(), self.pick(*self.names, *self.journeys)
        kind = "journey" if name in self.journeys else "campaign"
        user = self.pick(*self.users)
        after = [start + QUARTER * quarters for quarters in (self.pick(0, 0.5), 0.7)]
        resumed = start + QUARTER * self.pick(2, 4, 5, 8, 8, 12, 20, 40)
        event: Data = {"user": user, "event": self.events[0], "properties": {}}
        change: Any = event | {"event": "wish", "attributes": self.attributes()}
        return [
            {"at": self.text(start), **event, "id": self.event_id()},
            {"at": self.text(after[0]), "do": "pause", kind: name},
            {"at": self.text(after[1]), **change, "id": self.event_id()},
            {"at": self.text(resumed), "do": "resume", kind: name},
        ]

    def event_id(self) -> str:
        return f"e{self.random.randint(1, 9_999 if self.chance(0.9) else 5)}"
