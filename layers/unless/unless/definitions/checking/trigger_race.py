"""
Warnings for an audience that asks about the very event that triggers.

The history that it sees is from before the trigger (V3), which the author of such a filter forgets:
"has done the lesson" is not yet true at the first lesson.
"""

from collections.abc import Iterator

from unless.definitions.checking.audiences import KnownSegments, Leaf, leaves, reached_from
from unless.definitions.documents import Path
from unless.definitions.filters import (
    Audience,
    EventFilter,
    PurchaseTotalFilter,
    ReceivedFilter,
    SegmentFilter,
)
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.models import Trigger
from unless.definitions.operators import Operators, Where

JUDGED_AFTER = frozenset({"email_added", "attribute_changed"})
"""Triggers that judge the audience after the change that they report (SPEC C3)."""


def trigger_race_mistakes(
    triggers: tuple[Trigger, ...], audience: Audience, place: Path, known: KnownSegments
) -> Iterator[Mistake]:
    """Yield a warning for each filter of the audience, at that place, on what triggers."""
    for path, leaf in leaves(audience, place):
        inside = _inside(leaf, known)
        row = next((row for row in triggers if any(_asks_for(each, row) for each in inside)), None)
        if row is not None:
            within = f"the segment `{leaf.segment}`" if isinstance(leaf, SegmentFilter) else "this"
            yield Mistake(
                CheckCode.AUDIENCE_USES_TRIGGER,
                path,
                f"{within} filters on `{row.event}`, which is what triggers: the audience sees "
                "only what was before the trigger",
                "Filter the trigger with `where`, or an attribute that the app sets earlier.",
            )


def _inside(leaf: Leaf, known: KnownSegments) -> list[Leaf]:
    """Return the filter, or all filters of the segment that it names and of those inside it."""
    if not isinstance(leaf, SegmentFilter):
        return [leaf]
    names = reached_from(leaf.segment, known) & known.audiences.keys()
    return [deep for name in sorted(names) for _, deep in leaves(known.audiences[name], ())]


def _asks_for(leaf: Leaf, trigger: Trigger) -> bool:
    """Return whether the filter judges by the very events that this trigger row lets through."""
    if trigger.event in JUDGED_AFTER:
        return False
    match leaf:
        case EventFilter():
            return leaf.event == trigger.event and not _disjoint(leaf.where, trigger.where)
        case PurchaseTotalFilter():
            return trigger.event == "purchase"
        case ReceivedFilter():
            received = _asked(leaf.received, trigger.where.get("campaign"))
            action = _asked("received", trigger.where.get("action"))
            return trigger.event == "message_interaction" and received and action
        case _:
            return False


def _asked(value: str, condition: Operators | None) -> bool:
    wanted = _literals(condition)
    return wanted is None or value in wanted


def _disjoint(one: Where, other: Where) -> bool:
    pairs = ((_literals(one[key]), _literals(other.get(key))) for key in one)
    return any(a is not None and b is not None and not a & b for a, b in pairs)


def _literals(condition: Operators | None) -> set[object] | None:
    """Return the only values that can satisfy a condition, or None when it does not list them."""
    if condition is None:
        return None
    if condition.eq is not None:
        return {condition.eq}
    return set(condition.in_) if condition.in_ is not None else None
