"""
`unless test` as a person meets it: what passed, what differs, and files that hold no scenario.
"""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import CART, Typed

SCENARIO = """\
scenario: reminded an hour later
when:
  - {at: 2026-02-02T10:00:00Z, user: u, event: cart_updated, properties: {cart_value: 150}}
expect:
  - {user: u, campaign: cart, outcome: sent}
"""


@pytest.fixture
def scenarios(folder: Path) -> Path:
    """A scenario beside the campaign."""
    file = folder / "cart.scenarios.yaml"
    file.write_text(SCENARIO)
    return file


@pytest.mark.parametrize("path", ["shop", "shop/cart.scenarios.yaml"])
def test_a_folder_or_a_file_may_be_named(typed: Typed, scenarios: Path, path: str) -> None:
    """The last line counts what passed and what failed."""
    result = typed("test", scenarios.parent.parent / path)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["✓ reminded an hour later", "1 passed, 0 failed"]


def test_what_was_expected_stands_beside_what_came(typed: Typed, scenarios: Path) -> None:
    """A failure shows field by field what was expected and what came instead."""
    scenarios.write_text(SCENARIO.replace("sent", "cancelled, reason: exception_event"))
    result = typed("test", scenarios)
    assert result.exit_code == 1
    assert f"✗ reminded an hour later  {scenarios}:1" in result.stdout
    outcome = next(line for line in result.stdout.splitlines() if " outcome " in line)
    assert outcome.split() == ["outcome", "cancelled", "≠", "sent"]
    assert result.stdout.splitlines()[-1] == "0 passed, 1 failed"


def test_a_record_that_nobody_expected_is_shown(typed: Typed, scenarios: Path) -> None:
    """Something that happened and stands in no row fails the scenario."""
    scenarios.write_text(
        SCENARIO.split("  - {user: u, campaign")[0].replace("expect:", "expect: []")
    )
    result = typed("test", scenarios)
    assert result.exit_code == 1
    assert "came, and was not expected:" in result.stdout


def test_a_row_that_did_not_come_is_shown(typed: Typed, scenarios: Path) -> None:
    """A row of another user has nothing to be compared with."""
    scenarios.write_text(SCENARIO + "  - {user: v, campaign: cart, outcome: sent}\n")
    result = typed("test", scenarios)
    assert "expected, and did not come:" in result.stdout
    assert "came, and was not expected:" not in result.stdout


def test_a_scenario_tests_the_file_of_its_name(typed: Typed, scenarios: Path) -> None:
    """Another campaign on the same event takes no part, until the scenario is of the folder."""
    other = CART.replace("campaign: cart", "campaign: other")
    (scenarios.parent / "other.yaml").write_text(other)
    assert typed("test", scenarios).exit_code == 0
    together = scenarios.rename(scenarios.parent / "together.scenarios.yaml")
    result = typed("test", together)
    assert result.exit_code == 1
    assert "other" in result.stdout


def test_a_scenario_of_its_own_definitions_takes_no_neighbours(
    typed: Typed, scenarios: Path
) -> None:
    """With `define` nothing beside the file counts."""
    define = "define: [{campaign: mine, trigger: {event: cart_updated}}]\n"
    scenarios.write_text(SCENARIO.replace("when:", define + "when:").replace(": cart,", ": mine,"))
    assert typed("test", scenarios).exit_code == 0


def test_a_neighbour_with_a_mistake_fails_its_scenarios(typed: Typed, scenarios: Path) -> None:
    """What cannot be published cannot be tested; the sentence names its line."""
    (scenarios.parent / "cart.yaml").write_text(CART.replace("delay", "dealy"))
    result = typed("test", scenarios)
    assert result.exit_code == 1
    assert "cart.yaml:3: unknown_key" in result.stdout


def test_a_scenario_without_definitions_anywhere_is_refused(typed: Typed, tmp_path: Path) -> None:
    """Outside a workspace a scenario must bring its own definitions."""
    file = tmp_path / "alone.yaml"
    file.write_text(SCENARIO)
    result = typed("test", file)
    assert result.exit_code == 1
    assert "expected `define`" in result.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "this is not YAML"),
        ("campaign: cart\n", "no document begins with `scenario:`"),
        (SCENARIO.replace("expect:", "expects:"), "did you mean `expect`?"),
        (SCENARIO.replace("2026-02-02T10:00:00Z", "soon"), "when[0].at: expected an instant"),
        (SCENARIO.replace("outcome: sent", "outcome: send"), "no such outcome: 'send'"),
        (SCENARIO.replace("user: u, event", "event"), "an event needs `user`"),
    ],
)
def test_a_file_that_cannot_be_run_is_one_sentence(
    typed: Typed, scenarios: Path, text: str, said: str
) -> None:
    """What is wrong with the file is said with its place, and counts as failed."""
    scenarios.write_text(text)
    result = typed("test", scenarios)
    assert result.exit_code == 1
    assert said in result.stdout
    assert str(scenarios) in result.stdout
    assert result.stdout.splitlines()[-1] == "0 passed, 1 failed"


def test_a_folder_without_scenarios_is_said(typed: Typed, folder: Path) -> None:
    """Nothing to run is no success."""
    result = typed("test", folder)
    assert result.exit_code == 1
    assert "there is no scenario in this folder" in result.stderr


def test_a_folder_is_searched_but_not_what_is_hidden(typed: Typed, scenarios: Path) -> None:
    """Scenarios are found below the folder, as JSON too; an environment in it is not looked at."""
    as_json = {"scenario": "nothing", "define": [], "expect": []}
    for folder in (scenarios.parent / "deeper", scenarios.parent / ".venv"):
        folder.mkdir()
        (folder / "one.json").write_text(json.dumps(as_json, indent=2))
    result = typed("test", scenarios.parent)
    assert result.stdout.splitlines()[-1] == "2 passed, 0 failed"


def test_a_path_that_does_not_exist_is_a_wrong_command(typed: Typed, tmp_path: Path) -> None:
    """A misspelt path ends with exit code 2."""
    result = typed("test", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "there is no such file or folder" in result.stderr


def test_machines_get_one_object_a_scenario(typed: Typed, scenarios: Path) -> None:
    """With --json each scenario is an object with what is missing and what is extra."""
    scenarios.write_text(SCENARIO.replace("sent", "cancelled"))
    result = typed("test", scenarios, "--json")
    (row,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert not row["passed"]
    assert row["missing"][0]["outcome"] == "cancelled"
    assert row["extra"][0]["outcome"] == "sent"
