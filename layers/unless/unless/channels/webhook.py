"""
The channel `webhook`: one signed HTTPS request to the URL that the definition names.
"""

import json
import ssl
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPException

from unless.app.errors import TransientError
from unless.app.ports import Message, Reply
from unless.channels.event import request_of
from unless.channels.https_request import post, trusting_the_usual
from unless.channels.public_addresses import Address, Resolver, is_public, resolve
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
        Make at most one request; yes is an answer 2xx, no any other that time will not change.

        Raises:
            TransientError: no connection, no answer, or one that says "later"; it holds the
                receiver's host name, and nothing of the message.
            ConfigurationError: there is no secret to sign with.
        """
        target = target_of(message.url or "")
        if isinstance(target, BadUrl):
            return Reply(Answer.REFUSED, target.why)
        addresses = self._resolver(target.host, target.port)
        if not addresses or not all(map(self._is_allowed, addresses)):
            return Reply(Answer.REFUSED, "the URL's host is not on the public internet")
        status = self._ask(target, tuple(addresses), message)
        if 200 <= status < 300:
            return Reply(Answer.ACCEPTED)
        if status in NOT_NOW or status >= 500:
            raise TransientError(f"ask the webhook at {target.host}: it answered {status}")
        return Reply(Answer.REFUSED, f"the webhook answered {status}")

    def _ask(self, target: Target, addresses: tuple[Address, ...], message: Message) -> int:
        """
        Return the status of the answer.

        Raises:
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
            raise TransientError(
                f"ask the webhook at {target.host}: {type(error).__name__}"
            ) from None
