"""
The part `histories` of the proof: random histories in which everything goes wrong.
"""

from collections.abc import Sequence

from unless.sim.faults.drawing import draw_history
from unless.sim.faults.rare import RARE
from unless.sim.faults.running import Outcome, run
from unless.sim.faults.shrinking import shrink
from unless.sim.faults.story import story_of
from unless.sim.proof.parts import Found, Job, Part, Violation, scaled, shares

HISTORIES = 200_000
"""How many histories the whole proof runs."""

JOB = 100
"""Histories that a process runs before it tells of them."""

SEEN_MIN = 100
"""How often each rare state must have come about in the whole proof."""

AGAIN_EVERY = 50
"""One history out of so many is run twice: without the same way, no case could be had again."""

SCALE_MIN = 0.05
"""A smaller share of the histories says nothing of what is rare."""

RARE_STATE, FAULT = "rare ", "fault "


class Histories(Part):
    """Random histories, by their seeds."""

    name = "histories"
    noun = "histories"

    def jobs(self, scale: float, seed: int) -> Sequence[Job]:
        """Return the jobs: so many seeds from the given one on."""
        return shares(self.name, scaled(HISTORIES, scale), JOB, seed)

    def work(self, job: Job) -> Found:
        """Run the histories of these seeds; the first that breaks a promise is told small."""
        found = Found()
        for seed in range(job.seed + job.first, job.seed + job.first + job.size):
            outcome = run(draw_history(seed))
            found.cases += 1
            found.seen["calls"] += outcome.calls
            found.seen.update({FAULT + kind: n for kind, n in outcome.faults.items()})
            found.seen.update({RARE_STATE + name: n for name, n in outcome.rare.items()})
            if not outcome.holds:
                found.violate(broken(outcome, str(seed), tell=not found.violations))
            if seed % AGAIN_EVERY == 0:
                found.seen["run twice"] += 1
                if run(draw_history(seed)).trace != outcome.trace:
                    found.violate(Violation(str(seed), "run again, it went another way"))
        return found

    def conclude(self, found: Found, scale: float) -> Sequence[str]:
        """Return a sentence for each rare state that came about too seldom to prove anything."""
        if scale < SCALE_MIN:
            return ()
        wanted = SEEN_MIN * min(scale, 1.0)
        seldom = [name for name in RARE if found.seen[RARE_STATE + name] < wanted]
        return [f"{name!r} was seen {found.seen[RARE_STATE + name]} times" for name in seldom]

    def replay(self, case: str) -> Found:
        """Run the history of that seed again."""
        outcome = run(draw_history(int(case)))
        found = Found(cases=1)
        if not outcome.holds:
            found.violate(broken(outcome, case, tell=True))
        return found


def broken(outcome: Outcome, case: str, *, tell: bool) -> Violation:
    """Return what a history broke; `tell` makes it small and tells its story."""
    said = "; ".join(f"{b.promise}, user {b.user}: {b.sentence}" for b in outcome.breaches)
    if not tell:
        return Violation(case, said)
    small = run(shrink(outcome.history), keep_calls=True)
    return Violation(case, said, tuple(story_of(small)))
