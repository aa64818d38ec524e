"""
The report of all benchmarks, printed below their dots.
"""

import pytest

from tests.bench.report import Report

REPORT = pytest.StashKey[Report]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin with an empty report."""
    config.stash[REPORT] = Report()


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """What is printed at the end."""
    return request.config.stash[REPORT]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the report."""
    for line in config.stash[REPORT].lines() if config.stash[REPORT].tables else ():
        terminalreporter.write_line(line)
