"""
Audience filters on the past: how often, first and last a user did or received something.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from unless.definitions.filters import EventFilter, Operators, ReceivedFilter
from unless.engine.audience_node import Node, Subject
from unless.engine.filters import Clause, Filter, compile_operators, compile_where, shown
from unless.engine.history import PURCHASE, in_last
from unless.engine.model import History
from unless.engine.records import Mismatch

AT_LEAST_ONCE = Operators(gte=1)
"""What `count` means where none is given."""


def event_node(written: EventFilter) -> Node:
    """Return the filter on the history of an event, of some products where it says so."""
    name = written.event
    if not written.where:
        return _past(written, name, lambda subject: subject.state.history.get(name, History()))
    where = compile_where(written.where)
    return _past(written, name, lambda subject: _of_products(subject, name, where))


def received_node(written: ReceivedFilter) -> Node:
    """Return the filter on the receipts of a campaign."""
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
