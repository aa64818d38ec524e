"""
What an error of AWS means: repeat, or call a person.
"""

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from unless.app.errors import ConfigurationError, ConflictError, TransientError, UnlessError
from unless.app.messages import failure_of
from unless.aws.errors import aws_errors


def raised(error: Exception) -> UnlessError:
    """What our code sees of an error of AWS."""
    with pytest.raises(UnlessError) as caught, aws_errors("read a user"):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetItem")


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerError", "Unheard", ""])
def test_what_may_pass_is_transient(code: str) -> None:
    """Also what nobody has heard of: it ends in front of a person after an hour."""
    assert type(raised(client_error(code))) is TransientError


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
def test_what_needs_a_person_says_what_to_do(code: str) -> None:
    """The sentence has the code, the operation and the remedy."""
    error = raised(client_error(code))
    assert isinstance(error, ConfigurationError)
    assert code in str(error)
    assert "GetItem" in str(error)
    assert ";" in str(error)


@pytest.mark.parametrize(
    "error",
    [
        ConnectTimeoutError(endpoint_url="x"),
        ReadTimeoutError(endpoint_url="x"),
        EndpointConnectionError(endpoint_url="x"),
    ],
)
def test_a_broken_connection_may_pass(error: BotoCoreError) -> None:
    """Whether the call was carried out is not known; the redelivery finds out."""
    assert type(raised(error)) is TransientError


def test_missing_credentials_need_a_person() -> None:
    """No repetition brings them."""
    assert isinstance(raised(NoCredentialsError()), ConfigurationError)


def test_our_own_errors_pass_through() -> None:
    """What already says what happens next is not said again."""
    with pytest.raises(ConflictError), aws_errors("read a user"):
        raise ConflictError("twice")


def test_a_bug_is_told_by_its_place_and_not_by_its_text() -> None:
    """The text of an error that nobody foresaw may quote a user's data."""
    known: dict[str, int] = {}
    try:
        known["u@example.test"]
    except KeyError as error:
        failure = failure_of(error)
    assert failure.why.startswith("KeyError in test_a_bug_is_told")
    assert "example" not in failure.why
    assert not failure.may_pass
