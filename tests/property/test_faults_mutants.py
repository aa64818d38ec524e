"""A simulator that finds nothing must first have found what it is there for."""

import pytest

from unless.sim.faults import (
    MUTANTS,
    Mutant,
    catch,
    draw_history,
    hunts,
    made,
    run,
    run_history,
    shrink,
    story_of,
)

pytestmark = pytest.mark.slow

HISTORIES = 500
RARELY = {"M10"}
"""Caught in hundreds of histories, which takes too long here."""

QUICK = [(mutant, sweeper) for mutant, sweeper in hunts() if mutant.name not in RARELY]


@pytest.mark.parametrize(
    ("mutant", "sweeper"),
    QUICK,
    ids=[f"{mutant.name}-{'swept' if sweeper else 'unswept'}" for mutant, sweeper in QUICK],
)
def test_a_mistake_of_design_is_caught(mutant: Mutant, sweeper: bool) -> None:
    """Put into the application, each mistake breaks a promise within a few histories."""
    assert catch(mutant, sweeper, HISTORIES)


def test_a_mistake_is_undone() -> None:
    """After a hunt the application is what it was."""
    before = [run_history(seed).trace for seed in range(10)]
    for mutant in MUTANTS:
        with made(mutant):
            pass
    assert [run_history(seed).trace for seed in range(10)] == before


def test_a_failing_history_is_made_small_and_told() -> None:
    """What remains breaks the same promise, with few events, and its story says which."""
    mutant = next(each for each in MUTANTS if each.name == "M8")
    caught = catch(mutant, True, HISTORIES)
    assert caught is not None
    whole = draw_history(caught.seed, sweeper=True)
    with made(mutant):
        small = shrink(whole)
        outcome = run(small, keep_calls=True)
    assert {b.promise for b in outcome.breaches} & {b.promise for b in caught.breaches}
    assert len(small.happenings) <= 3
    lines = list(story_of(outcome))
    assert lines[0].startswith(f"seed {caught.seed}")
    assert any(line.startswith("BROKEN I3") for line in lines)


def test_a_history_that_holds_is_not_made_smaller() -> None:
    """There is nothing to find in it."""
    history = draw_history(3)
    assert shrink(history) is history
