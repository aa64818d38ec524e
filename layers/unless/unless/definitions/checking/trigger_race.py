"""
Warnings for an audience that asks about the very event that triggers.

The history that it sees is from before the trigger (V3), which the author of such a filter forgets:
"has done the lesson" is not yet true at the first lesson.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from unless.definitions.checking.audiences import KnownSegments, Leaf, leaves
from unless.definitions.checking.first_times import times_needed, who_is_skipped_at
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


@dataclass(frozen=True, slots=True)
class Race:
    """
    A filter of an audience that asks about what triggers.

    `leaf` stands in the definition at `path`; `asked` is it, or a filter inside the segment that
    it names. `wanted` is False where a `not` turns the answer round. `row` is the trigger.
    """

    path: Path
    leaf: Leaf
    asked: Leaf
    wanted: bool
    row: Trigger


def races(
    triggers: tuple[Trigger, ...], audience: Audience, place: Path, known: KnownSegments
) -> Iterator[Race]:
    """Yield each filter of the audience, at that place, that asks about what triggers."""
    for path, leaf in leaves(audience, place):
        wanted = path.count("not") % 2 == 0
        found = (
            Race(path, leaf, asked, wanted is inside, row)
            for asked, inside in _inside(leaf, known, frozenset())
            for row in triggers
            if _asks_for(asked, row)
        )
        if race := next(found, None):
            yield race


def trigger_race_mistakes(
    triggers: tuple[Trigger, ...], audience: Audience, place: Path, known: KnownSegments
) -> Iterator[Mistake]:
    """Yield a warning for each filter of the audience, at that place, on what triggers."""
    for race in races(triggers, audience, place, known):
        leaf = race.leaf
        within = f"the segment `{leaf.segment}`" if isinstance(leaf, SegmentFilter) else "this"
        yield Mistake(
            CheckCode.AUDIENCE_USES_TRIGGER,
            race.path,
            f"{within} filters on `{race.row.event}`, which is what triggers: the audience sees "
            "only what was before the trigger",
            _remedy(race),
            who_is_skipped_at(race.row.event, race.asked, wanted=race.wanted, enters=_enters(race)),
        )


def _remedy(race: Race) -> str:
    asked = race.asked
    if isinstance(asked, EventFilter) and race.wanted:
        if asked.where:
            named = " and ".join(f"`{path}`" for path in asked.where)
            return f"Ask for {named} in the trigger's `where`, which sees the event itself."
        if times_needed(asked) == 0:
            return "Leave it if the first ones are meant; else filter the trigger with `where`."
    return "Filter the trigger with `where`, or an attribute that the app sets earlier."


def _enters(race: Race) -> bool:
    """Return whether the audience is that of a journey, which people enter."""
    return race.path[0] == "entry"


def _inside(leaf: Leaf, known: KnownSegments, seen: frozenset[str]) -> Iterator[tuple[Leaf, bool]]:
    """
    Yield the filter, or all filters of the segment that it names and of those inside it.

    Each with whether it is wanted there, or excluded by a `not`.
    """
    if not isinstance(leaf, SegmentFilter):
        yield leaf, True
    elif leaf.segment in known.audiences and leaf.segment not in seen:
        for path, part in leaves(known.audiences[leaf.segment], ()):
            wanted = path.count("not") % 2 == 0
            for deep, inside in _inside(part, known, seen | {leaf.segment}):
                yield deep, wanted is inside


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
