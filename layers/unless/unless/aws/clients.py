"""
The AWS clients: one session, each client made when it is first needed.
"""

import logging
from threading import Lock
from typing import Any

import botocore
import botocore.session
from botocore.config import Config

CONNECT_SECONDS_MAX = 1
"""Longest wait for a connection. Far below the 30 s of a function (botocore's default is 60 s)."""

READ_SECONDS_MAX = 3
"""Longest wait for an answer. Four tries and their pauses still end within a function's 30 s."""

TRIES_MAX = 4
"""
Requests of one call, the first included.

`total_max_attempts`, because `max_attempts` does not count the first request. Source: botocore
documentation, "botocore.config", retries (read 2026-11).
"""

PROVIDER_READ_SECONDS_MAX = 10
"""
Longest wait for a provider's answer: an answer that is not waited for is one that nobody knows, so
there is more time for it, and one such wait still ends within a function's 30 s.
"""

PROVIDER_TRIES_MAX = 1
"""
Requests of one call to a provider, which takes no idempotency key: a second one may be a second
message.
"""

CONNECTIONS_MAX = 25
"""
Open connections per service: a function works on up to ten users at a time, the command alone.
"""

USER_AGENT = f"unless Botocore/{botocore.__version__}"
"""
Who is calling. botocore would build a longer one twice a call: a seventh of the CPU that it takes.
"""

TELLING = ("botocore", "urllib3")
"""
Loggers that tell whole requests and answers at DEBUG; a level set for the whole process, as by
Lambda's `ApplicationLogLevel`, would open them.

Source: awslambdaric, `bootstrap._setup_logging`: the root logger gets that level (read 2026-11).
"""

type Client = Any
"""A botocore client; its methods come from the service's model at run time, so it has no type."""


class Clients:
    """The clients of one process; may be asked from several threads."""

    def __init__(self, session: botocore.session.Session | None = None) -> None:
        """
        Use this session, or one that takes all from the usual environment and profile.

        From now on no library logs what it sends.
        """
        for library in TELLING:
            logging.getLogger(library).setLevel(logging.WARNING)
        self._session = session or botocore.session.get_session()
        self._made: dict[str, Client] = {}
        self._providers: dict[str, Client] = {}
        self._lock = Lock()

    def get(self, service: str) -> Client:
        """Return the client of a service such as `dynamodb`."""
        client = self._made.get(service)
        return client if client is not None else self._make(service)

    def provider(self, service: str) -> Client:
        """
        Return the client of a service that sends messages, such as `sesv2`: it makes one request a
        call, on a connection of its own, and none at all when its parameters cannot be right.
        """
        client = self._providers.get(service)
        return client if client is not None else self._make_provider(service)

    def _make(self, service: str) -> Client:
        with self._lock:  # A session may not be used by two threads at a time.
            if service not in self._made:
                self._made[service] = self._session.create_client(
                    service,
                    config=_config(READ_SECONDS_MAX, TRIES_MAX, checks_parameters=False),
                )
            return self._made[service]

    def _make_provider(self, service: str) -> Client:
        with self._lock:
            if service not in self._providers:
                client = self._session.create_client(
                    service,
                    config=_config(
                        PROVIDER_READ_SECONDS_MAX, PROVIDER_TRIES_MAX, checks_parameters=True
                    ),
                )
                client.meta.events.register("before-send", _alone)
                self._providers[service] = client
            return self._providers[service]


def _config(read_seconds: int, tries: int, *, checks_parameters: bool) -> Config:
    return Config(
        connect_timeout=CONNECT_SECONDS_MAX,
        read_timeout=read_seconds,
        max_pool_connections=CONNECTIONS_MAX,
        retries={"mode": "standard", "total_max_attempts": tries},
        parameter_validation=checks_parameters,
        user_agent=USER_AGENT,
    )


def _alone(request: Any, **_: Any) -> None:
    """
    Let the connection end with its answer.

    One that is kept breaks while a function is frozen, and the next request on it would end without
    an answer: nobody could say whether its message was sent.
    """
    request.headers["Connection"] = "close"
