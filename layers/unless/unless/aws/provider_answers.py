"""
What the answer of a provider means: yes, no for good, no for now, or nothing clear.

One table for all that is asked once only. What AWS says in words is left out everywhere, because
it may repeat an address.
"""

import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    EndpointProviderError,
    ParamValidationError,
    ProxyConnectionError,
    SSLError,
    UnknownServiceError,
)
from botocore.parsers import ResponseParserError

from unless.app.errors import ConfigurationError
from unless.app.ports import Reply
from unless.aws.errors import NEEDS_A_PERSON, REMEDIES, code_of
from unless.engine.decision import Answer

THROTTLED = frozenset(
    {
        "LimitExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""
Codes of a request that came too soon, whatever its HTTP status.

Source: botocore 1.44, `botocore.retries.standard.ThrottledRetryableChecker`; "Throttled" is that of
SNS (SNS API Reference, "Publish", read 2026-11).
"""

INVALID = frozenset({"RequestEntityTooLarge", "ValidationError", "ValidationException"})
"""
Codes of a request that no repetition makes valid.

Source: "Common errors" of the API references of SES, SNS and SQS (read 2026-11).
"""

DEPLOYMENT = {
    **REMEDIES,
    "ExpiredToken": "check the credentials",
    "ExpiredTokenException": "check the credentials",
    "IncompleteSignature": "check the credentials",
    "InvalidSecurity": "use an endpoint with TLS",
    "MissingAuthenticationTokenException": "check the credentials",
    "NotAuthorized": "grant the permission",
    "RequestExpired": "set the clock",
}
"""What a person has to do about a code that is the same for every provider."""

NEVER_SENT = (
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    ProxyConnectionError,
)
"""
Errors from before anything was sent.

urllib3 raises what stands behind them while it connects, a proxy's only until the proxy is reached.
Source: urllib3 2, `connectionpool.HTTPConnectionPool.urlopen`; botocore 1.44, `httpsession.send`.
"""

NEVER_ASKED = (*NEEDS_A_PERSON, EndpointProviderError, UnknownServiceError)
"""Errors from before a request was even made, which no repetition can mend."""

CLIENT_ERRORS = range(400, 500)
"""
The HTTP statuses of a clear no; by any other a server may have done what it was asked.

Source: RFC 9110, section 15.5.
"""

TOO_MANY = 429
"""The HTTP status of a throttled request. Source: RFC 6585, section 4."""

_CODE = re.compile(r"[A-Za-z0-9._-]{1,80}")


@dataclass(frozen=True, slots=True)
class Codes:
    """
    What the codes of one operation mean.

    `refused` are no for good. `deployment` are no until a person does what it says. A code may be
    followed by its `Reason`, as in `ConflictException.MESSAGE_TYPE_MISMATCH`, and is then looked up
    with it first.
    """

    refused: frozenset[str]
    deployment: Mapping[str, str] = field(default_factory=dict)


def ask_once(doing: str, codes: Codes, request: Callable[[], Mapping[str, Any]]) -> Reply:
    """
    Make the request and return what its answer means; `doing` says what is tried.

    `request` must make one HTTP request at most (`Clients.provider`).

    Raises:
        ConfigurationError: nothing was sent, and a person has to mend the deployment.
    """
    try:
        answer = request()
    except ClientError as error:
        return _refusal(doing, codes, error)
    except (ParamValidationError, UnicodeEncodeError) as error:
        return Reply(Answer.REFUSED, type(error).__name__)
    except NEVER_ASKED as error:
        raise ConfigurationError(f"{doing}: {error}") from error
    except (BotoCoreError, ResponseParserError) as error:
        kind = Answer.DEFERRED if _was_never_sent(error) else Answer.UNKNOWN
        return Reply(kind, type(error).__name__)
    # An answer that broke off after its status is no receipt.
    return Reply(Answer.ACCEPTED) if answer.get("MessageId") else Reply(Answer.UNKNOWN, "no id")


def _refusal(doing: str, codes: Codes, error: ClientError) -> Reply:
    """Return what a clear error of AWS means; what is not known here may pass, as in errors.py."""
    code = _fixed(code_of(error)) or "no code"
    exact = f"{code}.{reason}" if (reason := _fixed(error.response.get("Reason"))) else code
    known = {**DEPLOYMENT, **codes.deployment}
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)
    if exact in codes.refused:
        return Reply(Answer.REFUSED, exact)
    if remedy := known.get(exact) or known.get(code):
        raise ConfigurationError(f"{doing}: {exact} on {error.operation_name}; {remedy}") from error
    if code in THROTTLED or status == TOO_MANY:
        return Reply(Answer.DEFERRED, exact)
    if code in codes.refused or code in INVALID:
        return Reply(Answer.REFUSED, exact)
    return Reply(Answer.DEFERRED if status in CLIENT_ERRORS else Answer.UNKNOWN, exact)


def _was_never_sent(error: Exception) -> bool:
    """Whether the error is certainly from before the request left this machine."""
    if isinstance(error, SSLError):
        # Only a refused certificate is: other failures of TLS may come in the middle of an answer.
        return any(isinstance(e, ssl.SSLCertVerificationError) for e in _behind(error))
    return isinstance(error, NEVER_SENT)


def _behind(error: BaseException | None) -> list[BaseException]:
    """Return the error and what it was raised from, the newest first."""
    found = []
    while error is not None:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _fixed(text: object) -> str:
    """Return the text if it is a code and not words, which may hold an address."""
    return text if isinstance(text, str) and _CODE.fullmatch(text) else ""
