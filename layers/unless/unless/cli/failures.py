"""
How a command ends when it cannot do what was asked: one sentence, a remedy, an exit code.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from unless.app.errors import ConflictError, TransientError, UnlessError

if TYPE_CHECKING:
    from unless.cli.console import Failure

INTERRUPTED = 130
"""The exit code after Ctrl-C. Source: Bash Reference Manual, "Exit Status": 128 + SIGINT (2)."""

DEBUG = "UNLESS_DEBUG"
"""Set to anything, unexpected errors show where they came from."""


@contextmanager
def guarded() -> Iterator[None]:
    """
    Let a command run, and turn what it raises into a sentence and an exit code.

    Raises:
        typer.Exit: the command failed; everything about it has been said.
    """
    from unless.cli.console import Ended, Failure, say_failure

    try:
        yield
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise  # typer says these itself
    except Failure as failure:
        say_failure(failure)
        raise typer.Exit(failure.code) from failure
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            sys.stderr.write("\n")  # after the ^C
        say_failure(Ended("Interrupted."))
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if os.environ.get(DEBUG) or getattr(error, "errno", None) == errno.EPIPE:
            raise
        say_failure(_failure(error))
        raise typer.Exit(1) from error


def _failure(error: Exception) -> "Failure":
    """Return what to say about an error that no command says itself."""
    from unless.cli.console import Failure

    if isinstance(error, ConflictError):
        return Failure(f"{_sentence(error)}.", "Nothing was done. Look at it, and try again.")
    if "botocore" in sys.modules:
        from unless.cli.aws_failures import explained

        if failure := explained(error):
            return failure
    if isinstance(error, UnlessError):
        again = isinstance(error, TransientError)
        return Failure(f"{_sentence(error)}.", "Try again in a moment." if again else "")
    return Failure(
        f"{type(error).__name__}: {error}".rstrip(": "),
        f"This is a mistake in Unless. {DEBUG}=1 shows where; please report it with that.",
    )


def _sentence(error: Exception) -> str:
    text = str(error).rstrip(".")
    return text[:1].upper() + text[1:]
