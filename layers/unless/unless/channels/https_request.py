"""
One HTTPS request to one address, within a total time: no proxy, no redirect, no second attempt.

`http.client` and not urllib3: its pools bring retries, redirects and log lines with the URL.
"""

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException
from time import monotonic
from typing import Any, cast, override

from unless.channels.public_addresses import Address
from unless.channels.webhook_url import Target

CONNECT_TIMEOUT_S = 1.0
"""Longest wait for a connection, and again for its handshake, in seconds. Our own (DESIGN 4)."""

READ_TIMEOUT_S = 5.0
"""Longest silence of the receiver, in seconds. Our own."""

TOTAL_TIMEOUT_S = 8.0
"""
Longest time of a request, its connection included, in seconds: a receiver that answers byte by byte
ends here.

Our own: three of them in a row still end within the 30 s of the function (template.yaml).
"""

ANSWER_BYTES_MAX = 64 * 1024
"""Most bytes that are read of an answer, of which only the status counts. Our own."""


class NotConnected(Exception):
    """Nothing was asked: no address took the connection, or none showed the host's certificate."""


class _TimedSocket(ssl.SSLSocket):
    """A connection on which no single wait goes beyond its deadline, by `time.monotonic`."""

    deadline: float = 0.0

    def _wait_at_most(self) -> None:
        left = self.deadline - monotonic()
        if left <= 0:
            raise TimeoutError("the request has taken too long")
        self.settimeout(min(READ_TIMEOUT_S, left))

    @override
    def recv_into(self, *args: Any, **options: Any) -> int:
        self._wait_at_most()
        return super().recv_into(*args, **options)

    @override
    def send(self, *args: Any, **options: Any) -> int:
        self._wait_at_most()
        return super().send(*args, **options)


@cache
def trusting_the_usual() -> ssl.SSLContext:
    """Return the settings of TLS with the authorities that the system trusts."""
    return ssl.create_default_context()


def post(
    target: Target,
    addresses: Sequence[Address],
    headers: Mapping[str, str],
    body: bytes,
    context: ssl.SSLContext,
) -> int:
    """
    Return the status with which the target answers the one request.

    The addresses are tried in their order until one can be connected to.

    Raises:
        NotConnected: nothing was asked.
        OSError, HTTPException: it was asked, and there is no clear answer.
    """
    deadline = monotonic() + TOTAL_TIMEOUT_S
    connection = HTTPConnection(target.host, target.port)
    with closing(connection), _connect(target, addresses, context, deadline) as sock:
        connection.sock = sock
        connection.request("POST", target.resource, body, {"Host": target.authority, **headers})
        answer = connection.getresponse()
        with suppress(OSError, HTTPException):  # the receiver has said what counts
            answer.read(ANSWER_BYTES_MAX)
        return answer.status


def _connect(
    target: Target, addresses: Sequence[Address], context: ssl.SSLContext, deadline: float
) -> ssl.SSLSocket:
    """
    Return a connection on which the host has shown its certificate.

    Raises:
        NotConnected: naming the kind of the last failure.
    """
    failed: OSError | None = None
    for address in addresses:
        left = max(deadline - monotonic(), 0.001)
        to = (str(address), target.port)
        try:
            with socket.create_connection(to, min(CONNECT_TIMEOUT_S, left)) as plain:
                return _encrypted(plain, target.host, context, deadline)
        except OSError as error:
            failed = error
    raise NotConnected(type(failed).__name__) from failed


def _encrypted(
    plain: socket.socket, host: str, context: ssl.SSLContext, deadline: float
) -> ssl.SSLSocket:
    context.sslsocket_class = _TimedSocket
    sock = cast(_TimedSocket, context.wrap_socket(plain, server_hostname=host))
    sock.deadline = deadline
    return sock
