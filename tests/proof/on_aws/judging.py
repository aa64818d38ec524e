"""
What must be true when a run is at rest, whatever went wrong before: nothing lost, nothing twice,
nothing after "unless".
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.proof.on_aws.mail_provider import MAY_HAVE_LEFT, Asked, Fate
from tests.proof.on_aws.traffic import EXCEPTIONS, TRIGGERS, Deed
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason, Record

DECIDING = timedelta(seconds=15)
"""
How much longer than its marker says an event may take to be committed: the clock is read first,
then the user is, by up to four requests of 3 s.
"""

ENDS = frozenset({Outcome.SENT, Outcome.CANCELLED, Outcome.SKIPPED})
JOURNEY_ENDS = frozenset({Outcome.EXITED, Outcome.COMPLETED, Outcome.SKIPPED})
BY_MAIL = frozenset({"at_once", "cart_reminder", "far_off"})
MAIL_STEPS = frozenset({"welcome"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a run has left behind."""

    deeds: Sequence[Deed]
    times: Mapping[str, datetime]
    """When each event happened, by its id."""
    applied: Mapping[str, datetime]
    """When each event was committed, by its id."""
    records: Sequence[Record]
    asked: Mapping[str, Sequence[Asked]]
    """The requests that the provider of e-mail got, by send."""
    requested: Mapping[str, int]
    """How often each send was requested on the bus."""
    max_lateness: timedelta
    """How late a message may be, as the workspace says."""


@dataclass
class Verdict:
    """What is wrong, and the sums."""

    violations: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)


def judge(evidence: Evidence) -> Verdict:
    """Return everything that is wrong, each with the ids by which to look for it."""
    verdict = Verdict()
    by_trigger: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in evidence.records:
        by_trigger[record.definition, record.event].append(record)
        verdict.figures[f"{record.kind.value}_{record.outcome.value}"] += 1
    exceptions = _by_user(evidence)
    triggers = {deed.id: deed for deed in evidence.deeds if deed.name in TRIGGERS}
    verdict.figures["triggers"] = len(triggers)
    for deed in triggers.values():
        about = by_trigger[TRIGGERS[deed.name], deed.id]
        verdict.violations += _of_trigger(deed, about, exceptions, evidence)
    verdict.violations += _of_mails(evidence, verdict.figures)
    verdict.violations += _of_requests(evidence)
    missing = {deed.id for deed in evidence.deeds} - evidence.applied.keys()
    verdict.violations += [f"event {each} was never applied" for each in sorted(missing)]
    return verdict


