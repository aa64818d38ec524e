"""
What an audience may not be: a segment that is not there or in a circle, and what is not kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unless.definitions.documents import Path
from unless.definitions.filters import (
    AllOf,
    AnyOf,
    AttributeFilter,
    Audience,
    EventFilter,
    NotOf,
    PurchaseTotalFilter,
    ReceivedFilter,
    SegmentFilter,
    SubscriptionGroupFilter,
)
from unless.definitions.issues import CheckCode, Mistake, choices, nearest
from unless.definitions.models import Segment
from unless.definitions.operators import Operators

type Leaf = (
    AttributeFilter
    | SubscriptionGroupFilter
    | EventFilter
    | ReceivedFilter
    | PurchaseTotalFilter
    | SegmentFilter
)

COUNT_OPERATORS = frozenset({"eq", "ne", "in", "not_in", "gt", "gte", "lt", "lte"})
"""What can be asked of a number."""


@dataclass(frozen=True, slots=True)
class KnownSegments:
    """The audiences of the segments that are defined; `refused` are there, but wrong."""

    audiences: Mapping[str, Audience]
    refused: frozenset[str] = frozenset()

    def names(self) -> list[str]:
        """Return the ids of all segments that are there."""
        return sorted(self.audiences.keys() | self.refused)


def leaves(audience: Audience, path: Path) -> Iterator[tuple[Path, Leaf]]:
    """Yield each filter of the tree that holds no other, with its place."""
    match audience:
        case AllOf():
            for place, part in enumerate(audience.all):
                yield from leaves(part, (*path, "all", place))
        case AnyOf():
            for place, part in enumerate(audience.any):
                yield from leaves(part, (*path, "any", place))
        case NotOf():
            yield from leaves(audience.not_, (*path, "not"))
        case _:
            yield path, audience


def audience_mistakes(audience: Audience, place: Path, known: KnownSegments) -> Iterator[Mistake]:
    """Yield what is wrong in an audience that stands at that place of a definition."""
    for path, leaf in leaves(audience, place):
        match leaf:
            case SegmentFilter() if leaf.segment not in known.names():
                yield _unknown_segment(path, leaf.segment, known.names())
            case EventFilter():
                yield from _not_kept(path, leaf)
                yield from _no_number((*path, "count"), leaf.count)
            case ReceivedFilter():
                yield from _no_number((*path, "count"), leaf.count)
            case PurchaseTotalFilter():
                yield from _no_number((*path, "purchase_total"), leaf.purchase_total)


def _unknown_segment(path: Path, name: str, names: list[str]) -> Mistake:
    offered = nearest(name, names)
    known = f"Known are {choices(names)}." if names else "No segment is defined yet."
    remedy = f"Did you mean `{offered}`? {known}" if offered else f"Define it in segments/. {known}"
    effect = (
        "It would let everyone pass, whoever they are: a `not` around nobody is everybody."
        if path.count("not") % 2
        else f"Nobody is in `{name}`, so nobody would pass."
    )
    message = f"there is no segment `{name}`"
    return Mistake(CheckCode.UNKNOWN_SEGMENT, (*path, "segment"), message, remedy, effect)


def _not_kept(path: Path, leaf: EventFilter) -> Iterator[Mistake]:
    for key in leaf.where:
        if leaf.event == "purchase" and key.strip('"') == "product_id":
            continue
        kept = "by `product_id` only" if leaf.event == "purchase" else "without its properties"
        yield Mistake(
            CheckCode.FILTER_NOT_KEPT,
            (*path, "where", key),
            f"the history of `{leaf.event}` is kept {kept}, so `{key}` cannot be asked of it",
            "Let the app report an event of its own for these, or set an attribute.",
            f"Any `{leaf.event}` would count, whatever its `{key}`: people would be let in, or "
            "kept out, because of something else that they did.",
        )


def _no_number(path: Path, condition: Operators | None) -> Iterator[Mistake]:
    for operator, value in (condition.conditions() if condition else {}).items():
        values = value if isinstance(value, tuple) else (value,)
        numbers = all(isinstance(each, int | float) and each is not True for each in values)
        if operator not in COUNT_OPERATORS or not numbers:
            yield Mistake(
                CheckCode.BAD_VALUE,
                path,
                f"`{operator}` compares with a number here, and nothing else ever matches",
                "Write a number, or one of eq, ne, in, not_in, gt, gte, lt, lte with numbers.",
                "Nobody would pass this, however often they have done it.",
            )


def circle_mistakes(name: str, segment: Segment, known: KnownSegments) -> Iterator[Mistake]:
    """Yield a mistake when the segment is made of itself, by way of others or directly."""
    for path, leaf in leaves(segment.audience, ("audience",)):
        if isinstance(leaf, SegmentFilter) and name in reached_from(leaf.segment, known):
            yield Mistake(
                CheckCode.BAD_VALUE,
                (*path, "segment"),
                f"the segment `{name}` is made of itself, by way of `{leaf.segment}`",
                "Remove one of the segments from the circle.",
                "Nobody could say who is in it, and so nobody would pass.",
            )
            return


def reached_from(name: str, known: KnownSegments) -> set[str]:
    """Return the segment and all that it is made of."""
    reached, waiting = {name}, [name]
    while waiting:
        audience = known.audiences.get(waiting.pop())
        for _, leaf in leaves(audience, ()) if audience else ():
            if isinstance(leaf, SegmentFilter) and leaf.segment not in reached:
                reached.add(leaf.segment)
                waiting.append(leaf.segment)
    return reached
