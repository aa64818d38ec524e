"""
Typing a command, in a pipe or on a terminal, and workspaces to type it in.
"""

import os
import pty
import re
import subprocess
import sys
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

TOUR = """\
journey: tour
entry: {trigger: {event: registered, where: {plan: gold}}, audience: {attribute: vip, ne: true}}
reentry: {after: 3d}
exit: {events: [{event: purchase, match: cart_id}], audience: {attribute: plan, eq: staff}}
steps:
  - delay: {after: 5d}
  - message: {id: day5}
  - wait_for:
      within: 2d
      paths: [{event: session_start, steps: [{message: {id: back}}]}]
      otherwise: [{exit: true}]
  - split:
      id: likes_news
      if: {attribute: news, eq: true}
      then: [{delay: {after: 1d, at: "14:00"}}, {message: {}}]
"""


@pytest.fixture
def typed() -> Typed:
    """Types a command, not on a terminal."""
    runner = CliRunner()

    def typed(*words: str | Path) -> Result:
        return runner.invoke(app, [str(word) for word in words])

    return typed


def on_terminal(columns: int, *words: str | Path) -> list[str]:
    """Return the lines that a command shows on a terminal of so many columns, without colours."""
    ours, theirs = pty.openpty()
    unless = Path(sys.executable).with_name("unless")
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color"}
    command = subprocess.Popen(
        [unless, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65_536):
            shown += part
    except OSError:  # how a terminal says on Linux that nobody writes to it any more
        pass
    command.wait()
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode()).splitlines()


@pytest.fixture
def tour(folder: Path) -> Path:
    """The workspace with a journey beside the campaign."""
    (folder / "tour.yaml").write_text(TOUR)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with one campaign and its scenario."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "unless.yaml").write_text("workspace: {zone: Europe/Paris}\n")
    (folder / "cart.yaml").write_text(CART)
    return folder
