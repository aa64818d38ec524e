"""Histories in which everything goes wrong keep every promise, and can be had again."""

import os
import subprocess
import sys

import pytest

from unless.sim.faults import run_history

pytestmark = pytest.mark.slow

SEEDS = range(40)


@pytest.mark.parametrize("sweeper", [True, False], ids=["swept", "not swept"])
def test_every_promise_is_kept(sweeper: bool) -> None:
    """Whatever dies, is lost, comes twice or late: the promises of DESIGN section 3 hold."""
    broken = {
        seed: outcome.breaches
        for seed in SEEDS
        if not (outcome := run_history(seed, sweeper=sweeper)).holds
    }
    assert not broken


def test_the_same_seed_goes_the_same_way() -> None:
    """Run twice, a history makes the very same calls with the very same answers."""
    assert [run_history(s).trace for s in SEEDS[:15]] == [run_history(s).trace for s in SEEDS[:15]]


def test_the_order_of_hashes_does_not_matter() -> None:
    """Another process, which hashes texts otherwise, goes the same way, too."""
    code = (
        "from unless.sim.faults import run_history\nfor s in range(8): print(run_history(s).trace)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for salt in ("0", "1", "77")
    }
    assert len(told) == 1
