"""
From an event to the campaigns it may start: the index against a plain loop over all campaigns.

Both find the same campaigns, which is asserted first. Their ratio is judged, never milliseconds.
"""

import gc
from collections.abc import Callable, Iterator
from functools import lru_cache
from statistics import median
from time import process_time
from typing import Any

import pytest

from tests.bench.matching import Campaigns, Happened, campaigns, events

ROUNDS = 7
SECONDS = 0.05
"""Least CPU time of one measurement; below it the clock would be what is measured."""

LEAST_GAIN = {
    (10, 50): 0.5, (1_000, 50): 5, (10_000, 50): 30, (100_000, 50): 50,
    (10, 1): 1.5, (1_000, 1): 15, (10_000, 1): 9, (100_000, 1): 8,
}  # fmt: skip
"""How much quicker the index is at least, by campaigns and event names; a third of what it is."""


@pytest.fixture(scope="module", autouse=True)
def _frozen() -> Iterator[None]:
    """Keep the collector off the campaigns, as a warm function has them for long."""
    yield
    gc.unfreeze()
    compiled.cache_clear()


@lru_cache(maxsize=2)
def compiled(count: int, names: int) -> Campaigns:
    gc.disable()  # it would walk through all campaigns again and again while they are made
    made = campaigns(count, names)
    gc.enable()
    gc.freeze()
    return made


def all_of(match: Callable[[Happened], list[int]], happened: list[Happened]) -> int:
    """Match all events; return how many campaigns they start."""
    return sum(len(match(each)) for each in happened)


def cpu_per_event(match: Callable[[Happened], list[int]], happened: list[Happened]) -> float:
    """Return the CPU seconds that matching one event takes."""
    repeats, started = 0, process_time()
    while (spent := process_time() - started) < SECONDS:
        all_of(match, happened)
        repeats += 1
    return spent / repeats / len(happened)


@pytest.mark.parametrize("names", [50, 1], ids=["50-names", "one-hot-name"])
@pytest.mark.parametrize("count", [10, 1_000, 10_000, 100_000])
def test_matching(benchmark: Any, count: int, names: int) -> None:
    """The index finds what the plain loop finds, and the more campaigns, the sooner."""
    made, happened = compiled(count, names), events(count, names)
    few = happened if count < 100_000 else happened[:10]
    for each in few:
        assert made.indexed(each) == made.plain_loop(each)

    rounds = ROUNDS if count < 100_000 else 3
    pairs = [
        (cpu_per_event(made.plain_loop, few), cpu_per_event(made.indexed, few))
        for _ in range(rounds)
    ]
    gain = median(loop / index for loop, index in pairs)
    benchmark.extra_info.update(
        campaigns_per_event=all_of(made.indexed, happened) / len(happened),
        candidates_per_event=sum(len(made.index.candidates(*each)) for each in happened)
        / len(happened),
        plain_loop_us=round(median(loop for loop, _ in pairs) * 1e6, 2),
        index_us=round(median(index for _, index in pairs) * 1e6, 2),
        times_quicker=round(gain, 1),
    )
    benchmark.group = f"match, {count:,} campaigns"
    benchmark(all_of, made.indexed, happened)
    assert gain >= LEAST_GAIN[count, names]
