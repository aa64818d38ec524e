"""
Random scenarios from small vocabularies, so that events, times, ids and values collide.
"""

from datetime import timedelta
from typing import Any

from tests.property.oracle.chance import QUARTER, Data
from tests.property.oracle.focus import Focus


def _without(data: Data, key: str) -> Data:
    return {name: value for name, value in data.items() if name != key}


def _as_spec_knows(definition: Data) -> Data:
    """
    Return a campaign that sends again and again if it does so in the app: what becomes of a message
    while another of them may be on the screen is no matter of SPEC; nor are conversions of those
    in a control group.
    """
    if definition.get("control_percent"):
        definition = _without(definition, "conversions")
    in_app = definition.get("message", {}).get("channel") == "in_app"
    return definition | {"reeligible": "always"} if in_app else definition


FAR = (1, 3, 15, 17)
"""After how many days something else may happen: what is remembered ends, or still counts."""


class Generator(Focus):
    """Makes one scenario of a seed; the same seed makes the same one."""

    def scenario(self) -> Data:
        """Return the scenario as a document (SPEC section 7)."""
        self.published = {name: self.campaign(name) for name in self.names}
        self.published |= {name: self.journey(name) for name in self.journeys}
        self.focus()
        define = [_as_spec_knows(definition) for definition in self.published.values()]
        if self.chance(0.15):
            define.append({"segment": "s", "audience": self.audience(1)})
            define[0]["audience"] = {"any": [{"segment": "s"}, self.audience(1)]}
        rows = [self.row() for _ in range(self.random.randint(2, 24 if self.engaged else 16))]
        rows += [row for _ in range(self.halts) for row in self.halted()]
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

    def workspace(self) -> Data:
        workspace: Data = {"zone": self.pick("UTC", "Europe/Paris", "America/New_York")}
        if self.chance(0.7 if self.halts else 0.2):
            workspace["max_lateness"] = self.pick("15m", "3h", "1d")
        if self.chance(0.1):
            workspace["quiet_hours"] = self.quiet_hours()
        if self.capped:
            workspace["caps"] = self.caps()
        return workspace

    def edit(self, name: str) -> Any:
        """Return what was first published with a part changed, or quite another one."""
        if name in self.journeys:
            return self.edit_of_journey(self.published[name])
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

    def edit_of_journey(self, first: Data) -> Data:
        edited = self.edited_journey(first) if self.chance(0.8) else self.journey(first["journey"])
        if self.chance(0.7):
            return _without(edited, "status")
        return edited | {"status": self.pick("live", "live", "paused", "stopped", "draft")}

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

    def row(self) -> Data:
        at = self.moment()
        if self.chance(self.far):
            at += timedelta(days=self.pick(*FAR, *[6, 7] * (4 if self.capped else 0)))
        if self.chance(self.fractions):
            at += timedelta(milliseconds=self.pick(200, 900, 1100))
        if self.chance(self.operations):
            return {"at": self.text(at)} | self.operation()
        row: Data = {
            "at": self.text(at),
            "user": self.pick(*self.users),
            "event": self.pick(*self.events),
        }
        row["id"] = self.event_id()
        if self.chance(self.late):
            late = self.pick(-4, 1, 1, 2, 2, 4, 4, 8, 8, 20, 4 * 72, 4 * 72 + 1)
            row["time"] = self.text(at - QUARTER * late)
        if (self.engaged and self.chance(0.3)) or (self.kept and self.chance(0.2)):
            row["event"] = "session_start"
        if self.chance(0.3 if self.engaged else 0.07):
            row["event"] = "message_interaction"
            row["properties"] = self.interaction(self.sender())
        else:
            row["properties"] = self.properties(row["event"])
        if self.chance(self.attributed) and (attributes := self.attributes()):
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
        name = self.pick(*self.names, *self.journeys)
        if self.chance(self.edits):
            edited = self.edit(name)
            rows = edited if isinstance(edited, list) else [edited]
            shown: Any = [_as_spec_knows(row) for row in rows]
            return {"do": "publish", "define": shown if len(shown) > 1 else shown[0]}
        if self.chance(0.15):
            return {"do": "delete_user", "user": self.pick(*self.users)}
        return {
            "do": self.pick("pause", "pause", "resume", "resume", "stop", "archive"),
            "journey" if name in self.journeys else "campaign": name,
        }
