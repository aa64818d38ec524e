"""
What SPEC sections 2 and 4 say of conversions.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.property.oracle.clock import span
from tests.property.oracle.filters import where_holds
from tests.property.oracle.person import Person
from tests.property.oracle.world import TOO_OLD, World

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
        if definition.status == "draft" or self.now - event.time > TOO_OLD:
            return []
        for n, row in enumerate(doc.get("conversions", ())):
            if receipt := self.converts(person, event, name, n, row):
                receipt.converted.add(n)
                after = (event.time - receipt.at) / timedelta(seconds=1)
                self.converted.append(
                    {"user": event.user, "campaign": name, "outcome": "converted", "reason": None,
                     "event": event.id, "at": self.now, "row": n, "after_s": after}
                )  # fmt: skip
                props = {"campaign": name, "event": event.name, "primary": n == 0}
                return [self.derive(event, "conversion", name, props)]
        return []

    def converts(
        self, person: Person, event: Any, name: str, n: int, row: Mapping[str, Any]
    ) -> Any:
        """Return the newest receipt that the row has not counted yet and that the event is near."""
        if row["event"] != event.name or not where_holds(
            row.get("where", {}), event.props, self.now
        ):
            return None
        within = span(row.get("within", WITHIN))
        near = [
            one
            for one in person.receipts
            if one.owner == name
            and one.at <= event.time <= one.at + within
            and n not in one.converted
        ]
        return max(near, key=lambda one: one.at, default=None)
