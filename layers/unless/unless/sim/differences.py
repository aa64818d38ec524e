"""
What differs between two versions for one trigger, one entry or one message of a journey.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from unless.engine.records import Outcome, Reason, Record
from unless.sim.report import Goal, Owner, goal_of

EXAMPLES_MAX = 3
"""Most examples kept of one kind of difference, that is for the same two reasons."""


class Part(StrEnum):
    """What of a campaign or journey is compared."""

    SENDS = "sends"
    ENTRIES = "entries"
    MESSAGES = "messages"


class Change(StrEnum):
    """How the new version differs: for whom it sends, when, or why it does not."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


class Subject(NamedTuple):
    """What is compared of a campaign or journey."""

    owner: Owner
    part: Part


class Why(NamedTuple):
    """A kind of difference: the outcomes and reasons before and now; None where there is none."""

    subject: Subject
    change: Change
    old: tuple[Outcome | None, Reason | None]
    new: tuple[Outcome | None, Reason | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """
    One trigger, entry or message that the two versions treat differently.

    `old` and `new` are the records that say so. One that is `scheduled` or `entered` is still on
    its way, None stands where nothing was decided. For a message of a journey that was never
    reached it is the record of the run's end.
    """

    subject: Subject
    change: Change
    user: str
    event: str
    step: str | None
    old: Record | None
    new: Record | None

    @property
    def why(self) -> Why:
        """The kind of difference that this is one of."""
        return Why(self.subject, self.change, _end(self.old), _end(self.new))

    @property
    def shift(self) -> timedelta:
        """How much later the message goes out; below zero: earlier; zero unless it is moved."""
        if self.change is not Change.MOVED or self.old is None or self.new is None:
            return timedelta()
        return goes_at(self.new) - goes_at(self.old)


def _end(record: Record | None) -> tuple[Outcome | None, Reason | None]:
    return (record.outcome, record.reason) if record else (None, None)


def goes_at(record: Record) -> datetime:
    """Return when the message of a record is sent or due, UTC."""
    return record.at if record.outcome is Outcome.SENT or record.due is None else record.due


def change_of(part: Part, old: Record | None, new: Record | None) -> Change | None:
    """
    Return how what became of a trigger differs; None when nobody would notice.

    A trigger that one version does not know, and of which the other makes nothing, is no
    difference.
    """
    before, now = goes(part, old), goes(part, new)
    if before != now:
        return Change.ADDED if now else Change.REMOVED
    if old is None or new is None:
        return None
    if part is Part.ENTRIES or not now:
        return Change.CHANGED if _end(old) != _end(new) else None
    return Change.MOVED if goes_at(old) != goes_at(new) else None


def goes(part: Part, record: Record | None) -> bool:
    """Whether the record says that the message goes out, or that the user enters the journey."""
    if record is None:
        return False
    if part is Part.ENTRIES:
        return record.outcome in (Outcome.ENTERED, Outcome.EXITED, Outcome.COMPLETED)
    return record.outcome in (Outcome.SENT, Outcome.SCHEDULED)


@dataclass(slots=True)
class Tally:
    """
    How much of what differs: it grows with the users for whom something does.

    `before` and `now` count what goes out or enters, `shifts` how much later and earlier messages
    go, `conversions` what came of them before and now.
    """

    before: Counter[Subject] = field(default_factory=Counter)
    now: Counter[Subject] = field(default_factory=Counter)
    changes: Counter[tuple[Subject, Change]] = field(default_factory=Counter)
    why: Counter[Why] = field(default_factory=Counter)
    users: dict[Why, set[str]] = field(default_factory=dict)
    shifts: dict[Subject, Counter[timedelta]] = field(default_factory=dict)
    examples: dict[Why, list[Difference]] = field(default_factory=dict)
    conversions: tuple[Counter[Goal], Counter[Goal]] = field(
        default_factory=lambda: (Counter(), Counter())
    )

    def came_of(self, record: Record, side: int) -> None:
        """Count a conversion on the old (0) or the new side (1): what came of it, no decision."""
        if record.outcome is Outcome.CONVERTED:
            self.conversions[side][goal_of(record)] += 1

    def saw(self, subject: Subject, old: Record | None, new: Record | None) -> None:
        """Count what goes out, whether it differs or not."""
        self.before[subject] += goes(subject.part, old)
        self.now[subject] += goes(subject.part, new)

    def take(self, difference: Difference) -> None:
        """Count a difference, and keep it as an example while there are few."""
        why = difference.why
        self.changes[why.subject, why.change] += 1
        self.why[why] += 1
        self.users.setdefault(why, set()).add(difference.user)
        if shift := difference.shift:
            self.shifts.setdefault(why.subject, Counter())[shift] += 1
        kept = self.examples.setdefault(why, [])
        if len(kept) < EXAMPLES_MAX:
            kept.append(difference)

    def subjects(self) -> list[Subject]:
        """Return what was compared, campaigns before journeys, by id."""
        return sorted(self.before.keys() | self.now.keys())

    def differing(self) -> list[Subject]:
        """Return what differs."""
        changed = {subject for subject, _ in self.changes}
        return [subject for subject in self.subjects() if subject in changed]

    def whys(self, subject: Subject, change: Change) -> Iterator[Why]:
        """Yield the kinds of a change, the commonest first."""
        for why, _ in self.why.most_common():
            if (why.subject, why.change) == (subject, change):
                yield why
