"""
`unless test` with journeys: a failure shows the step, and the way of the run it is about.
"""

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Typed

SCENARIO = """\
scenario: who comes back is thanked
define:
  - journey: v
    reentry: always
    entry: {trigger: {event: registered, where: {plan: gold}}}
    exit: {events: [{event: refund}]}
    steps:
      - delay: {after: 1h}
      - message: {id: hello}
      - wait_for:
          within: 1d
          paths: [{event: purchase, steps: [{message: {id: thanks}}]}]
          otherwise: [{message: {id: nag}}]
      - split: {if: {attribute: vip, eq: true}, then: [{delay: {after: 1d}}, {message: {id: vip}}]}
when:
  - {at: 2026-02-02T10:00:00Z, id: r1, user: u, event: registered, properties: {plan: gold}}
  - {at: 2026-02-02T12:00:00Z, id: p1, user: u, event: purchase}
  - {at: 2026-02-03T12:00:00Z, id: r2, user: u, event: registered, properties: {plan: tin}}
expect:
  - {user: u, journey: v, outcome: sent, step: hello}
  - {user: u, journey: v, outcome: sent, step: thanks}
  - {user: u, journey: v, outcome: completed}
  - {user: u, journey: v, outcome: skipped, reason: filter_mismatch}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A scenario of a journey."""
    file = tmp_path / "v.scenarios.yaml"
    file.write_text(SCENARIO)
    return file


def failed(typed: Typed, file: Path, old: str, new: str) -> list[str]:
    """The lines of the scenario with something else expected, which fails."""
    assert old in SCENARIO
    file.write_text(SCENARIO.replace(old, new))
    result = typed("test", file)
    assert result.exit_code == 1
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


WAY = [
    "the way of u through v (r1):",
    "2026-02-02 10:00:00 0",
    "2026-02-02 11:00:00 hello sent",
    "2026-02-02 11:00:00 2 → paths.0",
    "2026-02-02 12:00:00 thanks sent",
    "2026-02-02 12:00:00 3 → else",
    "2026-02-02 12:00:00 completed",
    "0 passed, 1 failed",
]


def test_a_scenario_that_passes_shows_no_way(typed: Typed, file: Path) -> None:
    """What is as expected needs no more words."""
    result = typed("test", file)
    assert result.stdout.splitlines() == ["✓ who comes back is thanked", "1 passed, 0 failed"]


def test_another_step_is_shown_with_the_way_of_the_run(typed: Typed, file: Path) -> None:
    """The step stands beside the one expected, and below it each step and where it led."""
    lines = failed(typed, file, "step: thanks", "step: nag")
    assert "step nag ≠ thanks" in lines
    assert lines[-len(WAY) :] == WAY


@pytest.mark.parametrize("through", [[], ["--through", "aws"]])
def test_the_way_is_the_same_through_aws(typed: Typed, file: Path, through: list[str]) -> None:
    """Records of one instant, which a store keeps in any order, are told as the run went."""
    file.write_text(SCENARIO.replace("outcome: completed", "outcome: exited"))
    lines = typed("test", file, *through).stdout.splitlines()
    assert [" ".join(line.split()) for line in lines][-len(WAY) :] == WAY


def test_a_row_that_did_not_come_shows_the_ways_of_its_user(typed: Typed, file: Path) -> None:
    """Also where every record was expected, the run says how far it came."""
    row = "  - {user: u, journey: v, outcome: completed}\n"
    lines = failed(typed, file, row, row + "  - {user: u, journey: v, outcome: sent, step: vip}\n")
    assert "expected, and did not come:" in lines
    assert lines[-len(WAY) :] == WAY


def test_a_trigger_that_enters_nothing_has_no_way(typed: Typed, file: Path) -> None:
    """A refused entry is a record like that of a campaign."""
    row = "  - {user: u, journey: v, outcome: skipped, reason: filter_mismatch}\n"
    lines = failed(typed, file, row, "")
    assert "came, and was not expected:" in lines
    assert not [line for line in lines if line.startswith("the way of")]
    assert not [line for line in lines if "steps" in line]


def test_the_steps_stand_in_the_detail_only_where_they_are_asked_for(
    typed: Typed, file: Path
) -> None:
    """A scenario may expect the steps as the record has them, and sees what is there instead."""
    lines = failed(
        typed, file, "step: thanks", "step: thanks, detail: {steps: [{step: hello}, {step: '1'}]}"
    )
    (detail,) = [line for line in lines if line.startswith("detail")]
    assert '"took": "paths.0"' in detail
    plain = failed(typed, file, "step: thanks", "step: nag")
    assert not [line for line in plain if line.startswith("detail")]
