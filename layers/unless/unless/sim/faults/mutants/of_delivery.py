"""
Mistakes of delivery: requests, answers, receipts, and what comes back of a message.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from unless.app import confirming
from unless.app.ports import Message, Reply
from unless.engine import answers, due, message_checks
from unless.engine import decide as deciding
from unless.engine.answers import take_answer
from unless.engine.caps import capped_at
from unless.engine.claims import REPEATABLE_CHANNELS, Outgoing
from unless.engine.decision import Answer, Decision, Dispatched
from unless.engine.definitions import Definitions
from unless.engine.eligibility import Refusal
from unless.engine.fold import Fold
from unless.engine.history import remember_receipt
from unless.engine.message_checks import MessageTrial
from unless.engine.model import DueItem, DueStatus, Receipt, UserState
from unless.engine.records import Record
from unless.sim.faults.history import START, History, Published
from unless.sim.faults.mutants.mutant import Mutant, Patch
from unless.sim.faults.wired import WiredChannel

WEBHOOK = {"channel": "webhook", "url": "https://hooks.example.com/unless"}
EMAIL = {"channel": "email", "subject": "Your cart", "text": "It waits for you."}


def _asked_again() -> Sequence[Patch]:
    send = WiredChannel.send

    def again(self: WiredChannel, message: Message) -> Reply:
        reply = send(self, message)
        return send(self, message) if reply.answer is Answer.UNKNOWN else reply

    return [(WiredChannel, "send", again)]


def _resent() -> Sequence[Patch]:
    return [(due, "REPEATABLE_CHANNELS", REPEATABLE_CHANNELS | {"email", "sms", "push"})]


def _not_released() -> Sequence[Patch]:
    return [(answers, "release_receipt", lambda state, _send: state)]


def _deferred_received() -> Sequence[Patch]:
    def received(
        state: UserState, answer: Dispatched, definitions: Definitions, now: datetime
    ) -> Decision:
        decision = take_answer(state, answer, definitions, now)
        if answer.answer is not Answer.DEFERRED or decision.state is state:
            return decision
        kept = replace(decision.state, receipts=state.receipts, received=state.received)
        return replace(decision, state=kept)

    return [(deciding, "take_answer", received)]


def _in_flight_uncounted() -> Sequence[Patch]:
    def ended(caps: Any, channel: Any, tags: Any, state: UserState, *when: Any) -> Refusal | None:
        receipts = tuple(r for r in state.receipts if r.send.split(".")[0] not in state.pending)
        return capped_at(caps, channel, tags, replace(state, receipts=receipts), *when)

    return [(message_checks, "capped_at", ended)]


def _second_record() -> Sequence[Patch]:
    def beside(record: Record, **changes: Any) -> Record:
        return replace(record, at=record.at + timedelta(seconds=1), **changes)

    return [(confirming, "replace", beside)]


def _in_app_at_claim() -> Sequence[Patch]:
    def claim(self: MessageTrial, receipt: Receipt) -> None:
        self.fold.state = remember_receipt(self.fold.state, receipt)
        self.dispatch()

    return [(MessageTrial, "claim", claim)]


def _any_channel_with_key() -> Sequence[Patch]:
    def by_the_new_one(_state: UserState, _item: DueItem, outgoing: Outgoing) -> bool:
        return outgoing.message.channel in REPEATABLE_CHANNELS

    return [(due, "_may_be_repeated", by_the_new_one)]


def _edited_meanwhile(history: History) -> History:
    """Let every campaign's mail become a webhook just after most of them are due."""
    mails = tuple({**d, "message": EMAIL} if "campaign" in d else d for d in history.documents)
    edits = [
        Published(START + timedelta(minutes=minutes, seconds=4), {**d, "message": WEBHOOK})
        for minutes, d in enumerate((d for d in mails if "campaign" in d), 10)
    ]
    happenings = sorted((*history.happenings, *edits), key=lambda happening: happening.at)
    trouble = replace(history.trouble, faults=0.1)
    return replace(history, documents=mails, happenings=tuple(happenings), trouble=trouble)


def _second_no_believed() -> Sequence[Patch]:
    dispatch = MessageTrial.dispatch

    def as_if_first(self: MessageTrial, *, again: bool = False) -> None:
        del again
        dispatch(self)

    return [(MessageTrial, "dispatch", as_if_first)]


def _deleted_put_off() -> Sequence[Patch]:
    def put_off(fold: Fold, item: DueItem) -> None:
        fold.keep(replace(item, status=DueStatus.WAITING, lease_until=None))

    return [(answers, "end_forgotten", put_off)]


def _all_put_off(history: History) -> History:
    """Let every channel put off the first request for every message; who has no address gets it."""
    documents = tuple(
        {**d, "message": {"channel": "event"}} if "campaign" in d else d for d in history.documents
    )
    trouble = replace(history.trouble, said=(Answer.DEFERRED,))
    return replace(history, documents=documents, trouble=trouble)


def _no_consent() -> Sequence[Patch]:
    return [(message_checks, "consent_at", lambda *_: None)]


OF_DELIVERY = (
    Mutant("M8", "an unclear request is made again, as SDKs do", _asked_again),
    Mutant("M9", "sent again when the lease is over", _resent),
    Mutant("M18", "a refused message counts as received", _not_released),
    Mutant("M19", "a message that was put off counts as received", _deferred_received),
    Mutant("M20", "caps do not count what is on its way", _in_flight_uncounted),
    Mutant("M21", "a confirmation is a second record", _second_record),
    Mutant("M22", "an in-app message is received when it is claimed", _in_app_at_claim),
    Mutant(
        "M24",
        "a claim is taken up on another channel",
        _any_channel_with_key,
        changes=_edited_meanwhile,
    ),
    Mutant("M25", "a no to a repetition is believed", _second_no_believed),
    Mutant(
        "M26",
        "what was put off goes out to the deleted",
        _deleted_put_off,
        changes=_all_put_off,
    ),
    Mutant("M27", "nobody asks for consent at the claim", _no_consent),
)
