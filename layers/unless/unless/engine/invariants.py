"""
What holds of every history: each trigger ends exactly once, or is still pending (SPEC section 6).

    campaign   triggers = skipped + scheduled    scheduled = sent + cancelled + pending
    journey    triggers = skipped + entered      entered = exited + completed + running

Pure, over decision records and due items: the tests ask it of every history that they make, and
`unless why --audit` of a stack.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from unless.definitions.models import Kind
from unless.engine.balance import Balance, Broken, Counts, Violation
from unless.engine.fold import ID_MEMORY
from unless.engine.model import DueItem, Run
from unless.engine.records import AFTERWARDS, OPEN, Outcome, Record


@dataclass(frozen=True, slots=True)
class Open:
    """
    A pending send or a present run, as far as it is known.

    `event` and `triggered_at` are None where an index shows them not.
    """

    user: str
    kind: Kind
    definition: str
    item: str
    event: str | None = None
    triggered_at: datetime | None = None


def open_item(item: DueItem) -> Open:
    """Return the due item as what is still open."""
    kind = Kind.JOURNEY if isinstance(item, Run) else Kind.CAMPAIGN
    return Open(item.user, kind, item.definition, item.id, item.event, item.triggered_at)


def balance(
    records: Iterable[Record], waiting: Iterable[Open], *, since: datetime | None = None
) -> Balance:
    """
    Return the counts of each definition and everything that cannot be right.

    `waiting` is everything pending, also what only waits for its definition's stop to be recorded.
    Records from before `since` may be missing and are left out; without it the history is whole,
    and nothing may end that no record has begin.
    """
    subjects: dict[tuple[str, Kind, str], _Subject] = defaultdict(_Subject)
    for record in records:
        if record.outcome not in AFTERWARDS and (since is None or record.at >= since):
            subjects[record.user, record.kind, record.definition].records.append(record)
    for item in waiting:
        subjects[item.user, item.kind, item.definition].waiting.append(item)
    total: dict[tuple[Kind, str], Counts] = {}
    violations: list[Violation] = []
    for (user, kind, definition), subject in subjects.items():
        found = _Judged(user, kind, definition, since)
        found.judge(subject)
        total[kind, definition] = total.get((kind, definition), Counts()) + found.counts
        violations.extend(found.violations)
    return Balance(total, tuple(violations))


@dataclass(slots=True)
class _Subject:
    """All that is known of one user and one definition."""

    records: list[Record] = field(default_factory=list)
    waiting: list[Open] = field(default_factory=list)


@dataclass(slots=True)
class _Thread:
    """A send from its beginning to its end; or the runs of one event, of which there is one."""

    begins: list[Record] = field(default_factory=list)
    others: list[Record] = field(default_factory=list)
    ends: list[Record] = field(default_factory=list)
    waiting: list[Open] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        return sorted([*self.begins, *self.others, *self.ends], key=lambda record: record.at)

    @property
    def missing(self) -> int:
        """How many of those that began have neither ended nor are they waiting."""
        return max(len(self.begins), 1) - len(self.ends) - len(self.waiting)


class _Judged:
    """One user and one definition, judged."""

    def __init__(self, user: str, kind: Kind, definition: str, since: datetime | None) -> None:
        self._about = (user, kind, definition)
        self._since = since
        self.counts = Counts()
        self.violations: list[Violation] = []

    def judge(self, subject: _Subject) -> None:
        """Count what is known, and note what cannot be right."""
        refused = [r for r in subject.records if _is_refusal(r)]
        messages = [r for r in subject.records if r.step is not None]
        threads = _threads(subject)
        for key, thread in threads.items():
            self._judge_thread(key, thread)
        begins = [record for thread in threads.values() for record in thread.begins]
        self._decided_twice([*begins, *refused])
        self._message_twice(messages)
        ends = Counter(r.outcome for thread in threads.values() for r in thread.ends)
        self.counts = Counts(
            began=sum(self._began(thread) for thread in threads.values()),
            refused=len(refused),
            ended=ends,
            waiting=len(subject.waiting),
            messages=Counter(record.outcome for record in messages),
        )

    def _began(self, thread: _Thread) -> int:
        is_send = self._about[1] is Kind.CAMPAIGN
        return 1 if is_send else max(len(thread.begins), 1)

    def _judge_thread(self, key: str, thread: _Thread) -> None:
        began = self._began(thread)
        if len(thread.ends) > began:
            self._note(Broken.ENDED_TWICE, key, thread)
        elif len(thread.ends) + len(thread.waiting) > began:
            self._note(Broken.STILL_PENDING, key, thread)
        elif len(thread.ends) + len(thread.waiting) < began:
            self._note(Broken.LOST, key, thread)
        if not thread.begins and self._must_have_begun(thread):
            self._note(Broken.NOT_BEGUN, key, thread)

    def _must_have_begun(self, thread: _Thread) -> bool:
        """Whether the record of the beginning cannot be gone by now."""
        if self._since is None:
            return True
        return not thread.ends and any(
            item.triggered_at is None or item.triggered_at >= self._since for item in thread.waiting
        )

    def _decided_twice(self, decisions: Iterable[Record]) -> None:
        by_event: dict[str, list[Record]] = defaultdict(list)
        for record in decisions:
            by_event[record.event].append(record)
        for event, several in by_event.items():
            several.sort(key=lambda record: record.at)
            # After that time the same id is another event's (V1).
            if any(later.at - first.at < ID_MEMORY for first, later in pairwise(several)):
                self._add(Broken.DECIDED_TWICE, event, None, several)

    def _message_twice(self, messages: Iterable[Record]) -> None:
        by_send: dict[str | None, list[Record]] = defaultdict(list)
        for record in messages:
            by_send[record.send].append(record)
        for send, several in by_send.items():
            if len(several) > 1:
                self._add(Broken.MESSAGE_TWICE, several[0].event, send, several)

    def _note(self, broken: Broken, key: str, thread: _Thread) -> None:
        known = (*(r.event for r in thread.records), *(item.event for item in thread.waiting))
        event = next((event for event in known if event is not None), None)
        send = key if self._about[1] is Kind.CAMPAIGN else None
        self._add(broken, event, send, thread.records)

    def _add(
        self, broken: Broken, event: str | None, send: str | None, records: Sequence[Record]
    ) -> None:
        self.violations.append(Violation(broken, *self._about, event, send, tuple(records)))


def _is_refusal(record: Record) -> bool:
    """Whether the record says that a trigger began nothing."""
    return record.outcome is Outcome.SKIPPED and record.step is None


def _threads(subject: _Subject) -> dict[str, _Thread]:
    """Return the sends of a user by their ids, or the runs by the ids of their events."""
    threads: dict[str, _Thread] = defaultdict(_Thread)
    for record in subject.records:
        if _is_refusal(record):
            continue
        is_send = record.kind is Kind.CAMPAIGN and record.send is not None
        thread = threads[record.send if is_send and record.send else record.event]
        _place(thread, record).append(record)
    unknown = [item for item in subject.waiting if _key(item) is None]
    for item in subject.waiting:
        if (key := _key(item)) is not None:
            threads[key].waiting.append(item)
    for item, key in zip(unknown, _vacancies(threads, unknown), strict=True):
        threads[key].waiting.append(item)
    return threads


def _place(thread: _Thread, record: Record) -> list[Record]:
    if record.step is not None or record.moved_by is not None:
        return thread.others
    return thread.begins if record.outcome in OPEN else thread.ends


def _key(item: Open) -> str | None:
    """Return the thread to which the item belongs; None for a run whose event is not known."""
    return item.item if item.kind is Kind.CAMPAIGN else item.event


def _vacancies(threads: dict[str, _Thread], unknown: Sequence[Open]) -> Iterator[str]:
    """Yield a thread for each run whose event is not known: one that misses a run, while any."""
    vacant = [key for key, thread in threads.items() for _ in range(max(thread.missing, 0))]
    yield from vacant[: len(unknown)]
    yield from (item.item for item in unknown[len(vacant) :])
