"""
I3 and I7: one request for a message on channels without a key, and records that say what happened.
"""

from collections import defaultdict
from collections.abc import Iterator

from unless.engine.claims import REPEATABLE_CHANNELS
from unless.engine.decision import Answer, Dispatched
from unless.engine.records import Outcome, Reason, Record
from unless.sim.faults.memory.channels import Request
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim


def requests_once(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the requests that nobody claimed, and those that repeat what may have gone out."""
    claimed = {(claim.commit.process.name, claim.outgoing.send) for claim in claims}
    taken: dict[str, int] = defaultdict(int)
    for claim in claims:
        taken[claim.outgoing.send] += 1
    for send, requests in _by_send(pipeline).items():
        user, channel = requests[0].message.user, requests[0].channel
        for request in requests:
            if (request.by, send) not in claimed:
                yield Breach("I3", user, f"{send}: a request without a claim", request.at)
        gone = [request for request in requests if request.may_have_gone_out]
        ways = {request.channel for request in gone}
        if len(ways) > 1:
            yield Breach("I3", user, f"{send}: by {' and '.join(sorted(ways))}", gone[-1].at)
        if channel in REPEATABLE_CHANNELS:
            continue
        if len(requests) > taken[send]:
            times = f"{len(requests)} requests, {taken[send]} claims"
            yield Breach("I3", user, f"{send}: {times}", requests[-1].at)
        if len(gone) > 1:
            sentence = f"{send}: {len(gone)} requests by {channel} that may have gone out"
            yield Breach("I3", user, sentence, gone[1].at)
        elif len(requests) > 1 + _released(pipeline, user, send):
            yield Breach("I3", user, f"{send}: repeated without a definite no", requests[1].at)


def _released(pipeline: Pipeline, user: str, send: str) -> int:
    """Return how often a claim of the send was given back."""
    item = send.split(".", maxsplit=1)[0]
    return sum(
        isinstance(decided.what, Dispatched)
        and decided.what.item == item
        and decided.what.answer is Answer.DEFERRED
        for commit in pipeline.observed.of_user(user)
        for decided in commit.way or ()
    )


def requests_truthful(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the records that say another thing than the requests."""
    del claims
    by_send = _by_send(pipeline)
    for record in pipeline.ports.ledger.kept.values():
        if record.send is not None and not record.moved_by:
            yield from _judge(record, by_send.get(record.send, []))


def _judge(record: Record, requests: list[Request]) -> Iterator[Breach]:
    gone = [request for request in requests if request.may_have_gone_out]
    accepted = [request for request in requests if request.answer is Answer.ACCEPTED]
    about = f"{record.definition} of {record.event}, {record.outcome} {record.reason or ''}"
    keyed = bool(requests) and requests[0].channel in REPEATABLE_CHANNELS
    match record.outcome:
        case Outcome.SENT if record.reason is None:
            if not accepted or (len(accepted) > 1 and not keyed):
                told = f"{about}: {len(accepted)} requests were accepted"
                yield Breach("I7", record.user, told, record.at)
        case Outcome.SENT if record.reason is not Reason.DELIVERY_UNKNOWN:
            yield Breach("I7", record.user, f"{about}: no reason to be sent", record.at)
        case Outcome.CANCELLED | Outcome.SKIPPED:
            if gone:
                yield Breach("I7", record.user, f"{about}: it may have gone out", record.at)


def _by_send(pipeline: Pipeline) -> dict[str, list[Request]]:
    found: dict[str, list[Request]] = defaultdict(list)
    for request in pipeline.ports.requests.made:
        found[request.message.send].append(request)
    return found
