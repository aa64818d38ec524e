"""
Compares what two versions decide about the same events: per trigger event and definition, and per
message of a run.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from unless.definitions.models import Kind
from unless.engine.model import DueItem
from unless.engine.records import AFTERWARDS, OPEN, Outcome, Record
from unless.sim.differences import Change, Difference, Part, Subject, Tally, change_of
from unless.sim.lock_step import Both
from unless.sim.replay import Step
from unless.sim.report import Owner, owner_of
from unless.sim.world import PureWorld

OLD, NEW = 0, 1
"""Which of two sides; wherever both stand in a list, the old one comes first."""


class Trigger(NamedTuple):
    """The event of a user that a campaign or journey was triggered by."""

    user: str
    owner: Owner
    event: str


@dataclass(slots=True)
class _Thread:
    """
    What became of one trigger on both sides so far.

    `awaits_other` says that the other side may still come to it, for what derives from messages
    happens when they are sent. `steps` are the messages of a run that one side has a record of.
    """

    awaits_other: bool
    ends: list[Record | None] = field(default_factory=lambda: [None, None])
    is_open: list[bool] = field(default_factory=lambda: [False, False])
    steps: dict[str, list[Record | None]] = field(default_factory=dict)

    def note(self, side: int, record: Record) -> None:
        """Take in a record of one side."""
        if record.outcome in OPEN:
            self.is_open[side] = True
        elif record.step is not None:
            self.steps.setdefault(record.step, [None, None])[side] = record
        else:
            self.ends[side], self.is_open[side] = record, False

    @property
    def is_over(self) -> bool:
        """Whether nothing more can come of it."""
        return not any(self.is_open) and not (self.awaits_other and None in self.ends)


@dataclass(slots=True)
class Comparison:
    """
    The differences between two replays in lock step, as they come to light.

    In memory is what is still on its way on one of the sides, and what `tally` counts.
    """

    tally: Tally = field(default_factory=Tally)
    _threads: dict[Trigger, _Thread] = field(default_factory=dict)

    def take(self, both: Both) -> Iterator[Difference]:
        """Yield the differences that are certain with this step."""
        touched: dict[Trigger, _Thread] = {}
        for side, step in enumerate(both):
            for record in step.records if step else ():
                if record.outcome in AFTERWARDS:
                    self.tally.came_of(record, side)
                elif not record.moved_by:
                    trigger = _trigger(record)
                    touched[trigger] = self._note(trigger, side, record, step)
        for trigger, thread in touched.items():
            yield from self._both_known(trigger, thread)
            if thread.is_over:
                del self._threads[trigger]
                yield from self._settled(trigger, thread)

    def finish(self, old: PureWorld, new: PureWorld) -> Iterator[Difference]:
        """Yield the differences in what is still on its way at the end."""
        for side, world in enumerate((old, new)):
            for item in world.pending():
                trigger = Trigger(item.user, owner_of(item), item.event)
                thread = self._threads.setdefault(trigger, _Thread(awaits_other=False))
                thread.ends[side] = _on_its_way(item)
        for trigger, thread in self._threads.items():
            yield from self._settled(trigger, thread)
        self._threads.clear()

    def _note(self, trigger: Trigger, side: int, record: Record, step: Step | None) -> _Thread:
        thread = self._threads.get(trigger)
        if thread is None:
            thread = self._threads[trigger] = _Thread(not _is_of(record, step))
        thread.note(side, record)
        return thread

    def _both_known(self, trigger: Trigger, thread: _Thread) -> Iterator[Difference]:
        """Yield the differences in messages of a run that both sides have a record of."""
        for step in [step for step, records in thread.steps.items() if None not in records]:
            old, new = thread.steps.pop(step)
            yield from self._compared(trigger, Part.MESSAGES, step, old, new)

    def _settled(self, trigger: Trigger, thread: _Thread) -> Iterator[Difference]:
        old, new = thread.ends
        if trigger.owner.kind is Kind.CAMPAIGN:
            yield from self._compared(trigger, Part.SENDS, None, old, new)
            return
        yield from self._compared(trigger, Part.ENTRIES, None, old, new)
        if thread.steps and all(end is None or end.outcome not in OPEN for end in thread.ends):
            for step, (before, now) in thread.steps.items():
                # A message that was not reached is told by how the run ended.
                yield from self._compared(trigger, Part.MESSAGES, step, before or old, now or new)

    def _compared(
        self, trigger: Trigger, part: Part, step: str | None, old: Record | None, new: Record | None
    ) -> Iterator[Difference]:
        subject = Subject(trigger.owner, part)
        self.tally.saw(subject, old, new)
        change = change_of(part, old, new)
        if change is None or (change is Change.CHANGED and _not_reached(step, old, new)):
            return
        difference = Difference(subject, change, trigger.user, trigger.event, step, old, new)
        self.tally.take(difference)
        yield difference


def _trigger(record: Record) -> Trigger:
    return Trigger(record.user, Owner(record.kind, record.definition), record.event)


def _is_of(record: Record, step: Step | None) -> bool:
    """
    Whether the trigger is the step's event or derived from it.

    Both sides decide about that in the same step, so one that says nothing will never do.
    """
    if step is None or step.event is None:
        return False
    return record.event == step.event.id or record.event.startswith(f"{step.event.id}#")


def _not_reached(step: str | None, *records: Record | None) -> bool:
    """Whether one side never came to this message of a run, so that there is nothing to compare."""
    return step is not None and any(record and record.step != step for record in records)


def _on_its_way(item: DueItem) -> Record:
    """Return what stands for a send or run that has not ended: it is scheduled, or entered."""
    owner = owner_of(item)
    outcome = Outcome.SCHEDULED if owner.kind is Kind.CAMPAIGN else Outcome.ENTERED
    return Record(
        at=item.triggered_at,
        user=item.user,
        definition=item.definition,
        outcome=outcome,
        event=item.event,
        name=item.name,
        kind=owner.kind,
        due=item.due,
    )


def compared(
    steps: Iterable[Both], old: PureWorld, new: PureWorld, comparison: Comparison
) -> Iterator[Difference]:
    """Yield the differences of two replays in lock step, as they come to light."""
    for both in steps:
        yield from comparison.take(both)
    yield from comparison.finish(old, new)
