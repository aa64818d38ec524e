"""One local AWS with the real stack for all tests in this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unless.cli.local_aws import LocalAws, local_aws

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is e2e, and runs in the same process because it shares one deployment."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    """The stack of template.yaml, deployed once; each test uses users of its own."""
    with local_aws(ROOT) as running:
        yield running
