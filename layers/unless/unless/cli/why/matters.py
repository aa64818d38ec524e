"""
What belongs together: all records of one trigger for one campaign or journey, and what is pending
of it now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from unless.definitions.models import Kind
from unless.engine.model import DueItem, Run
from unless.engine.records import AFTERWARDS, OPEN, Outcome, Reason, Record


class Subject(NamedTuple):
    """What a matter is about: a send of a campaign, by its id, or a run of a journey."""

    kind: Kind
    definition: str
    event: str
    send: str


@dataclass(frozen=True, slots=True)
class Matter:
    """
    What came of one trigger: its decisions, newest first, and the due item if one is pending.

    `after` is what came of its messages, oldest first; alone, it is of messages whose own records
    are not kept any more.
    """

    subject: Subject
    records: tuple[Record, ...]
    item: DueItem | None = None
    after: tuple[Record, ...] = ()

    @property
    def closing(self) -> Record | None:
        """The record that ended it, None while it goes on."""
        return next((r for r in self.records if r.outcome not in OPEN and not r.step), None)

    @property
    def opening(self) -> Record | None:
        """The record with which it began, None when that is not kept any more."""
        return next((r for r in reversed(self.records) if r.outcome in OPEN), None)

    @property
    def trigger(self) -> str | None:
        """The name of the event that began it."""
        names = (record.name for record in self.records if record.name)
        return self.item.name if self.item else next(names, None)

    @property
    def at(self) -> datetime:
        """When it was last decided about, UTC."""
        since = [self.item.since] if self.item else []
        decided = [record.at for record in self.records]
        return max(decided or since or [record.at for record in self.after])

    @property
    def is_run(self) -> bool:
        """Whether somebody entered a journey by it."""
        is_refused = self.closing is not None and self.closing.outcome is Outcome.SKIPPED
        is_known = bool(self.records) or self.item is not None
        return self.subject.kind is Kind.JOURNEY and is_known and not is_refused


def matters(records: Sequence[Record], items: Iterable[DueItem] = ()) -> list[Matter]:
    """Return what the records, newest first, and the due items are about, the newest first."""
    decided = [record for record in records if record.outcome not in AFTERWARDS]
    told: dict[Subject, list[Record]] = {}
    for record in decided:
        told.setdefault(_subject(record), []).append(record)
    waiting = {_subject_of(item): item for item in items}
    after = _after(records, decided)
    found = [
        Matter(each, tuple(told.get(each, ())), waiting.get(each), tuple(after.get(each, ())))
        for each in dict.fromkeys((*told, *waiting, *after))
    ]
    return sorted(found, key=lambda matter: matter.at, reverse=True)


def _after(records: Sequence[Record], decided: Sequence[Record]) -> dict[Subject, list[Record]]:
    """Return what came of messages, oldest first, by the trigger that led to the message."""
    sends = {(each.kind, each.definition, each.send): _subject(each) for each in decided}
    found: dict[Subject, list[Record]] = {}
    for record in reversed(records):
        if record.outcome not in AFTERWARDS:
            continue
        send = (record.kind, record.definition, record.send)
        unknown = Subject(record.kind, record.definition, "", record.send or "")
        subject = sends.get(send) if record.send else _latest(record, decided)
        found.setdefault(subject or unknown, []).append(record)
    return found


def _latest(record: Record, decided: Iterable[Record]) -> Subject | None:
    """
    Return the trigger of what a record without a `send` is probably about: the last message before
    it, or of a conversion in the control group the last trigger that left the user without one.
    """
    about = (record.kind, record.definition, record.step)
    for each in decided:
        if (each.kind, each.definition, each.step) != about or each.at > record.at:
            continue
        is_control = each.reason is Reason.CONTROL_GROUP
        if is_control if record.reason is Reason.CONTROL_GROUP else each.outcome is Outcome.SENT:
            return _subject(each)
    return None


def _subject(record: Record) -> Subject:
    send = record.send if record.kind is Kind.CAMPAIGN else None
    return Subject(record.kind, record.definition, record.event, send or "")


def _subject_of(item: DueItem) -> Subject:
    if isinstance(item, Run):
        return Subject(Kind.JOURNEY, item.definition, item.event, "")
    return Subject(Kind.CAMPAIGN, item.definition, item.event, item.id)
