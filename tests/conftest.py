"""
How the tests are dealt out to the processes of pytest-xdist, and their output searched.
"""

import pytest
from hypothesis import settings
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

from tests.privacy import pytest_runtest_makereport

__all__ = ["pytest_runtest_makereport"]

# A test is never failed by the time it takes: the machine may be busy, or an import the first one.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

E2E = "tests/e2e/"


class E2ETogether(LoadGroupScheduling):  # type: ignore[misc]
    """All of tests/e2e goes to one process, for it shares one deployment; the rest is dealt out.

    pytest-xdist 3.8 would do that by itself with the mark xdist_group, but it writes the group to
    an attribute that pytest 9.2 does not read any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        return E2E if nodeid.startswith(E2E) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> E2ETogether | None:
    """Take our way where --dist loadgroup asks for groups."""
    return E2ETogether(config, log) if config.getoption("dist") == "loadgroup" else None
