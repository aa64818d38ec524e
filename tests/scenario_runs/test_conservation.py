"""A scenario whose history loses a trigger, or ends one twice, fails whatever it expects."""

from pathlib import Path

import pytest

from unless.engine.records import Outcome, Record
from unless.sim.runner import run_scenario
from unless.sim.scenario import Scenario, read_scenarios
from unless.sim.world import PureWorld

SCENARIO = """
scenario: X1 two carts
define: [{campaign: c, trigger: {event: cart_add}, delay: {after: 1h}, reeligible: always}]
when:
  - {at: 2026-02-02T10:00:00Z, user: u, event: cart_add}
  - {at: 2026-02-02T10:10:00Z, user: u, event: cart_add}
expect: [{outcome: sent}]
"""


class Forgetful(PureWorld):
    """A world that loses the first message that was sent."""

    def records(self) -> list[Record]:
        """All records but that one."""
        sent = next(record for record in self.made if record.outcome is Outcome.SENT)
        return [record for record in self.made if record is not sent]


class Repeating(PureWorld):
    """A world that tells twice of the first message that was sent."""

    def records(self) -> list[Record]:
        """All records and that one."""
        return [*self.made, next(each for each in self.made if each.outcome is Outcome.SENT)]


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    """A scenario that expects one of two messages."""
    file = tmp_path / "x.yaml"
    file.write_text(SCENARIO)
    (scenario,) = read_scenarios(file)
    return scenario


def test_a_lost_trigger_fails_a_scenario_that_expects_the_rest(scenario: Scenario) -> None:
    """All that is expected happened, and still one trigger began and never ended."""
    result = run_scenario(scenario, Forgetful)
    assert result.comparison is not None
    assert result.comparison.equal
    assert not result.passed
    (problem,) = result.problems
    assert "It began, has not ended, and is not pending" in problem
    assert "campaign c, user u, event row-0" in problem


def test_a_trigger_that_ends_twice_fails_a_scenario(scenario: Scenario) -> None:
    """The trigger is named, with both of its ends."""
    (problem,) = run_scenario(scenario, Repeating).problems
    assert "It ended more than once" in problem
    assert problem.count("sent 2026-02-02T11:00:00Z") == 2
