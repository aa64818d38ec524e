"""
Typing a command, and workspaces to type it in.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from unless.cli.commands import app

type Typed = Callable[..., Result]

CART = """\
campaign: cart
trigger: {event: cart_updated, where: {cart_value: {gte: 100}}}
delay: {after: 1h}
unless: [{event: purchase, match: cart_id}]
"""


@pytest.fixture
def typed() -> Typed:
    """Types a command, not on a terminal."""
    runner = CliRunner()

    def typed(*words: str | Path) -> Result:
        return runner.invoke(app, [str(word) for word in words])

    return typed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with one campaign and its scenario."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "unless.yaml").write_text("workspace: {zone: Europe/Paris}\n")
    (folder / "cart.yaml").write_text(CART)
    return folder
