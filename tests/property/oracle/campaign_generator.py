"""
Random campaigns, and the parts of which journeys are made too.
"""

from datetime import timedelta
from typing import Any

from tests.property.oracle.chance import CLOCKS, EVENTS, SPANS, ZONES, Data
from tests.property.oracle.message_generator import MessageGenerator


class CampaignGenerator(MessageGenerator):
    """Makes campaigns and parts of definitions."""

    def campaign(self, name: str, *, status: bool = True) -> Data:
        campaign: Data = {"campaign": name, "trigger": self.triggers(), **self.promotion()}
        if self.chance(0.75):
            campaign["delay"] = self.delay()
            if self.chance(0.8):
                rows = [self.exception() for _ in range(self.pick(1, 1, 2))]
                campaign["unless"] = rows
        options: dict[str, tuple[float, Any]] = {
            "audience": (0.2, lambda: self.audience(2)),
            "duration": (0.15, self.duration),
            "window": (0.25, self.window),
            "quiet_hours": (0.2, self.quiet_hours),
            "recheck_audience": (0.2, lambda: True),
            "launch_at": (0.05, lambda: self.text(self.moment())),
        }
        for key, (probability, make) in options.items():
            if self.chance(probability * self.options):
                campaign[key] = make()
        if message := self.message():
            campaign["message"] = message
        campaign |= self.control()
        if self.chance(self.converting):
            campaign["conversions"] = [self.conversion() for _ in range(self.pick(1, 1, 2))]
        if self.chance(0.85):
            after = {"after": self.pick(*SPANS)}
            campaign["reeligible"] = self.pick("always", "always", "always", "never", after)
        if status and self.chance(0.08):
            campaign["status"] = self.pick("draft", "live", "paused", "stopped", "archived")
        return campaign

    def conversion(self) -> Data:
        row = self.trigger()
        if self.chance(0.8):
            row["within"] = self.pick(*SPANS)
        return row

    def triggers(self) -> Any:
        rows = [self.trigger() for _ in range(self.pick(1, 1, 1, 2))]
        return rows if len(rows) > 1 else rows[0]

    def trigger(self) -> Data:
        row: Data = {"event": self.pick(*self.events)}
        if self.chance(self.derivations):
            return self.derived()
        if self.chance(0.15 * self.options):
            row["where"] = self.where()
        return row

    def derived(self) -> Data:
        name = self.pick(
            "email_added", "attribute_changed", "attribute_changed", "subscription_changed",
            "subscription_group_changed", "message_interaction", "exception_performed",
            *["conversion"] * (4 if self.converting else 0),
        )  # fmt: skip
        wheres: Data = {
            "attribute_changed": {"attribute": self.pick("plan", "time_zone")},
            "message_interaction": self.interaction_of(),
            "conversion": {"campaign": self.pick(*self.names)}
            | self.pick({}, {}, {"primary": self.pick(True, False)}, {"event": self.events[0]}),
            "exception_performed": {"campaign": self.pick(*self.names)},
            "subscription_group_changed": {"group": self.pick("news", "offers")},
        }
        row: Data = {"event": name}
        if name in wheres and (name == "attribute_changed" or self.chance(0.7)):
            row["where"] = wheres[name]
            if name == "attribute_changed" and self.chance(0.4):
                row["where"]["to"] = "gold"
        return row

    def interaction_of(self) -> Data:
        """Return a filter on what a user did with a message, or on its having been sent."""
        done = self.pick({}, {"action": self.pick("received", "opened", "clicked")})
        return self.sender() | done

    def sender(self) -> Data:
        """Return the properties by which a message of a campaign or journey is told."""
        if not self.journeys or self.chance(0.3):
            return {"campaign": self.pick(*self.names)}
        sender = {"journey": self.pick(*self.journeys)}
        return sender | ({"step": self.pick("0", "1", "2", "s1")} if self.chance(0.3) else {})

    def exception(self) -> Data:
        row = self.trigger()
        if (self.engaged or self.kept) and self.chance(0.15):
            row = {"event": "session_start"}
        if row["event"] in EVENTS and self.chance(0.3):
            row["match"] = self.pick(
                "cart_id", "cart_id", ["cart_id", "value"], {"other": "cart_id"}
            )
        return row

    def where(self) -> Data:
        return self.pick(
            {"value": {"gte": 50}},
            {"value": {"gt": 1, "lte": 150}},
            {"value": {"ne": 50}},
            {"value": [1, 50]},
            {"cart_id": {"blank": self.pick(True, False)}},
            {"cart_id": {"not_in": ["a"]}},
            {"cart_id": {"matches": "^A"}},
            {"cart_id": {"not_matches": "B"}},
            {"items[].sku": {"contains_any": ["a"]}},
            {"items[].sku": {"ne": "a"}},
            {"items[].price": {"gte": 2, "lte": 5}},
            {"when": {self.pick("within_next", "more_than_ahead", "within_last"): "7h5m"}},
            {"when": {self.pick("before", "after"): self.text(self.start + timedelta(hours=9))}},
            {"when": {"day_of_year": self.start.strftime("%m-%d")}},
        )

    def delay(self) -> Data:
        zone = self.pick({}, {}, {"zone": self.pick("user", "company", "Asia/Tokyo")})
        return self.pick(
            {"after": self.pick(*SPANS)},
            {"after": self.pick("15m", "1h")},
            {"after": self.pick("15m", "1h")},
            {"days": self.pick(0, 0, 1), "at": self.pick(*CLOCKS), **zone},
            {"next": self.pick("sunday", "monday", "tuesday"), "at": self.pick(*CLOCKS), **zone},
            {"until": "when", **self.pick({}, {"minus": "1h"}, {"plus": "45m"}), **zone},
            {"until": self.wall(self.start + timedelta(days=1)), **zone},
            *[{"best_time": True, "fallback": self.pick(*CLOCKS)}] * (5 if self.engaged else 0),
        )

    def duration(self) -> Data:
        start, end = sorted((self.moment(), self.moment()))
        zone = self.pick({}, {"zone": self.pick("user", "company", "Asia/Kathmandu")})
        return self.pick(
            {"start": self.wall(start), **zone},
            {"end": self.wall(end + timedelta(hours=5)), **zone},
            {"start": self.wall(start), "end": self.wall(end + timedelta(hours=5)), **zone},
        )

    def part_of_day(self) -> Data:
        part: Data = {"from": self.pick(*CLOCKS), "to": self.pick(*CLOCKS)}
        if self.chance(0.4):
            part["zone"] = self.pick("user", "company", "America/New_York")
        return part

    def window(self) -> Data:
        part = self.part_of_day()
        for key in ("trigger_outside", "send_outside"):
            if self.chance(0.6):
                part[key] = self.pick("hold", "hold", "drop")
        return part

    def quiet_hours(self) -> Data:
        return self.part_of_day() | {"then": self.pick("hold", "hold", "drop")}

    def audience(self, depth: int) -> Data:
        if depth and self.chance(0.35):
            parts = [self.audience(depth - 1) for _ in range(2)]
            return self.pick({"all": parts}, {"any": parts}, {"not": parts[0]})
        return self.pick(
            {"attribute": "plan", "eq": "gold"},
            {"attribute": "plan", "ne": "gold"},
            {"attribute": "plan", "blank": self.pick(True, False)},
            {"attribute": "tags", "contains_any": ["a"]},
            {"attribute": "email", "matches": "A@"},
            {
                "event": self.pick(*self.events),
                "count": {self.pick("eq", "lte", "gte"): self.pick(0, 1, 2)},
            },
            {
                "event": self.pick(*self.events),
                "last": {self.pick("within_last", "more_than_ago"): "2h5m"},
            },
            {"event": "visit", "first": {"before": self.text(self.moment())}},
            {"event": "cart", "count": {"gte": 1}, "in_last": "1d"},
            {"event": "purchase", "where": {"product_id": "p"}, "count": {"gte": self.pick(1, 2)}},
            {"purchase_total": {self.pick("gte", "lt"): self.pick(5, 20.5)}},
            {"received": self.pick(*self.names), "count": {"eq": self.pick(0, 1)}},
            {"received": self.pick(*self.names), "last": {"more_than_ago": "1h5m"}},
            {"subscription_group": "news", "eq": self.pick(True, False)},
        )

    def attributes(self, *, initial: bool = False) -> Data:
        choices: Data = {
            "time_zone": self.pick(*ZONES),
            "plan": self.pick("gold", "silver", None),
            **self.addresses(),
            "email_subscribe": self.pick("opted_in", "subscribed", "unsubscribed", None),
            "subscription_groups": {self.pick("news", "offers"): self.pick(True, False)},
            "tags": self.pick(["a"], ["b", "a"], []),
        }
        names = [name for name in choices if self.chance(0.3)]
        return {name: choices[name] for name in names if not (initial and choices[name] is None)}
