"""
One user as everything accepted of them, and what follows from it: profile, history, audience.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from tests.property.oracle.clock import find, utc
from tests.property.oracle.filters import holds, same, where_holds

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
SAME_ID = timedelta(days=16)  # V1
ENGAGED = 5  # section 4: fewer such events say nothing of the best time


class Person:
    """What was accepted of one user, in the order in which it arrived."""

    def __init__(self, seed: Mapping[str, Any]) -> None:
        self.history_seed = seed.get("history") or {}
        start = SimpleNamespace(
            name="", time=LONG_AGO, props={}, attrs=seed.get("attributes") or {}
        )
        self.start = start
        self.accepted: list[Any] = []
        self.receipts: list[Any] = []
        self.entries: list[tuple[str, datetime]] = []
        self.seen: dict[str, datetime] = {}
        self.deleted: datetime | None = None

    def repeats(self, event_id: str, now: datetime) -> bool:
        """Whether that id was seen within 16 days; if not, it is seen now (V1)."""
        at = self.seen.get(event_id)
        if at is not None and now - at < SAME_ID:
            return True
        self.seen[event_id] = now
        return False

    def forgot(self, time: datetime) -> bool:
        """Whether that was before the user was deleted (L3)."""
        return self.deleted is not None and time < self.deleted

    def before(self, event: Any) -> list[Any]:
        """Return what was accepted before an event; everything, when it is None."""
        return self.accepted if event is None else self.accepted[: event.past]

    def profile(self) -> dict[str, Any]:
        """Return the attributes: of each the last write by event time; ties by arrival (V8)."""
        known: dict[str, Any] = {}
        groups: dict[str, Any] = {}
        for event in sorted([self.start, *self.accepted], key=lambda event: event.time):
            for name, value in event.attrs.items():
                if name == "subscription_groups":
                    groups = {} if value is None else groups | value
                else:
                    known[name] = value
        known["subscription_groups"] = {g: on for g, on in groups.items() if on is not None}
        return {name: value for name, value in known.items() if value is not None}

    def at_best_time(self, delay: Any, but: Any = None) -> Any:
        """Return a delay, where it is `best_time` with the clock time that is meant (section 4)."""
        if not delay or "best_time" not in delay:
            return delay
        hours = Counter(one.hour for one in self.before(but) if _engages(one))
        best = min(hours, key=lambda hour: (-hours[hour], hour), default=0)
        return {"daily": f"{best:02}:00" if hours.total() >= ENGAGED else delay["fallback"]}

    def history(self, name: str, where: Any, but: Any, now: datetime) -> SimpleNamespace:
        """Return the history of an event, as it was before the event `but`."""
        events = [one for one in self.before(but) if one.name == name]
        seeds = [self.history_seed.get(name) or {}]
        if where:
            products = (self.history_seed.get("purchase") or {}).get("products") or {}
            events = [
                one
                for one in events
                if "product_id" in one.props and where_holds(where, one.props, now)
            ]
            seeds = [
                seed
                for product, seed in products.items()
                if where_holds(where, {"product_id": product}, now)
            ]
        times = [(e.time, _quantity(e) if name == "purchase" else 1) for e in events]
        return _past(seeds, times)

    def received(self, campaign: str) -> SimpleNamespace:
        """Return the history of the receipts of a campaign."""
        seed = (self.history_seed.get("received") or {}).get(campaign) or {}
        return _past([seed], [(one.at, 1) for one in self.receipts if one.owner == campaign])

    def spent(self, but: Any) -> float:
        """Return the sum of price times quantity of all purchases before the event `but`."""
        total = Decimal(str((self.history_seed.get("purchase") or {}).get("total", 0)))
        for event in self.before(but):
            if event.name == "purchase":
                price = event.props.get("price", 0)
                price = price if isinstance(price, int | float) else 0
                total += Decimal(str(price)) * _quantity(event)
        return float(total)


def _engages(event: Any) -> bool:
    """Whether an event tells when the user is there: a session, an opened or clicked message."""
    read = event.props.get("action") in ("opened", "clicked")
    return event.name == "session_start" or (event.name == "message_interaction" and read)


def _quantity(purchase: Any) -> int:
    """Return how many were bought; what is no such number counts as one."""
    quantity = purchase.props.get("quantity", 1)
    return quantity if isinstance(quantity, int) and quantity > 0 else 1


def changes_of(
    before: Mapping[str, Any], after: Mapping[str, Any], written: Mapping[str, Any]
) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the events derived of a change of the profile, each with what its id names."""
    made: list[tuple[str, str, dict[str, Any]]] = []
    changed = [name for name in written if not same(before.get(name), after.get(name))]
    if "email" in changed and "email" in after:
        made.append(("email_added", "email", {"email": after["email"]}))
    for name in changed:
        if written[name] is not None and not isinstance(after[name], list):
            change = {"attribute": name, "from": before.get(name), "to": after[name]}
            made.append(("attribute_changed", name, change))
    was, now = (one.get("email_subscribe", "subscribed") for one in (before, after))
    if was != now:
        made.append(("subscription_changed", "email_subscribe", {"from": was, "to": now}))
    groups, new_groups = before["subscription_groups"], after["subscription_groups"]
    for group in sorted({*groups, *new_groups}):
        was, now = groups.get(group, False), new_groups.get(group, False)
        if was != now:
            change = {"group": group, "from": was, "to": now}
            made.append(("subscription_group_changed", group, change))
    return made


