"""
The fixtures of the tests here: an empty stack on moto, and all that it logs.
"""

import logging
from collections.abc import Callable, Iterator

import pytest

from tests.integration.grants import listening
from tests.integration.world import FUNCTIONS, AwsWorld, aws_world, begin_telemetry_anew
from unless.app.deletion import Deletion


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsWorld]:
    """
    An empty stack at 2026-02-02T10:00Z, its clock standing still.

    At the end of each test: what its functions have asked of AWS, their roles grant.
    """
    with aws_world() as world, listening(*FUNCTIONS) as asked:
        for owner, name in ((AwsWorld, "publish"), (AwsWorld, "operate"), (Deletion, "delete")):
            monkeypatch.setattr(owner, name, asked.acting("", getattr(owner, name)))
        yield world
        assert asked.refused(world.aws.settings) == set()


@pytest.fixture
def loud(
    world: AwsWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[AwsWorld]:
    """A world in which everything is logged that anybody wants to log."""
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
    caplog.set_level(logging.DEBUG)
    begin_telemetry_anew()
    yield world
    begin_telemetry_anew()


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """All that was printed and logged since the last time."""

    def read() -> str:
        out, err = capfd.readouterr()
        said = out + err + caplog.text
        caplog.clear()
        return said

    return read
