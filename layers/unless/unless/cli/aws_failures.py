"""
What to tell the person at the terminal when AWS says no, or says nothing.
"""

import os

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from unless.aws.errors import code_of
from unless.cli.console import Failure

LOG_IN = "Log in again (`aws sso login`, `aws configure`), or set AWS_PROFILE to another profile."

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError"})
NOT_ACCEPTED = frozenset(
    {
        "InvalidClientTokenId", "InvalidSignatureException", "MissingAuthenticationToken",
        "SignatureDoesNotMatch", "UnrecognizedClientException",
    }
)  # fmt: skip
"""
Codes by what a person does about them.

Source: the "Common errors" of each service's API Reference (read 2026-11).
"""


def explained(error: Exception) -> Failure | None:
    """Return the sentence and remedy for what AWS or its client said, None for anything else."""
    said = error.__cause__ or error
    match said:
        case ClientError():
            return _refused(said)
        case BotoCoreError():
            return _not_asked(said)
        case _:
            return None


def _refused(error: ClientError) -> Failure | None:
    code, operation = code_of(error), error.operation_name
    if code in EXPIRED:
        return Failure("The AWS credentials have expired.", LOG_IN)
    if code in NOT_ACCEPTED:
        return Failure(f"AWS does not accept these credentials ({code}).", LOG_IN)
    if code in DENIED:
        message = error.response["Error"].get("Message", "").rstrip(".")
        return Failure(
            f"AWS denies {operation}: {message or code}.",
            f"Ask for the permission to do {operation}, or set AWS_PROFILE to another profile.",
        )
    return None


def _not_asked(error: BotoCoreError) -> Failure | None:
    match error:
        case NoRegionError():
            return Failure(
                "No AWS region is set.",
                "Set it, for instance AWS_REGION=eu-west-1, or an AWS_PROFILE that has one.",
            )
        case NoCredentialsError() | PartialCredentialsError():
            return Failure(str(error).rstrip(".") + ".", LOG_IN)
        case ProfileNotFound():
            return Failure(
                str(error).rstrip(".") + ".", "`aws configure list-profiles` shows which there are."
            )
        case SSOError() | TokenRetrievalError():
            return Failure("The AWS login is over.", LOG_IN)
        case InvalidRegionError():
            return Failure(str(error).rstrip(".") + ".", "Set AWS_REGION to one such as eu-west-1.")
        case NoConnectionError() | HTTPClientError():
            endpoint = os.environ.get("AWS_ENDPOINT_URL")
            remedy = f"Is something running at AWS_ENDPOINT_URL={endpoint}?" if endpoint else ""
            return Failure(
                f"AWS cannot be reached: {error}.".replace("..", "."),
                remedy or "Check the network, a proxy, and AWS_REGION.",
            )
        case _:
            return None
