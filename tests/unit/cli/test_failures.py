"""
How a command ends when it cannot go on: one sentence, a remedy, an exit code, never a traceback.
"""

import io
import sys

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    UnauthorizedSSOTokenError,
)

from tests.unit.cli.conftest import Typed
from unless.app.errors import ConflictError, TransientError
from unless.aws.errors import translate
from unless.cli import schema
from unless.cli.asking import agree
from unless.cli.console import Failure


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let `unless schema` meet that error."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(schema, "json_schema", fail)


def aws_says(code: str, message: str = "") -> ClientError:
    """An answer of AWS."""
    response = {"Error": {"Code": code, "Message": message}}
    return ClientError(response, "DescribeStacks")


def test_a_mistake_of_ours_is_no_traceback(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected error is named, with how to see where it came from."""
    monkeypatch.delenv("UNLESS_DEBUG", raising=False)
    raising(monkeypatch, RuntimeError("oops"))
    result = typed("schema")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: RuntimeError: oops\n")
    assert "UNLESS_DEBUG=1" in result.stderr
    assert "Traceback" not in result.output


def test_who_debugs_sees_the_traceback(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """With UNLESS_DEBUG the error itself comes through."""
    monkeypatch.setenv("UNLESS_DEBUG", "1")
    raising(monkeypatch, RuntimeError("oops"))
    assert isinstance(typed("schema").exception, RuntimeError)


def test_ctrl_c_ends_with_130(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted command says so, with the exit code of a shell."""
    raising(monkeypatch, KeyboardInterrupt())
    result = typed("schema")
    assert (result.exit_code, result.stderr) == (130, "Interrupted.\n")


@pytest.mark.parametrize(
    ("error", "said", "remedy"),
    [
        (NoRegionError(), "No AWS region is set.", "AWS_REGION=eu-west-1"),
        (NoCredentialsError(), "Unable to locate credentials.", "aws sso login"),
        (ProfileNotFound(profile="x"), "profile (x) could not be found.", "list-profiles"),
        (UnauthorizedSSOTokenError(), "The AWS login is over.", "aws sso login"),
        (EndpointConnectionError(endpoint_url="http://h"), "cannot be reached", "the network"),
        (aws_says("ExpiredToken"), "The AWS credentials have expired.", "Log in again"),
        (aws_says("AccessDenied", "no"), "AWS denies DescribeStacks: no.", "the permission"),
        (aws_says("InvalidClientTokenId"), "does not accept these credentials", "Log in again"),
        (aws_says("Throttling"), "Throttling", "Try again in a moment."),
    ],
)
def test_what_aws_refuses_is_said_with_a_remedy(
    typed: Typed,
    monkeypatch: pytest.MonkeyPatch,
    error: ClientError | BotoCoreError,
    said: str,
    remedy: str,
) -> None:
    """Each way in which AWS says no, or nothing, has its sentence and what to do about it."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    ours = translate(error, "read the stack")
    ours.__cause__ = error
    raising(monkeypatch, ours)
    result = typed("schema")
    assert result.exit_code == 1
    assert said in result.stderr
    assert remedy in result.stderr


@pytest.mark.parametrize(
    ("error", "remedy"),
    [(ConflictError("x"), "Nothing was done."), (TransientError("x"), "Try again in a moment.")],
)
def test_our_own_errors_say_what_happens_next(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, error: Exception, remedy: str
) -> None:
    """The class of an error decides the remedy."""
    raising(monkeypatch, error)
    assert remedy in typed("schema").stderr


class Terminal(io.StringIO):
    """A terminal at which somebody has typed."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


@pytest.mark.parametrize("answer", ["y\n", "YES\n"])
def test_yes_is_agreement(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Whoever says yes at the terminal is taken at their word."""
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stdout", Terminal())
    agree("Do it?", yes=False)


@pytest.mark.parametrize("answer", ["\n", "n\n", "yep\n", ""])
def test_anything_else_is_not(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """No, nothing, something else and the end of input all leave everything as it is."""
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stdout", Terminal())
    with pytest.raises(Failure, match="Nothing was done"):
        agree("Do it?", yes=False)
