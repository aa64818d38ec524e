"""
Random journeys: every kind of step, nested, and every way in and out.
"""

from typing import Any

from tests.property.oracle.campaign_generator import CampaignGenerator
from tests.property.oracle.chance import CLOCKS, SPANS, Data

DEPTH = 2
"""How deep steps lie inside others."""


class JourneyGenerator(CampaignGenerator):
    """Makes journeys that `unless check` accepts."""

    def journey(self, name: str, *, status: bool = True) -> Data:
        self.ids = 0
        journey: Data = {"journey": name, "entry": self.entry(), "steps": self.steps(DEPTH)}
        journey |= self.promotion()
        if self.chance(0.6):
            journey["exit"] = self.exits()
        if self.chance(0.85):
            after = {"after": self.pick(*SPANS)}
            journey["reentry"] = self.pick("always", "always", "always", "never", after)
        if self.chance(0.2 * self.options):
            journey["quiet_hours"] = self.quiet_hours()
        if self.chance(0.05):
            journey["launch_at"] = self.text(self.moment())
        if status and self.chance(0.06):
            journey["status"] = self.pick("draft", "live", "paused", "stopped", "archived")
        return journey

    def entry(self) -> Data:
        entry: Data = {"trigger": self.triggers()}
        if self.chance(0.15 * self.options):
            entry["audience"] = self.audience(2)
        if self.chance(0.1 * self.options):
            entry["duration"] = self.duration()
        if self.chance(0.15 * self.options):
            entry["window"] = self.part_of_day()
            if self.chance(0.3):
                entry["window"]["trigger_outside"] = "hold"
        return entry

    def exits(self) -> Data:
        exits: Data = {}
        if self.chance(0.5):
            exits["when"] = self.pick("immediate", "immediate", "end_of_step")
        if self.chance(0.85):
            rows = [self.exception() for _ in range(self.pick(1, 1, 2))]
            exits["events"] = [row for row in rows if "[]" not in str(row)]  # J4
        if self.chance(0.25 if exits.get("events") else 1):
            exits["audience"] = self.audience(1)
        return exits

    # --- steps ---

    def steps(self, depth: int) -> list[Data]:
        """Return some steps after which the next one is reached."""
        return [self.step(depth) for _ in range(self.pick(1, 1, 2, 2, 3))]

    def last_steps(self, depth: int) -> list[Data]:
        """Return some steps, or none, after which the journey may be over."""
        steps = self.steps(depth) if self.chance(0.8) else []
        return [*steps, {"exit": True}] if self.chance(0.15) else steps

    def step(self, depth: int) -> Data:
        kinds = ["delay", "delay", "message", "message", "message", "wait_for", "update"]
        if depth:
            kinds += ["wait_for", "wait_for", "split", "branch", "experiment"]
        kind = self.pick(*kinds)
        body: Data = getattr(self, f"{kind}_step")(depth)
        if self.chance(0.2):
            self.ids += 1
            body["id"] = f"s{self.ids}"
        return {kind: body}

    def delay_step(self, _: int) -> Data:
        delay = self.pick(
            {"after": self.pick("15m", "30m", "1h")},
            {"after": self.pick("15m", "30m", "1h")},
            {"after": self.pick("0s", "15m", "5h", "1d"), "at": self.pick(*CLOCKS)},
            self.delay(),
        )
        if "at" in delay and "after" in delay and self.chance(0.4):
            delay["zone"] = self.pick("user", "company", "Asia/Kathmandu")
        return dict(delay)

    def message_step(self, _: int) -> Data:
        return self.message() or ({"channel": "event"} if self.chance(0.8) else {})

    def wait_for_step(self, depth: int) -> Data:
        paths: list[Data] = []
        for _ in range(self.pick(1, 1, 2)):
            row = self.trigger()
            if any(path["event"] == row["event"] and "where" not in path for path in paths):
                continue  # Nothing would open it.
            paths.append({**row, "steps": self.last_steps(depth - 1) if depth else []})
        body: Data = {"within": self.pick("15m", "1h", "1h", "5h", "1d"), "paths": paths}
        if depth and self.chance(0.6):
            body["otherwise"] = self.steps(depth - 1)
        return body

    def split_step(self, depth: int) -> Data:
        body: Data = {"if": self.audience(1), "then": self.last_steps(depth - 1)}
        if self.chance(0.6):
            body["else"] = self.steps(depth - 1)
        return body

    def branch_step(self, depth: int) -> Data:
        paths = [
            {"audience": self.audience(1), "steps": self.last_steps(depth - 1)}
            for _ in range(self.pick(1, 2))
        ]
        body: Data = {"paths": paths}
        if self.chance(0.6):
            body["otherwise"] = self.steps(depth - 1)
        return body

    def experiment_step(self, depth: int) -> Data:
        """One path: how users are divided is no matter of SPEC."""
        return {"paths": [{"weight": 100, "steps": self.steps(depth - 1)}]}

    def update_step(self, _: int) -> Data:
        written = self.attributes() or {"plan": self.pick("gold", "silver", None)}
        return {"attributes": written}

    def edited_journey(self, first: Data) -> Data:
        """Return a journey with a part changed."""
        other: Any = self.journey(first["journey"], status=False)
        key = self.pick(*sorted({*first, *other} - {"journey", "status"}))
        if key in other:
            return {**first, key: other[key]}
        return {name: value for name, value in first.items() if name != key}