def _by_user(evidence: Evidence) -> dict[tuple[str, str], list[str]]:
    """Return the ids of each user's events by name."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for deed in evidence.deeds:
        found[deed.user, deed.name].append(deed.id)
    return found


def _of_trigger(
    deed: Deed,
    about: Sequence[Record],
    events: Mapping[tuple[str, str], Sequence[str]],
    evidence: Evidence,
) -> Iterator[str]:
    """Yield what is wrong with one trigger: how often it ended, and as what."""
    definition = TRIGGERS[deed.name]
    journey = definition == "onboarding"
    ends = [r for r in about if r.outcome in (JOURNEY_ENDS if journey else ENDS)]
    if journey:
        ends = [r for r in ends if r.step is None]
    if len(ends) != 1:
        told = ", ".join(r.outcome for r in ends) or "not at all"
        yield f"{definition} of {deed.id} ended {len(ends)} times: {told}"
        return
    (end,) = ends
    began, name = evidence.times[deed.id], EXCEPTIONS.get(definition, "")
    exceptions = [
        each for each in events.get((deed.user, name), ()) if evidence.times[each] > began
    ]
    if not exceptions and _cut_short(end, evidence.max_lateness):
        yield f"{definition} of {deed.id} ended as {end.outcome} {end.reason} without exception"
    if journey and end.outcome is Outcome.COMPLETED:
        steps = Counter(r.step for r in about if r.step is not None)
        if steps != {"welcome": 1, "tour": 1}:
            yield f"run of {deed.id} completed with messages {dict(steps)}"
    for record in about:
        if record.outcome is Outcome.SENT:
            yield from _after_unless(deed, record, exceptions, evidence)


def _cut_short(end: Record, max_lateness: timedelta) -> bool:
    """Whether it ended other than by a message, though nobody refused that and it was in time."""
    if end.reason is Reason.TOO_LATE:
        return end.due is None or end.at <= end.due + max_lateness
    good = (Outcome.SENT, Outcome.COMPLETED)
    return end.outcome not in good and end.reason is not Reason.DELIVERY_FAILED


def _after_unless(
    deed: Deed, record: Record, exceptions: Sequence[str], evidence: Evidence
) -> Iterator[str]:
    """
    Yield whether a message left although an exception was committed before it was due.

    It may not be claimed before it is due, so that exception was there at the claim.
    """
    if record.due is None:
        return
    if record.at < record.due:
        yield f"{record.definition} of {deed.id} was sent before it was due"
    asked = record.reason is not Reason.DELIVERY_UNKNOWN
    if asked and record.at > record.due + evidence.max_lateness + DECIDING:
        yield f"{record.definition} of {deed.id} was sent {record.at - record.due} late"
    for each in exceptions:
        committed, begun = evidence.applied.get(each), evidence.applied.get(deed.id)
        if not committed or not begun or (record.kind is Kind.JOURNEY and committed < begun):
            continue  # a journey is left only by who is in it (J3)
        if committed + DECIDING < record.due:
            yield f"{record.definition} of {deed.id} was sent after its exception {each}"


def _of_mails(evidence: Evidence, figures: Counter[str]) -> Iterator[str]:
    """Yield what is wrong between the records of e-mails and the provider's requests."""
    sent = {_tag(r): r for r in evidence.records if _is_mail(r) and r.outcome is Outcome.SENT}
    others = {_tag(r): r for r in evidence.records if _is_mail(r) and r.outcome in ENDS - {"sent"}}
    for send, asked in evidence.asked.items():
        figures["provider_requests"] += len(asked)
        left = [each for each in asked if each.fate in MAY_HAVE_LEFT]
        figures["provider_certain_no"] += len(asked) - len(left)
        if len(left) > 1:
            yield f"provider was asked {len(left)} times for {send} without a certain no"
        if left and asked[-1] not in left:
            yield f"provider was asked again for {send} after it may have left"
        if left and send not in sent:
            end = others.get(send)
            yield f"e-mail {send} may have left, and its record says {end and end.outcome}"
    for send, record in sent.items():
        left = [e for e in evidence.asked.get(send, ()) if e.fate in MAY_HAVE_LEFT]
        accepted = [each for each in left if each.fate is Fate.ACCEPTED]
        unknown = record.reason is Reason.DELIVERY_UNKNOWN
        figures["mails_sent"] += not unknown
        figures["mails_unknown"] += unknown
        figures["mails_unknown_without_request"] += unknown and not left
        figures["mails_unknown_though_accepted"] += unknown and bool(accepted)
        if not unknown and not accepted:
            yield f"e-mail {send} is on record as sent, and the provider has not accepted it"


def _of_requests(evidence: Evidence) -> Iterator[str]:
    """Yield what is wrong between the records of messages on the bus and the bus."""
    on_bus = [r for r in evidence.records if not _is_mail(r) and r.outcome in ENDS and r.send]
    sent = {r.send for r in on_bus if r.outcome is Outcome.SENT}
    yield from (f"message {each} is on record, not on the bus" for each in sent if each and
                each not in evidence.requested)  # fmt: skip
    yield from (f"message {each} is on the bus, not on record" for each in evidence.requested if
                each not in sent)  # fmt: skip


def _is_mail(record: Record) -> bool:
    if record.kind is Kind.JOURNEY:
        return record.step in MAIL_STEPS
    return record.definition in BY_MAIL


def _tag(record: Record) -> str:
    """Return the id of the send as the channel tells it to the provider (unless.channels.email)."""
    return (record.send or "").replace(".", "_")


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict for machines."""
    return {**verdict.figures, "violations": verdict.violations}
