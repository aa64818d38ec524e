"""
What an error of AWS means for us: one table, used wherever AWS is called.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

from unless.app.errors import ConfigurationError, TransientError, UnlessError

REMEDIES = {
    "AccessDenied": "grant the permission",
    "AccessDeniedException": "grant the permission",
    "AuthorizationError": "grant the permission",
    "KMS.AccessDeniedException": "grant the use of the key",
    "KmsAccessDenied": "grant the use of the key",
    "KMSAccessDeniedException": "grant the use of the key",
    "AWS.SimpleQueueService.NonExistentQueue": "deploy the stack again",
    "QueueDoesNotExist": "deploy the stack again",
    "ResourceNotFoundException": "deploy the stack again",
    "InvalidClientTokenId": "check the credentials",
    "InvalidSignatureException": "check the credentials",
    "MissingAuthenticationToken": "check the credentials",
    "OptInRequired": "enable the service for the account",
    "SignatureDoesNotMatch": "check the credentials",
    "UnrecognizedClientException": "check the credentials",
}
"""
The codes that no repetition can mend, each with what a person has to do.

Every other code may pass: throttling, a failure inside AWS, and also codes not known here, because
a message that goes back to its queue ends, after an hour, in front of a person and is not lost.
"""

NEEDS_A_PERSON = (
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)
"""Errors of botocore itself that no repetition can mend; the others are broken connections."""


def code_of(error: ClientError) -> str:
    """Return AWS's code of the error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def translate(error: ClientError | BotoCoreError, doing: str) -> UnlessError:
    """Return our error for one of AWS, to be raised from it; its text holds no data of a user."""
    if isinstance(error, ClientError):
        code = code_of(error)
        if remedy := REMEDIES.get(code):
            said = error.response["Error"].get("Message", "")
            return ConfigurationError(
                f"{doing}: {code} on {error.operation_name}: {said}; {remedy}"
            )
        return TransientError(f"{doing}: {code or 'no code'} on {error.operation_name}")
    if isinstance(error, NEEDS_A_PERSON):
        return ConfigurationError(f"{doing}: {error}")
    return TransientError(f"{doing}: {type(error).__name__}")


@contextmanager
def aws_errors(doing: str) -> Iterator[None]:
    """
    Turn what AWS raises inside into our errors; `doing` says what was tried, in the infinitive.

    Raises:
        TransientError: the same call may succeed later.
        ConfigurationError: a person has to mend the deployment, with the remedy.
    """
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise translate(error, doing) from error
