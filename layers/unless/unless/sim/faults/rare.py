"""
Rare states: a proof in which they never came about proves little.
"""

from collections import Counter
from collections.abc import Mapping

from unless.app.ports import Conflict
from unless.engine.decision import Answer, DeleteUser, Dispatched, DueNotice
from unless.engine.model import DueStatus
from unless.engine.records import Outcome, Reason
from unless.sim.faults.observed import Commit, Observed
from unless.sim.faults.pipeline import Pipeline

RARE = (
    "claim lost to an exception",
    "commit retried after a conflict",
    "duplicate with a missing timer",
    "sweeper rescue",
    "lease expired",
    "redriven after hours",
    "deleted during a claim",
    "stale definitions",
    "deferred answer",
    "unknown answer",
    "refused answer",
    "two deliveries at once",
    "killed",
    "parked by a pause",
    "exception before its trigger",
    "too late",
    "orphan timer",
    "quarantined",
    "journey exited",
    "event applied before",
    "cancelled by an operator",
    "user deleted",
)
"""What has to be seen often enough in every proof."""


def rare_states(pipeline: Pipeline) -> Mapping[str, int]:
    """Return how often each of RARE was seen in a history that is over."""
    observed = pipeline.observed
    seen = Counter({name: observed.rare[name] for name in RARE if observed.rare[name]})
    seen["orphan timer"] = observed.rare["count: orphan_timers"]
    seen["quarantined"] = observed.rare["count: quarantined"]
    seen["event applied before"] = observed.rare["count: duplicates"]
    seen["too late"] = observed.rare["count: too_late"]
    seen["cancelled by an operator"] = observed.rare["cancelling: cancelled"]
    for commit in observed.commits:
        _of_commit(commit, seen)
    for record in pipeline.ports.ledger.kept.values():
        seen["journey exited"] += record.outcome is Outcome.EXITED
        is_early = record.detail.get("arrived") == "before_trigger"
        seen["exception before its trigger"] += is_early
    seen["claim lost to an exception"] = _lost_to_exceptions(observed)
    return {name: seen[name] for name in RARE}


def _of_commit(commit: Commit, seen: Counter[str]) -> None:
    if isinstance(commit.answer, Conflict):
        seen["commit retried after a conflict"] += 1
    if not commit.changed:
        return
    for name, item in commit.after.pending.items():
        was = commit.before.state.pending.get(name)
        if was is not item and item.status is DueStatus.PARKED:
            seen["parked by a pause"] += 1
        if was is not None and was.status is not item.status is DueStatus.CLAIMED:
            seen["sweeper rescue"] += commit.process.known.get("origins") == "sweep"
    for decided in commit.way or ():
        match decided.what:
            case DeleteUser():
                seen["user deleted"] += 1
                pending = commit.before.state.pending.values()
                seen["deleted during a claim"] += any(
                    item.status is DueStatus.CLAIMED for item in pending
                )
            case Dispatched(answer=answer) if answer is not Answer.ACCEPTED:
                seen[f"{answer} answer"] += 1


def _lost_to_exceptions(observed: Observed) -> int:
    """Return how many claims came second to an exception, and were not made."""
    lost = 0
    cancelled = {
        record.send
        for commit in observed.commits
        if commit.changed
        for decided in commit.way or ()
        for record in decided.decision.records
        if record.reason in (Reason.EXCEPTION_EVENT, Reason.RESCHEDULED)
    }
    for commit in observed.commits:
        if isinstance(commit.answer, Conflict) and commit.way:
            what = commit.way[-1].what
            if isinstance(what, DueNotice) and what.item in commit.after.pending:
                lost += what.item in cancelled
    return lost
