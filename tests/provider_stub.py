"""
A provider of our own on this machine, which counts requests and can go wrong in every way.
"""

import json
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

type Answer = Callable[[BaseHTTPRequestHandler], None]

RELEASE_SECONDS_MAX = 20
"""How long a request may hang at most, should a test forget to end."""


@dataclass(frozen=True)
class Received:
    """One request as it came in; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes
    port: int


@dataclass
class Provider:
    """Where the provider is, what it has received, and how it answers next."""

    url: str
    answer: Answer
    received: list[Received] = field(default_factory=list)
    ended: Event = field(default_factory=Event)

    def hang(self, _handler: BaseHTTPRequestHandler) -> None:
        """Never answer."""
        self.ended.wait(RELEASE_SECONDS_MAX)


def answering(status: int, body: str = "", **headers: str) -> Answer:
    """Answer every request so."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        _begin(handler, status, len(body.encode()), headers)
        handler.wfile.write(body.encode())

    return answer


def cut(status: int, body: str) -> Answer:
    """Answer with the first half of the body, and be gone."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        _begin(handler, status, len(body.encode()), {})
        handler.wfile.write(body.encode()[: len(body) // 2])
        close(handler)

    return answer


def close(handler: BaseHTTPRequestHandler) -> None:
    """End the connection without a word."""
    handler.wfile.flush()
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection off, as a host does that has lost it."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True
    handler.rfile.close()
    handler.connection.close()


def error(status: int, code: str, **more: str) -> Answer:
    """Answer with an error as the JSON protocols write it."""
    body = json.dumps({"__type": code, "message": "about ann@example.test", **more})
    return answering(status, body, **{"x-amzn-ErrorType": code})


def xml_error(status: int, code: str) -> Answer:
    """Answer with an error as the query protocol writes it."""
    return answering(
        status,
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
        "<Message>about ann@example.test</Message></Error></ErrorResponse>",
    )


@contextmanager
def provider(answer: Answer) -> Iterator[Provider]:
    """Yield a provider that answers so, on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.provider = found = Provider(  # type: ignore[attr-defined]
        f"http://127.0.0.1:{server.server_port}", answer
    )
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.ended.set()
        server.shutdown()
        server.server_close()


def closed_port() -> str:
    """Return the address of a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        found: Provider = self.server.provider  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        found.received.append(Received(self.path, headers, body, self.client_address[1]))
        found.answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _begin(handler: BaseHTTPRequestHandler, status: int, size: int, more: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(size), **more}.items():
        handler.send_header(name, value)
    handler.end_headers()
