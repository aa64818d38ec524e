"""
Random scenarios from small vocabularies, so that events, times, ids and values collide.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

STARTS = ("2026-02-02", "2026-03-28", "2026-03-07", "2026-10-24", "2026-10-31")
"""Days before which nothing or after which a clock change happens in Paris or New York."""

EVENTS = ("cart", "visit", "wish", "purchase")
ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu", None)
CLOCKS = ("00:00", "01:30", "02:30", "03:15", "09:00", "12:00", "18:00", "22:00")
SPANS = ("15m", "1h", "90m", "5h", "1d")
QUARTER = timedelta(minutes=15)

type Data = dict[str, Any]


def _without(data: Data, key: str) -> Data:
    return {name: value for name, value in data.items() if name != key}


class Generator:
    """Makes one scenario of a seed; the same seed makes the same one."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.seed = seed
        self.start = datetime.fromisoformat(self.pick(*STARTS)).replace(tzinfo=UTC)
        self.users = ["u", "w", "x"][: self.pick(1, 1, 2, 3)]
        self.names = [f"c{n}" for n in range(self.pick(1, 2, 2, 3, 5))]
        self.hours = self.pick(2, 4, 12, 40)
        self.events = self.random.sample(EVENTS, self.pick(1, 2, 2, 3))
        self.options = self.pick(0.2, 0.6, 1.0, 2.0)  # how many options a campaign has
        self.operations = self.pick(0, 0.1, 0.3)
        self.late = self.pick(0.05, 0.2, 0.6)
        self.far = self.pick(0, 0, 0, 0.2)  # how often something happens days later
        self.derivations = self.pick(0, 0.2, 0.2, 0.7)  # how often a derived event is named
        self.edits = self.pick(0.4, 0.4, 0.9)  # how often an operation is an edit
        if self.chance(0.15):  # exceptions on record, and edits of what counts as one
            self.names, self.users, self.hours = ["c0"], ["u"], 2
            self.options, self.operations, self.late, self.derivations = 0.1, 0.3, 0.6, 0

    def scenario(self) -> Data:
        """Return the scenario as a document (SPEC section 7)."""
        self.published = {name: self.campaign(name) for name in self.names}
        define = list(self.published.values())
        if self.chance(0.15):
            define.append({"segment": "s", "audience": self.audience(1)})
            define[0]["audience"] = {"any": [{"segment": "s"}, self.audience(1)]}
        rows = [self.row() for _ in range(self.random.randint(2, 16))]
        scenario: Data = {
            "scenario": f"seed {self.seed}",
            "workspace": self.workspace(),
            "define": define,
            "users": {user: self.user() for user in self.users if self.chance(0.7)},
            "when": sorted(rows, key=lambda row: str(row["at"])),
            "expect": [],
        }
        if self.chance(0.3):
            scenario["until"] = self.text(self.moment())
        return scenario

    # --- chance ---

    def pick[T](self, *choices: T) -> T:
        return self.random.choice(choices)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def moment(self) -> datetime:
        return self.start + QUARTER * self.random.randint(0, 4 * self.hours)

    def text(self, moment: datetime) -> str:
        return moment.isoformat().replace("+00:00", "Z")

    # --- definitions ---

    def workspace(self) -> Data:
        workspace: Data = {"zone": self.pick("UTC", "Europe/Paris", "America/New_York")}
        if self.chance(0.2):
            workspace["max_lateness"] = self.pick("15m", "3h", "1d")
        if self.chance(0.1):
            workspace["quiet_hours"] = self.quiet_hours()
        return workspace

    def campaign(self, name: str, *, status: bool = True) -> Data:
        campaign: Data = {"campaign": name, "trigger": self.triggers()}
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
        if self.chance(0.85):
            after = {"after": self.pick(*SPANS)}
            campaign["reeligible"] = self.pick("always", "always", "always", "never", after)
        if status and self.chance(0.08):
            campaign["status"] = self.pick("draft", "live", "paused", "stopped", "archived")
        return campaign

    def edit(self, name: str) -> Any:
        """Return the campaign as first published with a part changed, or quite another one."""
        first, other = self.published[name], self.campaign(self.pick(name, name, f"{name}x"))
        if self.chance(0.2):
            return [other, self.campaign(f"{name}y")] if self.chance(0.3) else other
        if self.chance(0.5) and "unless" in first:
            rows = [*first["unless"], self.exception()]
            edited = first | {"unless": rows[self.pick(0, 0, 1) :]}
        else:
            key = self.pick(*sorted({*first, *other} - {"campaign"}))
            edited = first | {key: other[key]} if key in other else _without(first, key)
        if self.chance(0.7):
            return _without(edited, "status")
        return edited | {"status": self.pick("live", "live", "paused", "stopped", "draft")}

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
        )  # fmt: skip
        wheres: Data = {
            "attribute_changed": {"attribute": self.pick("plan", "time_zone")},
            "message_interaction": {"campaign": self.pick(*self.names)},
            "exception_performed": {"campaign": self.pick(*self.names)},
            "subscription_group_changed": {"group": self.pick("news", "offers")},
        }
        row: Data = {"event": name}
        if name in wheres and (name == "attribute_changed" or self.chance(0.7)):
            row["where"] = wheres[name]
            if name == "attribute_changed" and self.chance(0.4):
                row["where"]["to"] = "gold"
        return row

    def exception(self) -> Data:
        row = self.trigger()
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
        )

    def wall(self, moment: datetime) -> str:
        """Return an instant as people write it, with or without a zone."""
        text = moment.strftime("%Y-%m-%dT%H:%M")
        return text + self.pick("", "Z", "+02:00")

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

    # --- users and rows ---

    def user(self) -> Data:
        user: Data = {"attributes": self.attributes(initial=True)}
        if self.chance(0.2):
            long_ago = "2025-12-01T10:00:00Z"
            times = {"first": long_ago, "last": long_ago}
            user["history"] = {
                "visit": {"count": 2, **times},
                "received": {self.pick(*self.names): {"count": 1, "last": long_ago}},
                "purchase": {
                    "count": 1, "total": 4.5, **times,
                    "products": {"p": {"count": 1, "last": long_ago}},
                },
            }  # fmt: skip
        return user

    def attributes(self, *, initial: bool = False) -> Data:
        choices: Data = {
            "time_zone": self.pick(*ZONES),
            "plan": self.pick("gold", "silver", None),
            "email": self.pick("a@x.test", "b@x.test", None),
            "email_subscribe": self.pick("opted_in", "subscribed", "unsubscribed", None),
            "subscription_groups": {self.pick("news", "offers"): self.pick(True, False)},
            "tags": self.pick(["a"], ["b", "a"], []),
        }
        names = [name for name in choices if self.chance(0.3)]
        return {name: choices[name] for name in names if not (initial and choices[name] is None)}

    def row(self) -> Data:
        at = self.moment()
        if self.chance(self.far):
            at += timedelta(days=self.pick(1, 3, 15, 17))
        if self.chance(self.operations):
            return {"at": self.text(at)} | self.operation()
        row: Data = {
            "at": self.text(at),
            "user": self.pick(*self.users),
            "event": self.pick(*self.events),
        }
        row["id"] = f"e{self.random.randint(1, 9_999 if self.chance(0.9) else 5)}"
        if self.chance(self.late):
            late = self.pick(-4, 1, 1, 2, 2, 4, 4, 8, 8, 20, 4 * 72, 4 * 72 + 1)
            row["time"] = self.text(at - QUARTER * late)
        if self.chance(0.07):
            row["event"] = "message_interaction"
            row["properties"] = {"campaign": self.pick(*self.names), "action": "opened"}
        else:
            row["properties"] = self.properties(row["event"])
        if self.chance(0.25) and (attributes := self.attributes()):
            row["attributes"] = attributes
        return row

    def properties(self, event: str) -> Data:
        props: Data = {}
        if self.chance(0.6):
            props["cart_id"] = self.pick("a", "a", "b", None, 7, "7")
        if self.chance(0.2):
            props["other"] = self.pick("a", "b")
        if self.chance(0.5):
            props["value"] = self.pick(1, 50, 150, "150")
        if self.chance(0.7):
            when = self.moment() + timedelta(hours=self.pick(0, 1, 3))
            props["when"] = self.pick(*[self.wall(when)] * 6, "soon", True)
        if self.chance(0.3):
            items = [{"sku": self.pick("a", "b"), "price": self.pick(1, 3, 9)} for _ in range(2)]
            props["items"] = items[: self.pick(0, 1, 2)]
        if event == "purchase":
            props |= {"product_id": self.pick("p", "q"), "price": self.pick(2, 10.25)}
            if self.chance(0.3):
                props["quantity"] = 2
        return props

    def operation(self) -> Data:
        name = self.pick(*self.names)
        if self.chance(self.edits):
            return {"do": "publish", "define": self.edit(name)}
        if self.chance(0.15):
            return {"do": "delete_user", "user": self.pick(*self.users)}
        return {
            "do": self.pick("pause", "pause", "resume", "resume", "stop", "archive"),
            "campaign": name,
        }
