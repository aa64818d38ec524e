"""
Messages from a queue, and what becomes of them: acknowledged, or returned with a reason.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from traceback import walk_tb

from unless.app.errors import TransientError, UnlessError
from unless.app.ports import Ledger
from unless.definitions.keeping import RecordKeeping
from unless.engine.decision import DueNotice
from unless.engine.records import Outcome, Record

PER_DEFINITION = frozenset({Outcome.SENT, Outcome.CANCELLED, Outcome.SKIPPED, Outcome.CONVERTED})
"""What is counted of each campaign and journey for itself."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    A message as received.

    `arrived` is when it entered the queue, UTC; `receives` counts how often it has been handed out,
    this time included, so more than 1 says that an earlier attempt did not end.
    """

    id: str
    body: str
    arrived: datetime
    receives: int = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message goes back, in words without any data of a user; `may_pass` if by itself."""

    why: str
    may_pass: bool


@dataclass(frozen=True, slots=True)
class Told:
    """
    Records that are still to be kept, and the messages that are done only when they are.

    `again` says that whoever decided them may have kept them already.
    """

    messages: tuple[str, ...]
    records: tuple[Record, ...]
    again: bool = False


@dataclass(slots=True)
class Report:
    """
    What became of a batch.

    `failed` holds the messages that go back to the queue; every other message is done. `records`
    are those still to be kept. `counts` are the numbers for the metrics, `lateness_max` the longest
    time, in seconds, from a due time to its message.
    """

    failed: dict[str, Failure] = field(default_factory=dict)
    records: list[Told] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    lateness_max: float = 0.0

    def fail(self, messages: Iterable[str], error: Exception | Failure) -> None:
        """Let these messages go back to the queue, with the first reason that was found."""
        failure = error if isinstance(error, Failure) else failure_of(error)
        for message in messages:
            self.failed.setdefault(message, failure)

    def add(self, other: "Report") -> None:
        """Take over what became of a part of the batch."""
        self.failed.update(other.failed)
        self.records.extend(other.records)
        self.counts.update(other.counts)
        self.lateness_max = max(self.lateness_max, other.lateness_max)

    def by_definition(self) -> dict[str, Counter[Outcome]]:
        """
        Return how often each campaign and journey sent, cancelled, skipped and converted.

        What an attempt before may have counted already is left out.
        """
        found: dict[str, Counter[Outcome]] = {}
        for told in self.records:
            for record in () if told.again else told.records:
                if record.outcome in PER_DEFINITION:
                    found.setdefault(record.definition, Counter())[record.outcome] += 1
        return found

    def keep_records(self, ledger: Ledger, keeping: RecordKeeping) -> None:
        """
        Write the records of the whole batch, in as few calls as there can be.

        Should that fail, the messages go back to the queue; what they decided is committed with its
        records, which are then written again.
        """
        for again in (False, True):
            told = [one for one in self.records if one.records and one.again is again]
            records = [record for one in told for record in one.records]
            try:
                if records:
                    ledger.write(records, keeping, again=again)
            except Exception as error:
                for one in told:
                    self.fail(one.messages, error)


def failure_of(error: Exception) -> Failure:
    """
    Return what went wrong, without any data of a user.

    Our own errors speak of the world only. Of any other, which is a bug, only type and place are
    told, because its text may quote what it stumbled over.
    """
    if isinstance(error, UnlessError):
        return Failure(f"{type(error).__name__}: {error}", isinstance(error, TransientError))
    frames = list(walk_tb(error.__traceback__))
    if not frames:
        return Failure(type(error).__name__, may_pass=False)
    frame, line = frames[-1]
    code = frame.f_code
    return Failure(f"{type(error).__name__} in {code.co_qualname}, line {line}", may_pass=False)


def notice_to_json(notice: DueNotice) -> str:
    """Return the body of a message on the queue `due`, in ASCII: SQS refuses some characters."""
    return json.dumps({"user": notice.user, "item": notice.item, "turn": notice.turn})


def notice_from_json(body: str) -> DueNotice | None:
    """Return the due notice of a body, or None for one that is none."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return None
    match read:
        case {"user": str(user), "item": str(item), "turn": int(turn)}:
            return DueNotice(user, item, turn)
        case _:
            return None
