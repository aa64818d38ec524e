"""
What the demo is shielded from while it runs: the user's own AWS account, and a sudden end.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Never

from unless.cli.console import Failure
from unless.cli.local_aws import LocalAwsFailed

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
"""What ends a process politely, besides Ctrl-C."""


@contextmanager
def no_other_aws() -> Iterator[None]:
    """Hide the user's own AWS account from everything that is done."""
    saved = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    for name in saved:
        del os.environ[name]
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ |= saved


@contextmanager
def signals_raise() -> Iterator[None]:
    """Let a SIGTERM or a closed terminal end the block as Ctrl-C does, with all its clean-ups."""

    def end(number: int, _frame: FrameType | None) -> Never:
        raise SystemExit(128 + number)

    before = {each: signal.signal(each, end) for each in SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def failures_are_sentences(root: Path) -> Iterator[None]:
    """
    Turn what keeps the local AWS from running into a sentence for people.

    Raises:
        Failure: the sentence, with the remedy.
    """
    try:
        yield
    except LocalAwsFailed as failed:
        text = str(failed)
        raise Failure(f"{text[:1].upper()}{text[1:]}") from failed
    except PermissionError as error:
        remedy = f"The demo builds in {root / '.local'}; make that writable for you."
        raise Failure(f"{error.filename or root}: permission denied.", remedy) from error
