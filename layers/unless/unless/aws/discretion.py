"""
What Lambda logs of a function that broke.

Lambda writes the text of whatever a handler raises into the log, and the text of a bug may quote
what it stumbled over. Source: awslambdaric, `bootstrap.handle_event_request` (read 2026-11).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from unless.app.messages import failure_of


class FunctionFailed(Exception):
    """A run of a function broke; says what and where, and nothing of a user."""


@contextmanager
def discreetly() -> Iterator[None]:
    """
    Let what breaks inside, or in the handler that this decorates, be told without data of a user.

    Raises:
        FunctionFailed: anything was raised.
    """
    try:
        yield
    except Exception as error:
        raise FunctionFailed(failure_of(error).why) from None
