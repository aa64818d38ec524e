"""Cases at the edges of the rules end as SPEC says, on the pure engine and through AWS."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unless.sim.aws_world import AwsWorld
from unless.sim.moto_cloud import MotoCloud, moto_cloud
from unless.sim.runner import run_scenario
from unless.sim.scenario import Scenario, read_scenarios
from unless.sim.world import PureWorld

EDGES = [
    edge
    for name in (
        "edges.yaml",
        "journey_edges.yaml",
        "delivery_edges.yaml",
        "channels.yaml",
        "content_edges.yaml",
    )
    for edge in read_scenarios(Path(__file__).with_name(name))
]


@pytest.fixture(scope="module")
def cloud() -> Iterator[MotoCloud]:
    """One account for all; each scenario finds it empty."""
    with moto_cloud() as account:
        yield account


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.name)
def test_an_edge_on_the_pure_engine(edge: Scenario) -> None:
    """The engine alone ends in exactly the expected records."""
    result = run_scenario(edge, PureWorld)
    assert result.passed, (result.problems, result.comparison)


@pytest.mark.slow
@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.name)
def test_an_edge_through_aws(edge: Scenario, cloud: MotoCloud) -> None:
    """The real handlers, store, queues and timers end in the same."""
    result = run_scenario(edge, lambda: AwsWorld(cloud))
    assert result.passed, (result.problems, result.comparison)
