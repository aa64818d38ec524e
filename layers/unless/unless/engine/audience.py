"""
Audience filters, compiled: may this user receive the message (SPEC section 3)?
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from unless.definitions.filters import (
    AllOf,
    AnyOf,
    AttributeFilter,
    Audience,
    EventFilter,
    NotOf,
    Operators,
    PurchaseTotalFilter,
    ReceivedFilter,
    SegmentFilter,
    SubscriptionGroupFilter,
)
from unless.engine.filters import (
    Clause,
    Filter,
    compile_at_path,
    compile_operators,
    compile_where,
    shown,
)
from unless.engine.history import PURCHASE, in_last
from unless.engine.model import History, UserState
from unless.engine.paths import parse_path
from unless.engine.records import Mismatch

AT_LEAST_ONCE = Operators(gte=1)
"""What `count` means where none is given."""


class Subject:
    """A user at an instant: what an audience is judged against."""

    def __init__(self, state: UserState, now: datetime) -> None:
        """Take the state as it is to be seen: new attributes, history without the event (V3)."""
        self.state = state
        self.now = now

    @cached_property
    def attributes(self) -> Mapping[str, Any]:
        """The present attributes, put together once however many filters ask."""
        return self.state.attribute_values()


@dataclass(frozen=True, slots=True)
class Node:
    """
    One filter of the tree, compiled.

    `path` names what it looks at and `wanted` what it asks, for the record of a `not` around it.
    """

    path: str
    wanted: Any
    mismatch: Callable[[Subject], Mismatch | None]
    actual: Callable[[Subject], Any]


class CompiledAudience:
    """Who may receive a message; without a filter, everyone."""

    __slots__ = ("_root",)

    def __init__(self, root: Node | None) -> None:
        """Make the audience of this tree."""
        self._root = root

    def mismatch(self, state: UserState, now: datetime) -> Mismatch | None:
        """Return why the user is not in the audience at that instant, None if they are."""
        return self._root.mismatch(Subject(state, now)) if self._root else None


def compile_audience(
    audience: Audience | None, segments: Mapping[str, Audience]
) -> CompiledAudience:
    """
    Return the audience that a checked filter describes, with its segments put in their places.

    Raises:
        ValueError: a segment does not exist or contains itself; the definitions were not checked.
    """
    compiler = _Compiler(segments)
    return CompiledAudience(compiler.node(audience) if audience is not None else None)


class _Compiler:
    """Compiles one audience, and each segment in it once."""

    def __init__(self, segments: Mapping[str, Audience]) -> None:
        self._segments = segments
        self._compiled: dict[str, Node | None] = {}

    def node(self, audience: Audience) -> Node:
        match audience:
            case AllOf(all=parts):
                return _all_of([self.node(part) for part in parts])
            case AnyOf(any=parts):
                return _any_of([self.node(part) for part in parts])
            case NotOf(not_=part):
                return _not_of(self.node(part))
            case SegmentFilter(segment=name):
                return self._segment(name)
            case AttributeFilter():
                return _attribute(audience)
            case SubscriptionGroupFilter():
                return _subscription_group(audience)
            case EventFilter():
                return _event(audience)
            case ReceivedFilter():
                return _received(audience)
            case PurchaseTotalFilter():
                return _purchase_total(audience)

    def _segment(self, name: str) -> Node:
        if name not in self._compiled:
            if name not in self._segments:
                raise ValueError(f"there is no segment {name!r}")
            self._compiled[name] = None
            self._compiled[name] = self.node(self._segments[name])
        node = self._compiled[name]
        if node is None:
            raise ValueError(f"the segment {name!r} contains itself")
        return node


def _all_of(parts: Sequence[Node]) -> Node:
    def mismatch(subject: Subject) -> Mismatch | None:
        return next((failed for part in parts if (failed := part.mismatch(subject))), None)

    return _together(parts, mismatch)


def _any_of(parts: Sequence[Node]) -> Node:
    def mismatch(subject: Subject) -> Mismatch | None:
        failed: Mismatch | None = Mismatch("any", "any", [], None)
        for part in parts:
            failed = part.mismatch(subject)
            if failed is None:
                return None
        return failed

    return _together(parts, mismatch)


def _together(parts: Sequence[Node], mismatch: Callable[[Subject], Mismatch | None]) -> Node:
    return Node(
        path=", ".join(dict.fromkeys(part.path for part in parts)),
        wanted=[part.wanted for part in parts],
        mismatch=mismatch,
        actual=lambda subject: [part.actual(subject) for part in parts],
    )


def _not_of(part: Node) -> Node:
    def mismatch(subject: Subject) -> Mismatch | None:
        if part.mismatch(subject) is not None:
            return None
        return Mismatch(part.path, "not", part.wanted, part.actual(subject))

    return Node(part.path, {"not": part.wanted}, mismatch, part.actual)


def _attribute(written: AttributeFilter) -> Node:
    path = parse_path(written.attribute)
    judge = compile_at_path(written, path)

    def actual(subject: Subject) -> Any:
        found = path.values(subject.attributes)
        return shown(found if path.is_array else found[0]) if found else None

    return Node(
        path=path.text,
        wanted=compile_operators(written, path.text).wanted,
        mismatch=lambda subject: judge(subject.attributes, subject.now),
        actual=actual,
    )


def _single(clause: Clause, value: Callable[[Subject], Any]) -> Node:
    return Node(
        path=clause.path,
        wanted=clause.wanted,
        mismatch=lambda subject: clause.mismatch(value(subject), subject.now),
        actual=lambda subject: shown(value(subject)),
    )


def _subscription_group(written: SubscriptionGroupFilter) -> Node:
    name = written.subscription_group

    def value(subject: Subject) -> Any:
        group = subject.state.groups.get(name)
        return group.value if group else None

    return _single(compile_operators(written, f"subscription group {name}"), value)


def _purchase_total(written: PurchaseTotalFilter) -> Node:
    clause = compile_operators(written.purchase_total, "purchase_total", exact=True)
    return _single(clause, lambda subject: Decimal(subject.state.purchases.total))


def _event(written: EventFilter) -> Node:
    name = written.event
    if not written.where:
        return _past(written, name, lambda subject: subject.state.history.get(name, History()))
    where = compile_where(written.where)
    return _past(written, name, lambda subject: _of_products(subject, name, where))


def _received(written: ReceivedFilter) -> Node:
    name = written.received
    return _past(
        written,
        f"received {name}",
        lambda subject: subject.state.received.get(name, History()),
    )


def _of_products(subject: Subject, event: str, where: Filter) -> History:
    """Return the history of the purchases whose product passes; of no other event it is kept."""
    products = subject.state.purchases.products if event == PURCHASE else {}
    return _sum(
        [
            history
            for product, history in products.items()
            if where.mismatch({"product_id": product}, subject.now) is None
        ]
    )


def _sum(histories: Sequence[History]) -> History:
    """Return the histories as one; its first time is unknown when one of theirs is."""
    firsts = [history.first for history in histories]
    known = [first for first in firsts if first is not None]
    days: dict[Any, int] = {}
    for history in histories:
        for day, count in history.days.items():
            days[day] = days.get(day, 0) + count
    return History(
        count=sum(history.count for history in histories),
        first=min(known) if known and len(known) == len(firsts) else None,
        last=max((h.last for h in histories if h.last is not None), default=None),
        days=days,
    )


def _past(
    written: EventFilter | ReceivedFilter, name: str, history_of: Callable[[Subject], History]
) -> Node:
    """Return the filter on how often, first and last something happened."""
    days = written.in_last
    recently = f" in the last {days} days" if days else ""
    count = compile_operators(written.count or AT_LEAST_ONCE, f"count of {name}{recently}")
    times = [
        (end, compile_operators(asked, f"{end} {name}"))
        for end, asked in (("first", written.first), ("last", written.last))
        if asked is not None
    ]

    def counted(history: History, now: datetime) -> int:
        return in_last(history, days, now) if days else history.count

    def mismatch(subject: Subject) -> Mismatch | None:
        history = history_of(subject)
        failed = count.mismatch(counted(history, subject.now), subject.now)
        for end, clause in times:
            failed = failed or _unless_known(clause, getattr(history, end), subject.now)
        return failed

    def actual(subject: Subject) -> Any:
        history = history_of(subject)
        ends = {end: shown(getattr(history, end)) for end, _ in times}
        return {"count": counted(history, subject.now)} | ends

    wanted = {"count": count.wanted} | {end: clause.wanted for end, clause in times}
    return Node(name, wanted, mismatch, actual)


def _unless_known(clause: Clause, at: datetime | None, now: datetime) -> Mismatch | None:
    """Return the clause's answer; to what never happened, or is not known, no operator applies."""
    if at is None:
        first = clause.conditions[0]
        return Mismatch(clause.path, first.op, first.expected, None)
    return clause.mismatch(at, now)
