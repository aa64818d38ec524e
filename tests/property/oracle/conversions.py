"""
What SPEC sections 2 and 4 say of conversions.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.property.oracle.clock import span
from tests.property.oracle.filters import where_holds
from tests.property.oracle.person import Person
from tests.property.oracle.world import HOPS, TOO_OLD, World

WITHIN = "3d"


class Conversions(World):
    """Events that come within some time of a receipt."""

    def conversions_by(self, person: Person, events: list[Any]) -> list[Any]:
        """Return the conversions that these events are, and those that those are in turn."""
        made: list[Any] = []
        todo = list(events)
        while todo:
            event = todo.pop(0)
            found = [
                one for name in sorted(self.definitions) for one in self.by(person, event, name)
            ]
            new = [one for one in found if not person.repeats(one.id, self.now)]
            made += new
            todo += new
        return made

    def by(self, person: Person, event: Any, name: str) -> list[Any]:
        """Return the conversion of a campaign that an event is: the first row's, or none (V7)."""
        definition = self.definitions[name]
        doc = definition.docs[-1][1]
        too_old = self.now - event.time > TOO_OLD
        if definition.status == "draft" or too_old or event.hops > HOPS + 1:
            return []
        for n, row in enumerate(doc.get("conversions", ())):
            key = _written(row)
            near = self.near(person, event, name, row)
            if fresh := [one for one in near if key not in one.converted]:
                newest = max(fresh, key=lambda one: one.at)
                newest.converted.add(key)
                made = self.convert(event, name, n, newest)
                return [made] if made.hops <= HOPS + 1 else []
        return []

    def near(self, person: Person, event: Any, name: str, row: Mapping[str, Any]) -> list[Any]:
        """Return the receipts of a campaign within whose time such an event happened."""
        agrees = row["event"] == event.name and where_holds(
            row.get("where", {}), event.props, self.now
        )
        within = span(row.get("within", WITHIN))
        return [
            one
            for one in person.receipts
            if agrees and one.owner == name and one.at <= event.time <= one.at + within
        ]

    def convert(self, event: Any, name: str, n: int, receipt: Any) -> Any:
        """Return the conversion of that receipt by that row, and record it."""
        after = (event.time - receipt.at) // timedelta(seconds=1)
        self.converted.append(
            {"user": event.user, "campaign": name, "outcome": "converted", "reason": None,
             "event": event.id, "at": self.now, "row": n, "after_s": after}
        )  # fmt: skip
        props = {"campaign": name, "event": event.name, "primary": n == 0}
        return self.derive(event, "conversion", name, props)


def _written(row: Mapping[str, Any]) -> str:
    """Return what tells a row from others, also after an edit: two of the same are one."""
    seconds = span(row.get("within", WITHIN)).total_seconds()
    return json.dumps([row["event"], row.get("where", {}), seconds], sort_keys=True)
