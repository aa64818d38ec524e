"""
The channel `webhook`: one signed HTTPS request to the URL that the definition names.
"""

import json
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPException

from unless.app.errors import TransientError
from unless.app.ports import Message, Reply
from unless.channels.event import request_of
from unless.channels.https_request import NotConnected, post, trusting_the_usual
from unless.channels.public_addresses import Address, Resolver, Unresolved, is_public, resolve
from unless.channels.signature import signed_headers
from unless.channels.webhook_url import BadUrl, Target, target_of
from unless.engine.decision import Answer

NOT_NOW = frozenset({408, 425, 429})
"""
Answers 4xx that may be others later: Request Timeout, Too Early, Too Many Requests.

Source: RFC 9110, section 15.5.9; RFC 8470, section 5.2; RFC 6585, section 4 (read 2026-11).
"""


class WebhookChannel:
    """
    `unless.app.ports.Channel` over HTTPS, to public addresses only.

    The receiver knows a repeated request by its `webhook-id`, so one may be repeated.
    """

    def __init__(
        self,
        secret: Callable[[], bytes],
        clock: Callable[[], datetime],
        *,
        resolver: Resolver = resolve,
        is_allowed: Callable[[Address], bool] = is_public,
        context: Callable[[], ssl.SSLContext] = trusting_the_usual,
    ) -> None:
        """
        Sign with the secret, which is asked for when it is needed.

        `resolver`, `is_allowed` and `context` say where a host is, what may be reached, and whose
        certificates are good.
        """
        self._secret = secret
        self._clock = clock
        self._resolver = resolver
        self._is_allowed = is_allowed
        self._context = context

    def send(self, message: Message) -> Reply:
        """
        Make at most one request and return the answer.

        Yes is an answer 2xx. No for now is one that says so, a name that leads nowhere and a
        connection that is not made; no for good any other, and a URL that may not be asked. The
        words hold the receiver's host name, and nothing of the message.

        Raises:
            TransientError: it was asked, and nobody can say whether it has listened.
            ConfigurationError: there is no secret to sign with.
        """
        target = target_of(message.url or "")
        if isinstance(target, BadUrl):
            return Reply(Answer.REFUSED, target.why)
        try:
            addresses = self._resolver(target.host, target.port)
            if not addresses or not all(map(self._is_allowed, addresses)):
                return Reply(Answer.REFUSED, "the URL's host is not on the public internet")
            status = self._ask(target, addresses, message)
        except Unresolved as error:
            return Reply(Answer.DEFERRED, f"the webhook's host {target.host} has {error}")
        except NotConnected as error:
            return Reply(Answer.DEFERRED, f"no connection to the webhook {target.host}: {error}")
        return _meaning_of(status, target.host)

    def _ask(self, target: Target, addresses: Sequence[Address], message: Message) -> int:
        """
        Return the status of the answer.

        Raises:
            NotConnected: nothing was asked.
            TransientError, ConfigurationError: as `send`.
        """
        body = json.dumps(request_of(message), separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "unless",
            "Connection": "close",
            **signed_headers(self._secret(), message.send, self._clock(), body),
        }
        try:
            return post(target, addresses, headers, body, self._context())
        except (OSError, HTTPException) as error:
            # Its text may quote the answer, and so what was sent.
            why = f"ask the webhook {target.host}: {type(error).__name__}"
            raise TransientError(why) from None


def _meaning_of(status: int, host: str) -> Reply:
    """
    Return what an answer of this status says.

    Raises:
        TransientError: the receiver does not know itself what it has done.
    """
    said = f"the webhook {host} answered {status}"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TransientError(said)
    if status in NOT_NOW:
        return Reply(Answer.DEFERRED, said)
    is_success = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    return Reply(Answer.ACCEPTED) if is_success else Reply(Answer.REFUSED, said)
