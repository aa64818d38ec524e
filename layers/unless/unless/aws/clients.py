"""
The AWS clients: one session, each client made when it is first needed.
"""

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

CONNECTIONS_MAX = 25
"""
Open connections per service: a function works on up to ten users at a time, the command alone.
"""

USER_AGENT = f"unless Botocore/{botocore.__version__}"
"""
Who is calling. botocore would build a longer one twice a call: a seventh of the CPU that it takes.
"""

type Client = Any
"""A botocore client; its methods come from the service's model at run time, so it has no type."""


class Clients:
    """The clients of one process; may be asked from several threads."""

    def __init__(self, session: botocore.session.Session | None = None) -> None:
        """Use this session, or one that takes all from the usual environment and profile."""
        self._session = session or botocore.session.get_session()
        self._made: dict[str, Client] = {}
        self._lock = Lock()

    def get(self, service: str) -> Client:
        """Return the client of a service such as `dynamodb`."""
        client = self._made.get(service)
        return client if client is not None else self._make(service)

    def _make(self, service: str) -> Client:
        with self._lock:  # A session may not be used by two threads at a time.
            if service not in self._made:
                self._made[service] = self._session.create_client(
                    service,
                    config=Config(
                        connect_timeout=CONNECT_SECONDS_MAX,
                        read_timeout=READ_SECONDS_MAX,
                        max_pool_connections=CONNECTIONS_MAX,
                        retries={"mode": "standard", "total_max_attempts": TRIES_MAX},
                        parameter_validation=False,
                        user_agent=USER_AGENT,
                    ),
                )
            return self._made[service]
