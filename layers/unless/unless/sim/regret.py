"""
Regret: messages whose exception came soon after they were sent, so that a later one had been
spared.
"""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from unless.definitions.models import Kind
from unless.engine.model import UserState
from unless.engine.records import Outcome, Record

LATER = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(days=1))
"""How much later messages might have been sent, shortest first; sends are followed that long."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that left at `time`, with the rows of `unless` that could have cancelled it."""

    user: str
    campaign: str
    time: datetime
    exceptions: frozenset[str]


@dataclass(slots=True)
class Regret:
    """
    How many messages each campaign sent that an exception could cancel, and how many of them one
    would have cancelled, had they been due later by each of LATER.

    In memory are the counts, and the messages of the last day that no exception has followed.
    """

    sent: Counter[str] = field(default_factory=Counter)
    spared: Counter[tuple[str, timedelta]] = field(default_factory=Counter)
    _open: dict[str, list[SentMessage]] = field(default_factory=dict)
    _by_time: deque[SentMessage] = field(default_factory=deque)

    def take(self, now: datetime, user: UserState, records: Sequence[Record]) -> None:
        """
        Take in what has just happened to a user, with the decisions about that; time never goes
        back.

        The engine leaves a mark for each event that satisfies a row of `unless`, the derived ones
        too, with the matched values. So this asks nothing that the engine has not answered.
        """
        self._forget(now)
        if still := self._open.get(user.user):
            self._open[user.user] = [sent for sent in still if not self._regretted(sent, user)]
        for message in _sent(user, records):
            self.sent[message.campaign] += 1
            self._open.setdefault(message.user, []).append(message)
            self._by_time.append(message)

    def _regretted(self, sent: SentMessage, user: UserState) -> bool:
        """Whether an exception has followed the message; it is counted."""
        after = min(
            (
                mark.time
                for mark in user.marks
                if mark.time > sent.time
                and mark.definition == sent.campaign
                and f"{mark.row}:{mark.match}" in sent.exceptions
            ),
            default=None,
        )
        if after is None:
            return False
        for later in LATER:
            # An exception at the due time itself still cancels.
            self.spared[sent.campaign, later] += after - sent.time <= later
        return True

    def _forget(self, now: datetime) -> None:
        """Let go of the messages that have been followed long enough."""
        while self._by_time and now - self._by_time[0].time > LATER[-1]:
            sent = self._by_time.popleft()
            left = [each for each in self._open.get(sent.user, ()) if each is not sent]
            if left:
                self._open[sent.user] = left
            else:
                self._open.pop(sent.user, None)


def _sent(user: UserState, records: Sequence[Record]) -> Iterator[SentMessage]:
    """Yield the campaigns' messages that have just been sent and that an exception could cancel."""
    sends = {
        record.send
        for record in records
        if record.outcome is Outcome.SENT and record.kind is Kind.CAMPAIGN
    }
    for receipt in user.receipts if sends else ():
        if receipt.send in sends and receipt.exceptions:
            rows = frozenset(receipt.exceptions)
            yield SentMessage(user.user, receipt.definition, receipt.time, rows)
