"""
The counts of campaigns and journeys, from the records of the ledger or of a simulation.

Records of one user are counted together, so that a message opened three times counts once and a
person who converts twice is one person.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from unless.app.audit import ScannableLedger
from unless.app.audited import PROGRESS_EVERY, distinct
from unless.definitions.models import Kind
from unless.engine.balance import Definition
from unless.engine.records import AFTERWARDS, Outcome, Reason, Record

CAME_TO_NOTHING = (Outcome.CANCELLED, Outcome.SKIPPED, Outcome.EXITED)


@dataclass(slots=True)
class Messages:
    """
    Messages that went out, and what was done with them, each message counted once per action.

    `unknown` of them had no clear answer from the channel, of which `confirmed` were settled later.
    `skipped` counts those of a journey's step that did not go out.
    """

    sent: int = 0
    unknown: int = 0
    confirmed: int = 0
    skipped: int = 0
    actions: Counter[str] = field(default_factory=Counter)

    def take(self, record: Record) -> None:
        """Count the record of one message."""
        self.sent += record.outcome is Outcome.SENT
        self.skipped += record.outcome is Outcome.SKIPPED
        self.unknown += record.reason is Reason.DELIVERY_UNKNOWN
        self.confirmed += "confirmed" in record.detail


@dataclass(slots=True)
class Goal:
    """
    A row of a campaign's `conversions`: how often it was met, and by how many people.

    `users` are those who met it after a message of the time that is counted, `control_users` those
    of the control group. `seconds` are the times from the message to the conversion.
    """

    event: str
    primary: bool
    conversions: int = 0
    users: int = 0
    control_users: int = 0
    seconds: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Counts:
    """
    What is on record of one campaign or journey.

    `reached` are the people to whom a message of it went out, `control` those in its control group
    who would have been sent one. The messages of a journey are in `steps`, too.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: Counter[tuple[Outcome, Reason]] = field(default_factory=Counter)
    messages: Messages = field(default_factory=Messages)
    steps: dict[str, Messages] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    reached: int = 0
    control: int = 0

    @property
    def triggers(self) -> int:
        """How many triggers were decided about."""
        begun = self.outcomes[Outcome.SCHEDULED] + self.outcomes[Outcome.ENTERED]
        return begun + self.outcomes[Outcome.SKIPPED]

    def take(self, records: Sequence[Record]) -> None:
        """Count the records of one user, each given once."""
        decided = [record for record in records if record.outcome not in AFTERWARDS]
        for record in decided:
            self._decision(record)
        sent = {r.send: r.step for r in decided if r.outcome is Outcome.SENT}
        held_back = any(record.reason is Reason.CONTROL_GROUP for record in decided)
        self.reached += bool(sent)
        self.control += held_back
        self._actions([r for r in records if r.outcome is Outcome.INTERACTED], sent)
        converted = [record for record in records if record.outcome is Outcome.CONVERTED]
        self._conversions(converted, reached=bool(sent), held_back=held_back)

    def _decision(self, record: Record) -> None:
        if record.step is not None:
            self.steps.setdefault(record.step, Messages()).take(record)
        if record.step is not None or record.outcome is Outcome.SENT:
            self.messages.take(record)
        if record.step is None:
            self.outcomes[record.outcome] += not record.moved_by
        if record.reason is not None and record.outcome in CAME_TO_NOTHING:
            self.reasons[record.outcome, record.reason] += 1

    def _actions(self, records: Iterable[Record], sent: dict[str | None, str | None]) -> None:
        """Count what was done with messages of this time: of each message, each action once."""
        done = {(record.send, str(record.detail.get("action"))) for record in records}
        for send, action in done:
            if send not in sent:
                continue
            self.messages.actions[action] += 1
            step = sent[send]
            if step is not None:
                self.steps[step].actions[action] += 1

    def _conversions(self, records: Iterable[Record], *, reached: bool, held_back: bool) -> None:
        met: dict[str, set[bool]] = defaultdict(set)
        for record in records:
            row, detail = str(record.detail.get("row", "")), record.detail
            new = Goal(record.name or "", bool(detail.get("primary")))
            goal = self.goals.setdefault(row, new)
            in_control = record.reason is Reason.CONTROL_GROUP
            met[row].add(in_control)
            goal.conversions += not in_control
            if not in_control and isinstance(detail.get("after_s"), int | float):
                goal.seconds.append(int(detail["after_s"]))
        for row, groups in met.items():
            self.goals[row].users += reached and False in groups
            self.goals[row].control_users += held_back and True in groups


@dataclass(slots=True)
class Counted:
    """The counts of every campaign and journey; `first` and `last` are of the oldest, newest."""

    definitions: dict[Definition, Counts] = field(default_factory=dict)
    records: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def take(self, records: Iterable[Record]) -> None:
        """Count all records of one user."""
        by_definition: dict[Definition, list[Record]] = {}
        for record in distinct(records):
            by_definition.setdefault((record.kind, record.definition), []).append(record)
            self.records += 1
            self.first = min(self.first or record.at, record.at)
            self.last = max(self.last or record.at, record.at)
        for definition, own in by_definition.items():
            self.definitions.setdefault(definition, Counts()).take(own)


class Stats:
    """Counts what is on record in a stack; it reads every record and writes nothing."""

    def __init__(self, *, ledger: ScannableLedger, clock: Callable[[], datetime]) -> None:
        """Read from this ledger; `clock` returns the time now, UTC."""
        self._ledger = ledger
        self._clock = clock

    def run(
        self, since: datetime | None = None, progress: Callable[[int], None] = lambda _: None
    ) -> Counted:
        """
        Return the counts of what was decided since then; `progress` is told how many were read.

        Raises:
            TransientError, ConfigurationError: the ledger cannot be read.
        """
        found, read = Counted(), _told(self._ledger.scan(self._clock()), progress)
        for _, records in groupby(read, key=lambda record: record.user):
            found.take([each for each in records if since is None or each.at >= since])
        return found


def _told(records: Iterable[Record], progress: Callable[[int], None]) -> Iterator[Record]:
    for number, record in enumerate(records, 1):
        if number % PROGRESS_EVERY == 0:
            progress(number)
        yield record


def counted(records: Iterable[Record], since: datetime | None = None) -> Counted:
    """Return the counts of records in any order, all of which are held in memory."""
    users: dict[str, list[Record]] = {}
    for record in records:
        if since is None or record.at >= since:
            users.setdefault(record.user, []).append(record)
    found = Counted()
    for own in users.values():
        found.take(own)
    return found


def of_kind(found: Counted, kind: Kind) -> dict[str, Counts]:
    """Return the counts of all campaigns, or of all journeys, by id."""
    return {name: counts for (each, name), counts in sorted(found.definitions.items())
            if each is kind}  # fmt: skip
