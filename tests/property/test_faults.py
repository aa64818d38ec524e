"""Histories in which everything goes wrong keep every promise, and can be had again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from unless.sim.faults import (
    a_share,
    crash_pairs,
    crash_points,
    histories_of,
    prove,
    run_history,
    shortest,
)
from unless.sim.faults.faults import NoFaults
from unless.sim.faults.rare import RARE
from unless.sim.faults.running import run
from unless.sim.scenario import read_scenarios

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent.parent / "scenarios"

HISTORIES = 2_000
SAMPLE = 0.02
"""The share of all crash points that is tried here; `unless.sim.faults.crash_points` has all."""


def test_every_promise_is_kept() -> None:
    """Whatever dies, is lost, comes twice or late: the promises of DESIGN section 3 hold."""
    proof = prove(HISTORIES, jobs=2)
    assert not proof.failed
    assert not [name for name in RARE if not proof.rare[name]], "some states never came about"


def test_no_single_fault_breaks_a_promise() -> None:
    """Each call of a scenario may die, fail, or go unheard: a sample of all of these points."""
    files = sorted(FOLDER.glob("*.yaml"))
    scenarios = [scenario for file in files for scenario in read_scenarios(file)]
    histories = list(histories_of(scenarios))
    assert len(histories) >= 30
    broken = [
        point
        for name, history in histories
        for point in crash_points(name, history, wanted=a_share(SAMPLE, 1, name))
        if point.breaches
    ]
    assert not broken


def test_no_pair_of_faults_breaks_a_promise() -> None:
    """What the first fault leaves behind may meet a second one: a sample of all such pairs."""
    scenarios = [
        scenario for file in sorted(FOLDER.glob("*.yaml")) for scenario in read_scenarios(file)
    ]
    ((name, history),) = shortest(histories_of(scenarios), 1)
    pairs = list(crash_pairs(name, history, wanted=a_share(0.1, 1, name)))
    assert pairs
    assert not [pair for pair in pairs if pair.breaches]


def test_scenarios_without_a_fault_keep_every_promise() -> None:
    """What the promises say of a history holds of what people expect of one, too."""
    files = sorted(FOLDER.glob("*.yaml"))
    scenarios = [scenario for file in files for scenario in read_scenarios(file)]
    broken = {n: run(history, NoFaults()).breaches for n, history in histories_of(scenarios)}
    assert not {name: breaches for name, breaches in broken.items() if breaches}


def test_the_same_seed_goes_the_same_way() -> None:
    """Run twice, a history makes the very same calls with the very same answers."""
    assert [run_history(s).trace for s in range(40)] == [run_history(s).trace for s in range(40)]


def test_other_seeds_go_other_ways() -> None:
    """A trace names what happened: no two of forty histories have the same."""
    assert len({run_history(seed).trace for seed in range(40)}) == 40


def test_processes_prove_what_one_does() -> None:
    """On several processes the same histories add up to the same."""
    assert prove(30, seed=7, jobs=2) == prove(30, seed=7)


def test_the_order_of_hashes_does_not_matter() -> None:
    """Another process, which hashes texts otherwise, goes the same way, too."""
    code = "import unless.sim.faults as f\nfor seed in range(12): print(f.run_history(seed).trace)"
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
