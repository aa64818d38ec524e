"""
How a command ends when it cannot do what was asked: one sentence, a remedy, an exit code.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from unless.app.errors import UnlessError

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
    from unless.cli.console import Failure, say_failure

    try:
        yield
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise  # typer says these itself
    except Failure as failure:
        say_failure(failure)
        raise typer.Exit(failure.code) from failure
    except KeyboardInterrupt:
        say_failure(Failure("Interrupted."))
        raise typer.Exit(INTERRUPTED) from None
    except UnlessError as error:
        say_failure(Failure(f"{error}."))
        raise typer.Exit(1) from error
    except Exception as error:
        if os.environ.get(DEBUG) or getattr(error, "errno", None) == errno.EPIPE:
            raise
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        remedy = f"This is a mistake in Unless. {DEBUG}=1 shows where; please report it with that."
        say_failure(Failure(what, remedy))
        raise typer.Exit(1) from error
