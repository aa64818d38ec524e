"""
From an event to the campaigns it may start: the index against a plain loop over all campaigns.

Both find the same campaigns, which is asserted first.
"""

import gc
from collections.abc import Callable, Iterator
from time import process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.bench.matching import Campaigns, Happened, campaigns, events, forget
from tests.bench.report import Report, span, times
from tests.bench.turns import in_turn

MEASURED_MIN = 2_000
"""Campaigns looked at in one measurement at least; below it the clock would be what is measured."""

HEADING = """\
MATCHING: from an event to the campaigns that it starts, CPU time per event. "plain loop" looks at
every campaign, "index" is what Unless does; "candidates" are the campaigns that it looks at."""


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    """Keep the collector off the campaigns, as a warm function has them for long."""
    yield
    gc.unfreeze()


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    """Leave no campaigns behind."""
    yield
    forget()


def compiled(count: int, names: int) -> Campaigns:
    """Return the campaigns, made without the collector: it would walk them again and again."""
    gc.disable()
    made = campaigns(count, names)
    gc.enable()
    gc.freeze()
    return made


@pytest.mark.benchmark(timer=process_time)
@pytest.mark.parametrize("names", [50, 1])
@pytest.mark.parametrize("count", [10, 1_000, 10_000, 100_000])
def test_matching(benchmark: BenchmarkFixture, report: Report, count: int, names: int) -> None:
    """The index finds what the plain loop finds."""
    made, happened = compiled(count, names), events(count, names)
    found = [made.indexed(each) for each in happened]
    assert found == [made.plain_loop(each) for each in happened]

    repeats = max(1, MEASURED_MIN // count)

    def all_by(match: Callable[[Happened], list[int]]) -> None:
        for _ in range(repeats):
            for each in happened:
                match(each)

    turns = in_turn(
        benchmark,
        lambda: all_by(made.indexed),
        rounds=9 if count < 100_000 else 3,
        warmups=2 if count < 100_000 else 0,
        plain_loop=lambda: all_by(made.plain_loop),
    )
    candidates = sum(len(made.index.candidates(*each)) for each in happened)
    report.add(
        HEADING,
        {
            "": f"{count:,} campaigns on {min(names, count)} event name{'s' * (names > 1)}",
            "started": f"{sum(map(len, found)) / len(happened):,.1f}",
            "candidates": f"{candidates / len(happened):,.1f}",
            "plain loop": span(turns.baseline("plain_loop") / repeats / len(happened)),
            "index": span(turns.seconds / repeats / len(happened)),
            "quicker": times(1 / turns.ratio("plain_loop")),
        },
    )
