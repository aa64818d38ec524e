"""Every scenario passes on the pure engine, but for those that `deferred.txt` names."""

from pathlib import Path

import pytest

from unless.sim.runner import run_scenario
from unless.sim.scenario import Scenario, read_scenarios
from unless.sim.world import PureWorld

FOLDER = Path(__file__).parent.parent / "scenarios"
SCENARIOS = [
    scenario for file in sorted(FOLDER.glob("*.yaml")) for scenario in read_scenarios(file)
]
DEFERRED = {
    line.split()[0]: line
    for line in (FOLDER / "deferred.txt").read_text().splitlines()
    if line.strip() and not line.startswith("#")
}


def code(scenario: Scenario) -> str:
    """Return the short name by which a scenario is known, as in `E01`."""
    return scenario.name.split()[0]


@pytest.mark.parametrize(
    "scenario", [s for s in SCENARIOS if code(s) not in DEFERRED], ids=lambda s: s.name
)
def test_what_follows_is_what_the_scenario_expects(scenario: Scenario) -> None:
    """A scenario ends in exactly the records that it expects."""
    result = run_scenario(scenario, PureWorld)
    assert result.passed, (result.problems, result.comparison, result.records)


@pytest.mark.parametrize(
    "scenario", [s for s in SCENARIOS if code(s) in DEFERRED], ids=lambda s: s.name
)
def test_a_deferred_scenario_does_not_pass_yet(scenario: Scenario) -> None:
    """The list of deferred scenarios only shrinks: one that passes has to leave it."""
    assert not run_scenario(scenario, PureWorld).passed


def test_every_deferred_scenario_exists() -> None:
    """No line of the list outlives its scenario."""
    assert set(DEFERRED) <= {code(scenario) for scenario in SCENARIOS}