def _past(seeds: list[Mapping[str, Any]], times: list[tuple[datetime, int]]) -> SimpleNamespace:
    known = [(utc(seed[key]), 0) for seed in seeds for key in ("first", "last") if key in seed]
    instants = [at for at, _ in [*known, *times] if at is not None]
    seeded = sum(seed.get("count", 1 if len(seed) else 0) for seed in seeds)
    return SimpleNamespace(
        count=seeded + sum(n for _, n in times),
        first=min(instants, default=None),
        last=max(instants, default=None),
        times=times + [(at, 1) for at in {at for at, _ in known}],
    )


def in_audience(
    tree: Mapping[str, Any], person: Person, now: datetime, segments: Mapping[str, Any], but: Any
) -> bool:
    """Whether the user is in the audience, with the history from before the event `but` (V3)."""

    def inside(part: Mapping[str, Any]) -> bool:
        return in_audience(part, person, now, segments, but)

    if "all" in tree:
        return all(inside(part) for part in tree["all"])
    if "any" in tree:
        return any(inside(part) for part in tree["any"])
    if "not" in tree:
        return not inside(tree["not"])
    if "segment" in tree:
        return inside(segments[tree["segment"]])
    if "purchase_total" in tree:
        return holds(tree["purchase_total"], [person.spent(but)], now)
    rest = {
        key: value for key, value in tree.items() if key not in ("attribute", "subscription_group")
    }
    if "attribute" in tree:
        return holds(rest, find(tree["attribute"], person.profile()), now)
    if "subscription_group" in tree:
        groups = person.profile()["subscription_groups"]
        return holds(
            rest, [groups[name] for name in [tree["subscription_group"]] if name in groups], now
        )
    return _has_history(tree, person, now, but)


def _has_history(tree: Mapping[str, Any], person: Person, now: datetime, but: Any) -> bool:
    if "received" in tree:
        past = person.received(tree["received"])
    else:
        past = person.history(tree["event"], tree.get("where"), but, now)
    count = past.count
    if "in_last" in tree:
        days = int(tree["in_last"].rstrip("d"))
        count = sum(n for at, n in past.times if (now.date() - at.date()).days <= days)
    if not holds(tree.get("count", {"gte": 1}), [count], now):
        return False
    return all(
        getattr(past, key) is not None and holds(tree[key], [getattr(past, key).isoformat()], now)
        for key in ("first", "last")
        if key in tree
    )
