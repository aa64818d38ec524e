"""Every scenario ends the same through the real handlers, store, queues and timers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unless.app.audit import Audit
from unless.aws.whole_tables import WholeDueIndex, WholeLedger
from unless.sim.aws_world import AwsWorld
from unless.sim.moto_cloud import MotoCloud, moto_cloud
from unless.sim.runner import run_scenario
from unless.sim.scenario import Scenario, read_scenarios

FOLDER = Path(__file__).parent.parent / "scenarios"
SCENARIOS = [
    scenario
    for file in sorted(FOLDER.glob("*.yaml"))
    for scenario in read_scenarios(file)
    if scenario.expect is not None
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cloud() -> Iterator[MotoCloud]:
    """One account for all; each scenario finds it empty."""
    with moto_cloud() as account:
        yield account


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_what_follows_on_aws_is_what_the_scenario_expects(
    scenario: Scenario, cloud: MotoCloud
) -> None:
    """
    A scenario ends in exactly the records that it expects, read back from the ledger; and by that
    and what is pending, every trigger has ended once.
    """
    result = run_scenario(scenario, lambda: AwsWorld(cloud))
    assert result.passed, (result.problems, result.comparison, result.records)
    audited = audit_of(cloud).run()
    assert audited.holds, audited.examples
    assert all(counts.balanced for counts in audited.counts.values()), audited.counts


def audit_of(cloud: MotoCloud) -> Audit:
    """The audit of the account, which has nothing to wait for."""
    app = cloud.app
    return Audit(
        ledger=WholeLedger(app.clients, app.settings.ledger_table),
        index=WholeDueIndex(app.clients, app.settings.table),
        store=app.store,
        definitions=app.definitions,
        clock=app.clock,
        pause=lambda _: None,
    )
