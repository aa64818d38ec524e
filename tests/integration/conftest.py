"""
The fixture of every test here: an empty stack on moto.
"""

from collections.abc import Iterator

import pytest

from tests.integration.world import AwsWorld, aws_world


@pytest.fixture
def world() -> Iterator[AwsWorld]:
    """An empty stack at 2026-02-02T10:00Z, its clock standing still."""
    with aws_world() as world:
        yield world
