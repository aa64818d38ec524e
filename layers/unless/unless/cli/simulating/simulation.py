"""
What `unless simulate` was asked for: which definitions, which events, and how to print it.
"""

import gc
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from unless.cli.check import default_folder
from unless.cli.console import Failure, errors
from unless.definitions.durations import in_utc


class Form(StrEnum):
    """How what came of a simulation is printed."""

    WORDS = "words"
    MARKDOWN = "markdown"
    JSON = "json"


COLLECT_AFTER = 100_000
"""
New objects after which Python looks for circles among them. The state of a user is a tree without
any, and by the thousands of them the search takes a tenth of the time of a replay.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of `unless simulate` as they were typed."""

    workspace: Path | None
    against: Path | None
    events: tuple[Path, ...]
    until: str | None
    as_json: bool
    as_markdown: bool
    html: Path | None = None


def simulate(asked: Asked) -> None:
    """
    Play the events, under one version of the definitions or under two.

    Raises:
        Failure: the options contradict each other, or what they name cannot be used.
    """
    from unless.cli.simulating.against import compare
    from unless.cli.simulating.simulate import simulate as play

    form, end = _form(asked), _instant(asked.until)
    workspace = asked.workspace or default_folder()
    if asked.html is not None:
        _is_writable(asked.html)
    gc.set_threshold(COLLECT_AFTER)
    played = (
        play(workspace, asked.events, end, form)
        if asked.against is None
        else compare(workspace, asked.against, asked.events, end, form)
    )
    if asked.html is not None:
        _write(asked.html, played.page())


def _is_writable(path: Path) -> None:
    """Find out before the events are played whether a page can be made, and written there."""
    try:
        import_module("unless.cli.simulating.report_page")
    except ModuleNotFoundError as missing:
        raise Failure(
            f"--html draws with the package {missing.name}, which is not installed.",
            "Install it with `make setup`, or pip install -e '.[html]', in the checkout",
        ) from missing
    if path.is_dir() or not path.absolute().parent.is_dir():
        problem = "this is a folder" if path.is_dir() else "its folder does not exist"
        raise Failure(f"--html: {path}: {problem}.", "Name a file to be written.", code=2)


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}.") from error
    errors().print(f"Wrote {path}.")


def _form(asked: Asked) -> Form:
    if asked.as_json and asked.as_markdown:
        raise Failure("--json and --markdown are two forms of the same.", "Choose one.", code=2)
    if asked.as_markdown and asked.against is None:
        raise Failure(
            "--markdown is for what differs between two versions.",
            "Name the folder of the old definitions with --against.",
            code=2,
        )
    return Form.JSON if asked.as_json else Form.MARKDOWN if asked.as_markdown else Form.WORDS


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    instant = in_utc(text)
    if instant is None:
        raise Failure(
            f"--until: {text!r} is no instant", "Write it as 2026-02-02T10:00:00Z.", code=2
        )
    return instant
