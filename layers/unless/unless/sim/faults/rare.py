"""
Rare states: a proof in which they never came about proves little.
"""

from collections import Counter
from collections.abc import Mapping

from unless.app.ports import Conflict
from unless.engine.decision import Answer, DeleteUser, Dispatched
from unless.engine.model import DueItem, DueStatus
from unless.sim.faults.observed import Commit, Observed
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.rare_races import RACES, races
from unless.sim.faults.rare_records import TOLD, told

COUNTED = {
    "orphan timer": "orphan_timers",
    "quarantined": "quarantined",
    "event applied before": "duplicates",
    "too late": "too_late",
    "exception after the claim": "late_exceptions",
    "unclear send confirmed": "confirmed",
}
"""States that the functions count themselves, by the name of the metric."""

NOTED = (
    "duplicate with a missing timer",
    "lease expired",
    "redriven after hours",
    "stale definitions",
    "two deliveries at once",
    "killed",
    "confirmation while claimed",
)
"""States that are noted when they come about."""

OF_COMMITS = (
    "commit retried after a conflict",
    "sweeper rescue",
    "deleted during a claim",
    "deferred answer",
    "unknown answer",
    "refused answer",
    "parked by a pause",
    "user deleted",
    "in-app message kept",
    "kept in-app woken",
    "kept in-app woken twice",
)

RARE = (*COUNTED, *NOTED, *OF_COMMITS, *RACES, *TOLD, "cancelled by an operator")
"""What has to be seen often enough in every proof."""


def rare_states(pipeline: Pipeline) -> Mapping[str, int]:
    """Return how often each of RARE was seen in a history that is over."""
    observed = pipeline.observed
    seen = Counter({name: observed.rare[name] for name in NOTED})
    for name, metric in COUNTED.items():
        seen[name] = observed.rare[f"count: {metric}"]
    seen["cancelled by an operator"] = observed.rare["cancelling: cancelled"]
    _of_commits(observed, seen)
    seen.update(races(pipeline))
    seen.update(told(pipeline.ports.ledger.kept.values()))
    return {name: seen[name] for name in RARE}


def _of_commits(observed: Observed, seen: Counter[str]) -> None:
    woken: Counter[str] = Counter()
    for commit in observed.commits:
        if isinstance(commit.answer, Conflict):
            seen["commit retried after a conflict"] += 1
        if not commit.changed:
            continue
        for name, item in commit.after.pending.items():
            was = commit.before.state.pending.get(name)
            if was is not item:
                _of_change(commit, was, item, seen, woken)
        _of_way(commit, seen)
    seen["kept in-app woken"] = len(woken)
    seen["kept in-app woken twice"] = sum(times > 1 for times in woken.values())


def _of_change(
    commit: Commit,
    was: DueItem | None,
    item: DueItem,
    seen: Counter[str],
    woken: Counter[str],
) -> None:
    seen["parked by a pause"] += item.status is DueStatus.PARKED
    if was is None:
        return
    if was.status is not item.status is DueStatus.CLAIMED:
        seen["sweeper rescue"] += commit.process.known.get("origins") == "sweep"
    seen["in-app message kept"] += was.kept is None and item.kept is not None
    if was.kept is not None and item.turn > was.turn and item.due < was.due:
        woken[item.id] += 1


def _of_way(commit: Commit, seen: Counter[str]) -> None:
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
