"""
The example workspace: clean, tested, and doing with the sample events what their README says.
"""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Typed
from unless.engine.records import OPEN

ROOT = Path(__file__).resolve().parents[3]
CAMPAIGNS = ROOT / "campaigns"


def test_nothing_is_to_be_said_about_it(typed: Typed) -> None:
    """There is no error and no warning."""
    result = typed("check", CAMPAIGNS)
    assert result.exit_code == 0
    assert "no mistakes found" in result.stdout


@pytest.mark.parametrize(
    "through", [(), pytest.param(("--through", "aws"), marks=pytest.mark.slow)], ids=["pure", "aws"]
)
def test_every_scenario_passes(typed: Typed, through: tuple[str, ...]) -> None:
    """What the comments promise is so, in the engine alone and through the real handlers."""
    result = typed("test", CAMPAIGNS, *through)
    assert result.exit_code == 0, result.stdout


def test_every_campaign_and_journey_has_scenarios_of_its_own() -> None:
    """No example is without the proof that it does what it says."""
    files = {file.name.split(".")[0] for file in CAMPAIGNS.glob("*.yaml")} - {"unless"}
    tested = {file.name.split(".")[0] for file in CAMPAIGNS.glob("*.scenarios.yaml")}
    assert files - tested == set()


ENDINGS = {
    ("u-ana", "welcome", "sent", None),
    ("u-ana", "win_back", "skipped", "not_in_audience"),
    ("u-ana", "abandoned_cart", "sent", None),
    ("u-ana", "onboarding/what_others_buy", "sent", None),
    ("u-ana", "onboarding/anything_missing", "sent", None),
    ("u-ana", "onboarding", "exited", "exit_step"),
    ("u-ben", "abandoned_cart", "cancelled", "exception_event"),
    ("u-chloe", "abandoned_cart", "sent", None),
    ("u-dan", "abandoned_cart", "skipped", "not_in_audience"),
    ("u-emma", "abandoned_cart", "skipped", "filter_mismatch"),
    ("u-farid", "abandoned_cart", "cancelled", "rescheduled"),
    ("u-farid", "abandoned_cart", "sent", None),
    ("u-gus", "welcome", "sent", None),
    ("u-gus", "onboarding", "exited", "exit_event"),
    ("u-gus", "win_back", "sent", None),
    ("u-hana", "appointment_reminder", "sent", None),
    ("u-ines", "appointment_reminder", "cancelled", "exception_event"),
    ("u-jo", "appointment_reminder", "skipped", "delay_in_past"),
    ("u-noa", "win_back", "skipped", "not_in_audience"),
    ("u-noa", "backpack/shall_we_keep_one", "sent", None),
    ("u-noa", "backpack/it_is_kept", "sent", None),
    ("u-noa", "backpack", "completed", None),
    ("u-omar", "win_back", "skipped", "not_in_audience"),
    ("u-omar", "backpack", "exited", "exit_event"),
    ("u-pia", "win_back", "skipped", "not_in_audience"),
    ("u-pia", "backpack", "exited", "exit_audience"),
}
"""What events/README.md says of each user; a message of a journey with its step."""


def test_the_sample_events_end_as_their_readme_says(typed: Typed) -> None:
    """Replayed, each user of events/shop.jsonl shows what the table names, and nothing else."""
    result = typed("simulate", "--workspace", CAMPAIGNS, ROOT / "events/shop.jsonl", "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    ended = [r for r in records if r["outcome"] not in set(OPEN)]
    assert {(r["user"], whose(r), r["outcome"], r.get("reason")) for r in ended} == ENDINGS
    assert len(ended) == len(ENDINGS)


def whose(record: dict[str, str]) -> str:
    """The campaign, or the journey and the step of its message."""
    owner = record.get("campaign") or record["journey"]
    return f"{owner}/{record['step']}" if "step" in record else owner
