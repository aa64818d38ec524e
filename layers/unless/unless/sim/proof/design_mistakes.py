"""
The part `mutants` of the proof: mistakes of design, put into the application on purpose, have to
be found out.
"""

from collections.abc import Sequence

from unless.sim.faults.mutants import MUTANTS
from unless.sim.faults.proving import catch, hunts
from unless.sim.proof.parts import Found, Job, Part, Violation, scaled

HISTORIES_MAX = 20_000
"""Histories in which a mistake must have been found out."""

HISTORIES_MIN = 4_000
"""So many at least, also for a try: the rarest of them shows in one history out of a thousand."""

SWEPT = {True: "swept", False: "not swept"}


class DesignMistakes(Part):
    """Each mistake, with the sweeper on and off where it makes a difference."""

    name = "mutants"
    noun = "hunts"

    def jobs(self, scale: float, seed: int) -> Sequence[Job]:
        """Return a job for each mistake and state of the sweeper, whatever the scale."""
        size = max(HISTORIES_MIN, scaled(HISTORIES_MAX, scale))
        return [
            Job(self.name, seed, size=size, about=f"{mutant.name}/{SWEPT[sweeper]}")
            for mutant, sweeper in hunts()
        ]

    def work(self, job: Job) -> Found:
        """Hunt one mistake."""
        name, _, swept = job.about.partition("/")
        mutant = next(m for m in MUTANTS if m.name == name)
        caught = catch(mutant, swept == SWEPT[True], job.size, job.seed)
        found = Found(cases=1)
        if caught is None:
            sentence = (
                f"{mutant.name} ({mutant.mistake}), {swept}: not found in {job.size} histories"
            )
            found.violate(Violation(f"{job.about}:{job.size}:{job.seed}", sentence))
            return found
        promises = ", ".join(sorted({breach.promise for breach in caught.breaches}))
        found.seen["caught"] += 1
        found.seen[f"{mutant.name} {mutant.mistake}, {swept}, by {promises}"] = caught.history
        return found

    def conclude(self, found: Found, scale: float) -> Sequence[str]:
        """Return nothing: each hunt has said everything."""
        del found, scale
        return ()

    def replay(self, case: str) -> Found:
        """Hunt again what `MUTANT/swept:HISTORIES:SEED` names."""
        about, size, seed = case.split(":")
        return self.work(Job(self.name, int(seed), size=int(size), about=about))
