"""Every scenario passes on the pure engine."""

from pathlib import Path

import pytest

from unless.sim.runner import run_scenario
from unless.sim.scenario import Scenario, read_scenarios
from unless.sim.world import PureWorld

FOLDER = Path(__file__).parent.parent / "scenarios"
SCENARIOS = [
    scenario for file in sorted(FOLDER.glob("*.yaml")) for scenario in read_scenarios(file)
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_follows_is_what_the_scenario_expects(scenario: Scenario) -> None:
    """A scenario ends in exactly the records that it expects."""
    result = run_scenario(scenario, PureWorld)
    assert result.passed, (result.problems, result.comparison, result.records)
