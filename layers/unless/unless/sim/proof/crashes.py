"""
The part `crash` of the proof: every call of every scenario, hit by every kind of fault.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from unless.sim.faults.crash_points import a_share, crash_points, histories_of
from unless.sim.faults.faults import Fault, OneFault
from unless.sim.faults.history import History
from unless.sim.faults.running import run
from unless.sim.faults.story import story_of
from unless.sim.proof.parts import Found, Job, Part, Violation
from unless.sim.scenario import read_scenarios

FOLDER = Path("tests/scenarios")
"""Where the scenarios lie, from the folder of the checkout."""

SCENARIOS_MIN = 30
"""Scenarios that the whole proof plays at least."""


class Crashes(Part):
    """Each call of each scenario may die before or after it is made, fail, or go unheard."""

    name = "crash"
    noun = "crash points"

    def jobs(self, scale: float, seed: int) -> Sequence[Job]:
        """Return a job for each scenario; of a share, that share of its points is tried."""
        parts = round(min(scale, 1.0) * _PARTS)
        return [Job(self.name, seed, size=max(parts, 1), about=name) for name in _histories()]

    def work(self, job: Job) -> Found:
        """Try the points of a scenario; the first that breaks a promise is told."""
        found = Found()
        found.seen["scenarios"] = 1
        history, share = _histories()[job.about], job.size / _PARTS
        for point in crash_points(job.about, history, wanted=a_share(share, job.seed, job.about)):
            found.cases += 1
            found.seen[f"fault {point.fault}"] += 1
            if point.breaches:
                case = f"{point.call}/{point.fault.name}/{job.about}"
                found.violate(_told(history, case, point.call, point.fault, not found.violations))
        return found

    def conclude(self, found: Found, scale: float) -> Sequence[str]:
        """Return a sentence if there were too few scenarios."""
        if scale >= 1 and found.seen["scenarios"] < SCENARIOS_MIN:
            return [f"only {found.seen['scenarios']} scenarios were played"]
        return ()

    def replay(self, case: str) -> Found:
        """Try the one point that `CALL/FAULT/SCENARIO` names."""
        call, fault, name = case.split("/", 2)
        found = Found(cases=1)
        violation = _told(_histories()[name], case, int(call), Fault[fault], True)
        if violation.sentence:
            found.violate(violation)
        return found


_PARTS = 100_000
"""A share as a whole number, since a job's size is one."""


def _told(history: History, case: str, call: int, fault: Fault, tell: bool) -> Violation:
    """Return what is broken when that call is hit, with its story if wanted."""
    outcome = run(history, OneFault(call, fault), keep_calls=tell)
    said = "; ".join(f"{b.promise}, user {b.user}: {b.sentence}" for b in outcome.breaches)
    return Violation(case, said, tuple(story_of(outcome)) if tell else ())


@cache
def _histories() -> Mapping[str, History]:
    """
    Return the scenarios as histories, by name.

    Raises:
        ValueError: there are none.
    """
    files = sorted(FOLDER.glob("*.yaml"))
    if not files:
        raise ValueError(f"there are no scenarios in {FOLDER}; run it from the checkout")
    return dict(histories_of(scenario for file in files for scenario in read_scenarios(file)))
