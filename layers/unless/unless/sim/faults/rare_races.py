"""
Rare states in which two things met: who came second, and what came of that.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from unless.app.ports import Conflict
from unless.engine.claims import REPEATABLE_CHANNELS
from unless.engine.decision import Answer, Dispatched, DueNotice
from unless.engine.model import DueStatus
from unless.engine.records import Reason, Record
from unless.sim.faults.memory.channels import Request
from unless.sim.faults.observed import Commit, Observed
from unless.sim.faults.pipeline import Pipeline

RACES = (
    "claim lost to an exception",
    "cap race between two items",
    "deferred then exception",
    "request repeated",
)

BY_EXCEPTION = (Reason.EXCEPTION_EVENT, Reason.RESCHEDULED, Reason.EXIT_EVENT)
USED_UP = (Reason.FREQUENCY_CAPPED, Reason.ALREADY_RECEIVED, Reason.REELIGIBILITY_WAIT)


def races(pipeline: Pipeline) -> Counter[str]:
    """Return how often each of RACES was seen in a history that is over."""
    observed = pipeline.observed
    ends: dict[str, set[Reason]] = defaultdict(set)
    for commit in observed.commits:
        for record in _records(commit):
            if record.send is not None and record.reason is not None:
                ends[record.send.split(".", maxsplit=1)[0]].add(record.reason)
    seen: Counter[str] = Counter()
    for item in _lost_claims(observed):
        seen["claim lost to an exception"] += not ends[item].isdisjoint(BY_EXCEPTION)
        seen["cap race between two items"] += not ends[item].isdisjoint(USED_UP)
    for item in _deferred(observed):
        seen["deferred then exception"] += not ends[item].isdisjoint(BY_EXCEPTION)
    seen["request repeated"] = sum(map(_is_repeated, pipeline.ports.requests.made))
    return seen


def _records(commit: Commit) -> Iterator[Record]:
    for decided in commit.way or () if commit.changed else ():
        yield from decided.decision.records


def _lost_claims(observed: Observed) -> Iterator[str]:
    """Yield the items whose claim came second, and was not made."""
    for commit in observed.commits:
        if isinstance(commit.answer, Conflict) and commit.way:
            what = commit.way[-1].what
            item = commit.after.pending.get(what.item) if isinstance(what, DueNotice) else None
            if item is not None and item.status is DueStatus.CLAIMED:
                yield item.id


def _deferred(observed: Observed) -> set[str]:
    """Return the items of whose messages some provider said: not now."""
    return {
        decided.what.item
        for commit in observed.commits
        if commit.changed
        for decided in commit.way or ()
        if isinstance(decided.what, Dispatched) and decided.what.answer is Answer.DEFERRED
    }


def _is_repeated(request: Request) -> bool:
    return request.number > 0 and request.channel in REPEATABLE_CHANNELS
