"""
A local HTTPS server that records what it is asked and answers as a test wants it to.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import trustme

HOST = "hooks.shop.example"
"""The name for which the server has a certificate."""

type Behaviour = Callable[[ssl.SSLSocket, Event], None]
"""What the server does once it has read a request; the event says that the test is over."""


@dataclass(frozen=True)
class Request:
    """One request as it came in, names of headers in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """The server, and what it was asked."""

    port: int
    authority: trustme.CA
    answer: Behaviour
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    over: Event = field(default_factory=Event)

    def url(self, resource: str = "/hook", host: str = HOST) -> str:
        """Where it can be asked."""
        return f"https://{host}:{self.port}{resource}"

    def context(self) -> ssl.SSLContext:
        """What trusts it."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context


def says(status: int, *headers: str, body: bytes = b"") -> Behaviour:
    """An answer of this status."""

    def answer(sock: ssl.SSLSocket, _over: Event) -> None:
        lines = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", *headers, "", ""]
        sock.sendall("\r\n".join(lines).encode() + body)

    return answer


def hangs(_sock: ssl.SSLSocket, over: Event) -> None:
    """No answer, ever."""
    over.wait()


def resets(sock: ssl.SSLSocket, _over: Event) -> None:
    """The connection ends at once, with a reset."""
    linger_not = b"\x01\x00\x00\x00\x00\x00\x00\x00"
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not)


def drips(sock: ssl.SSLSocket, over: Event) -> None:
    """One byte after the other, without end."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.02):
        sock.sendall(b".")


def floods(sock: ssl.SSLSocket, over: Event) -> None:
    """A yes, and then more than anybody wants to read."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while not over.is_set():
        sock.sendall(b"x" * 65536)


def echoes(sock: ssl.SSLSocket, _over: Event) -> None:
    """No HTTP, but what the message holds."""
    sock.sendall(b'{"user_id": "u-17"} cart_updated c-9\r\n')


def read_request(sock: ssl.SSLSocket) -> Request | None:
    """The request, or None when the other side went without one."""
    stream = sock.makefile("rb")
    line = stream.readline().decode().strip()
    if not line:
        return None
    headers: dict[str, str] = {}
    while text := stream.readline().decode().strip():
        name, _, value = text.partition(": ")
        assert name.lower() not in headers, name
        headers[name.lower()] = value
    return Request(line, headers, stream.read(int(headers.get("content-length", 0))))


@contextmanager
def serving(answer: Behaviour, certificate_for: str = HOST) -> Iterator[Server]:
    """A server on 127.0.0.1 with a certificate for that name."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(certificate_for).configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(listening.getsockname()[1], authority, answer)
        thread = Thread(target=_accept, args=(server, listening, context))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(server: Server, listening: socket.socket, context: ssl.SSLContext) -> None:
    workers: list[Thread] = []
    with suppress(OSError):
        while True:
            plain, _ = listening.accept()
            server.connections += 1
            workers.append(Thread(target=_serve, args=(server, plain, context)))
            workers[-1].start()
    for worker in workers:
        worker.join()


def _serve(server: Server, plain: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError), plain, context.wrap_socket(plain, server_side=True) as sock:
        request = read_request(sock)
        if request is not None:
            server.requests.append(request)
            server.answer(sock, server.over)
