"""
Running one history, and judging it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from unless.sim.faults.chance import Chance
from unless.sim.faults.drawing import draw_history
from unless.sim.faults.faults import ChanceFaults, Faults
from unless.sim.faults.history import History
from unless.sim.faults.observed import Observed
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises import Breach, breaches
from unless.sim.faults.rare import rare_states
from unless.sim.faults.scheduler import Actor, NoRest
from unless.sim.faults.watching import watching


@cache
def _idle_threads() -> list[Actor]:
    """Return the threads that wait for the next history: to start one takes as long as a dozen
    calls."""
    return []


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    How a history went: `breaches` are the promises that were broken, none if all is well.

    `trace` names everything that happened: equal histories have equal ones. `calls` counts calls
    of ports, `faults` those that went wrong, by kind, `rare` how often rare things were seen.
    """

    history: History
    breaches: tuple[Breach, ...]
    trace: str
    calls: int
    faults: Mapping[str, int]
    rare: Mapping[str, int]
    observed: Observed

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return not self.breaches


def run_history(seed: int, *, sweeper: bool | None = None) -> Outcome:
    """Return how the history of that seed went; the same seed always goes the same way."""
    return run(draw_history(seed, sweeper=sweeper))


def run(
    history: History,
    faults: Faults | None = None,
    *,
    keep_calls: bool = False,
) -> Outcome:
    """Return how a history went, with the faults of its own trouble or with those given."""
    observed = Observed(keep_calls=keep_calls)
    pipeline = Pipeline(history, faults or faults_of(history), observed, _idle_threads())
    found: list[Breach] = []
    with watching(pipeline):
        try:
            pipeline.run()
        except NoRest as error:
            found.append(Breach("I2", "", str(error)))
    found += breaches(pipeline)
    return Outcome(
        history,
        tuple(found),
        observed.trace_hash,
        pipeline.calls.made,
        observed.faults,
        rare_states(pipeline),
        observed,
    )


def faults_of(history: History) -> Faults:
    """Return what goes wrong in the history by its own chance."""
    trouble = history.trouble
    return ChanceFaults(
        Chance(history.seed), trouble.faults, trouble.calm, trouble.outages, trouble.spared
    )
