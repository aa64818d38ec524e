"""
Measuring several ways of doing the same in turn, so that a noisy neighbour disturbs all alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

type Work = Callable[[], object]


def nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True)
class Turns:
    """The CPU seconds of each round: what is measured, and each baseline by its name."""

    measured: list[float]
    baselines: dict[str, list[float]]

    @property
    def seconds(self) -> float:
        """The median of what is measured."""
        return median(self.measured)

    def baseline(self, name: str) -> float:
        """Return the median of a baseline."""
        return median(self.baselines[name])

    def ratio(self, name: str) -> float:
        """Return how many times the baseline it takes: the median over the rounds."""
        pairs = zip(self.measured, self.baselines[name], strict=True)
        return median(measured / baseline for measured, baseline in pairs)


def repeat(
    benchmark: BenchmarkFixture,
    work: Work,
    *,
    rounds: int,
    warmups: int = 0,
    before_each: Work = nothing,
) -> list[float]:
    """Return how long each round took by the benchmark's timer, without those that warm up."""
    if benchmark.disabled:
        pytest.skip("benchmarks are switched off")
    benchmark.pedantic(  # type: ignore[no-untyped-call]
        work, setup=before_each, rounds=rounds, warmup_rounds=warmups
    )
    assert benchmark.stats is not None
    return list(benchmark.stats.stats.data)


def in_turn(
    benchmark: BenchmarkFixture,
    measured: Work,
    *,
    rounds: int,
    warmups: int = 2,
    before_each: Work = nothing,
    **baselines: Work,
) -> Turns:
    """
    Measure by the CPU clock, in each round the baselines first; `before_each` is not counted.

    The benchmark's own timer has to be `process_time`.
    """
    spent: dict[str, list[float]] = {name: [] for name in baselines}

    def others() -> None:
        for name, work in baselines.items():
            before_each()
            started = process_time()
            work()
            spent[name].append(process_time() - started)
        before_each()

    seconds = repeat(benchmark, measured, rounds=rounds, warmups=warmups, before_each=others)
    return Turns(seconds, {name: each[warmups:] for name, each in spent.items()})
