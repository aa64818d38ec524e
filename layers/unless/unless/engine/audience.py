"""
Audience filters, compiled: may this user receive the message (SPEC section 3)?
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

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
from unless.engine.audience_node import Node, Subject
from unless.engine.audience_past import event_node, received_node
from unless.engine.filters import Clause, compile_at_path, compile_operators, shown
from unless.engine.model import UserState
from unless.engine.paths import parse_path
from unless.engine.records import Mismatch


class CompiledAudience:
    """Who may receive a message; without a filter, everyone."""

    __slots__ = ("_root",)

    def __init__(self, root: Node | None) -> None:
        """Make the audience of this tree."""
        self._root = root

    def mismatch(self, state: UserState, now: datetime) -> Mismatch | None:
        """Return why the user is not in the audience at that instant, None if they are."""
        return self._root.mismatch(Subject(state, now)) if self._root else None

    def mismatches(self, state: UserState, now: datetime) -> tuple[Mismatch, ...]:
        """Return every filter that keeps the user out at that instant, of those in an `all`."""
        return tuple(self._root.mismatches(Subject(state, now))) if self._root else ()


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
                return event_node(audience)
            case ReceivedFilter():
                return received_node(audience)
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

    return replace(_together(parts, mismatch), parts=tuple(parts))


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
