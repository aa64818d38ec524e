"""
The attributes of a user: last writer wins by event time, and what a real change derives (V8,
SPEC section 2).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from unless.engine.identity import derived_id
from unless.engine.model import Attribute, UserEvent, UserState

GROUPS = "subscription_groups"


def apply_attributes(state: UserState, event: UserEvent) -> tuple[UserState, tuple[UserEvent, ...]]:
    """
    Return the state with the event's attributes, and the events that their real changes
    derive.
    """
    if not event.attributes:
        return state, ()
    before = state.attribute_values()
    plain = {name: value for name, value in event.attributes.items() if name != GROUPS}
    groups = event.attributes.get(GROUPS, {}) if GROUPS in event.attributes else {}
    if groups is None:
        groups = dict.fromkeys(state.groups)
    after = replace(
        state,
        attributes=_written(state.attributes, plain, event),
        groups=_written(state.groups, groups, event),
    )
    return after, tuple(_changes(before, after.attribute_values(), event))


def _written(
    known: Mapping[str, Attribute], values: Mapping[str, Any], event: UserEvent
) -> Mapping[str, Attribute]:
    """Return the attributes with those values that are not older than what is known."""
    newer = {
        name: Attribute(value, event.time)
        for name, value in values.items()
        if name not in known or known[name].time <= event.time
    }
    return {**known, **newer} if newer else known


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], event: UserEvent
) -> Iterator[UserEvent]:
    """Yield what the real changes derive, kind by kind in the order of SPEC section 2."""
    changed = [name for name in event.attributes if not _same(before.get(name), after.get(name))]
    if "email" in changed and after.get("email") not in (None, ""):
        yield _derived(event, "email_added", "email", {"email": after["email"]})
    for name in changed:
        new = after.get(name)
        if new is not None and not isinstance(new, list):
            change = {"attribute": name, "from": before.get(name), "to": new}
            yield _derived(event, "attribute_changed", name, change)
    if "email_subscribe" in changed:
        yield from _subscription_change(before, after, event)
    if GROUPS in changed:
        yield from _group_changes(before.get(GROUPS) or {}, after.get(GROUPS) or {}, event)


def _subscription_change(
    before: Mapping[str, Any], after: Mapping[str, Any], event: UserEvent
) -> Iterator[UserEvent]:
    old, new = (known.get("email_subscribe") or "subscribed" for known in (before, after))
    if old != new:
        change = {"from": old, "to": new}
        yield _derived(event, "subscription_changed", "email_subscribe", change)


def _group_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], event: UserEvent
) -> Iterator[UserEvent]:
    for group in sorted({*old, *new}):
        was, is_now = bool(old.get(group)), bool(new.get(group))
        if was != is_now:
            change = {"group": group, "from": was, "to": is_now}
            yield _derived(event, "subscription_group_changed", group, change)


def _same(old: Any, new: Any) -> bool:
    """Whether nothing really changed; `true` is not 1, but 1 is 1.0."""
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def _derived(event: UserEvent, name: str, key: str, properties: Mapping[str, Any]) -> UserEvent:
    return UserEvent(
        id=derived_id(event.id, name, key),
        user=event.user,
        name=name,
        time=event.time,
        arrived=event.arrived,
        properties=properties,
        hops=event.hops + 1,
        root=event.root,
        backfill=event.backfill,
    )
