"""
What campaigns and journeys share: who is there, what is defined, what waits, what was recorded.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests.property.oracle.clock import part_around, span, utc
from tests.property.oracle.filters import where_holds
from tests.property.oracle.person import Person, in_audience

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
TOO_OLD = timedelta(hours=72)  # V7
HOPS = 5  # section 2
FANOUT = 40  # K2


class World:
    """The state of a run, and the questions that every definition asks of it."""

    def __init__(self, scenario: Mapping[str, Any]) -> None:
        workspace = scenario.get("workspace") or {}
        self.zone = workspace.get("zone", "UTC")
        self.lateness = span(workspace.get("max_lateness", "1h"))
        self.quiet = workspace.get("quiet_hours")
        self.caps = workspace.get("caps") or ()
        self.templates = scenario.get("templates") or {}
        self.now = BEGINNING
        self.tick = 0  # grows with every arrival and dispatch: the order in which things came
        self.orders = 0  # grows with everything that is scheduled
        self.definitions: dict[str, SimpleNamespace] = {}
        self.segments: dict[str, Any] = {}
        self.items: list[SimpleNamespace] = []  # sends and runs
        self.records: list[dict[str, Any]] = []
        self.converted: list[dict[str, Any]] = []  # beside the decisions, no end of anything
        seeds = scenario.get("users") or {}
        self.people = {name: Person(seed or {}) for name, seed in seeds.items()}

    def waiting(self, kind: str = "campaign journey", user: str | None = None) -> list[Any]:
        """Return the sends of campaigns and the runs of journeys that have not ended."""
        return [
            item
            for item in self.items
            if item.waits and item.kind in kind.split() and user in (None, item.user)
        ]

    def next_order(self) -> int:
        self.orders += 1
        return self.orders

    def take(self, person: Person, event: SimpleNamespace) -> None:
        """Let an event act."""
        raise NotImplementedError

    # --- checks ---

    def zone_of(self, person: Person, part: Mapping[str, Any] | None = None) -> str:
        """Return the zone that a part of a definition names; the user's by default."""
        zone = (part or {}).get("zone", "user")
        own = person.profile().get("time_zone") or self.zone
        return str({"user": own, "company": self.zone}.get(zone, zone))

    def in_duration(self, doc: Mapping[str, Any], moment: datetime, person: Person) -> bool:
        duration = doc.get("duration") or {}
        zone = self.zone_of(person, {"zone": "company"} | duration)
        start, end = utc(duration.get("start"), zone), utc(duration.get("end"), zone)
        return (start is None or start <= moment) and (end is None or moment <= end)

    def is_in_audience(self, tree: Any, person: Person, event: Any = None) -> bool:
        """Whether the user is in an audience, with the history from before an event, if given."""
        return not tree or in_audience(tree, person, self.now, self.segments, event)

    def quiet_until(self, quiet: Any, moment: datetime, person: Person) -> datetime | None:
        """Return the end of the quiet hours around an instant, or None outside."""
        part = quiet and part_around(moment, quiet, self.zone_of(person, quiet))
        return part[1] if part else None

    def is_triggered(self, definition: Any, rows: Sequence[Any], event: Any) -> bool:
        """Whether that event is a trigger whose outcome is recorded (section 6, L1)."""
        return definition.status not in ("draft", "archived") and bool(_named(rows, event))

    def refuses(
        self, person: Person, event: Any, definition: Any, part: Mapping[str, Any]
    ) -> str | None:
        """Return why a trigger starts nothing, as far as campaigns and entries agree (C0)."""
        rows = _named(rows_of(part), event)
        window = part.get("window") or {"trigger_outside": "hold"}
        checks = (
            (lambda: definition.status != "stopped", f"{definition.kind}_stopped"),
            (lambda: self.now - event.time <= TOO_OLD, "too_old"),
            (lambda: event.time >= definition.launch, "before_launch"),
            (
                lambda: any(
                    where_holds(row.get("where", {}), event.props, self.now) for row in rows
                ),
                "filter_mismatch",
            ),
            (lambda: event.hops <= HOPS, "loop_limit"),
            (lambda: self.in_duration(part, event.time, person), "outside_duration_at_trigger"),
            (lambda: part.get("control_percent") != 100, "control_group"),
            (lambda: self.is_in_audience(part.get("audience"), person, event), "not_in_audience"),
            (
                lambda: (
                    window.get("trigger_outside") == "hold"
                    or part_around(event.time, window, self.zone_of(person, window))
                ),
                "outside_window_at_trigger",
            ),
        )
        return next((reason for check, reason in checks if not check()), None)

    def derive(self, event: Any, name: str, what: str, props: Any) -> SimpleNamespace:
        """Return the event that another one carries (section 2)."""
        return SimpleNamespace(
            user=event.user, id=f"{event.id}#{name}:{what}", name=name, time=event.time,
            at=self.now, tick=event.tick, hops=event.hops + 1, props=props, attrs={},
        )  # fmt: skip

    def receive(
        self, person: Person, item: Any, root: str, named: Mapping[str, Any], channel: str
    ) -> None:
        """Let our own dispatch be the event that it is (section 2)."""
        self.tick += 1
        props = {**named, "channel": channel, "action": "received", "send": "s"}
        receipt = SimpleNamespace(
            user=item.user, id=f"{root}#received", name="message_interaction", time=self.now,
            at=self.now, tick=self.tick, hops=item.trigger.hops + 1, props=props, attrs={},
        )  # fmt: skip
        self.take(person, receipt)

    def record(
        self,
        user: str,
        owner: Mapping[str, str],
        outcome: str,
        reason: Any,
        event: str,
        due: Any,
        also: Any = None,
    ) -> None:
        """Record a decision about what belongs to a campaign, or to a journey and its step."""
        self.records.append(
            {"user": user, **owner, "outcome": outcome, "reason": reason, "event": event,
             "at": self.now, "due": due, "also": also}
        )  # fmt: skip


def rows_of(part: Mapping[str, Any]) -> list[Any]:
    """Return the trigger rows of a campaign or an entry: one, or a list."""
    rows = part["trigger"]
    return rows if isinstance(rows, list) else [rows]


def _named(rows: Sequence[Any], event: Any) -> list[Any]:
    return [row for row in rows if row["event"] == event.name]


def listed_since(definition: Any, event: Any, rows: Any) -> list[Any]:
    """Return the newest rows that stand there since before an event arrived (L2)."""
    then = [(doc, status) for tick, doc, status in definition.docs if tick <= event.tick][-1:]
    if not then or then[0][1] == "draft":
        return []  # A draft does nothing (L1), so what arrives meanwhile is not on record either.
    docs = [then[0][0], *[doc for tick, doc, _ in definition.docs if tick > event.tick]]
    return [row for row in rows(docs[-1]) if all(row in rows(doc) for doc in docs)]


def row_holds(row: Mapping[str, Any], event: Any, trigger: Any) -> bool:
    """Whether an exception or exit row is about that event and agrees with the trigger (E6, J5)."""
    return (
        row["event"] == event.name
        and where_holds(row.get("where", {}), event.props, event.at)
        and _agree(row.get("match"), event.props, trigger.props)
    )


def _agree(match: Any, props: Mapping[str, Any], of_trigger: Mapping[str, Any]) -> bool:
    """Whether the match properties are there and equal (E6)."""
    if isinstance(match, str):
        match = [match]
    pairs = match if isinstance(match, dict) else {name: name for name in match or ()}
    return all(
        of_trigger.get(there) is not None
        and where_holds({f'"{here}"': {"eq": of_trigger[there]}}, props, BEGINNING)
        for here, there in pairs.items()
    )
