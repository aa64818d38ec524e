"""What becomes of a request that breaks before it is one: certainly no, or unclear."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any

import botocore.session
import pytest
import trustme
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    CredentialRetrievalError,
    HTTPClientError,
    NoRegionError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    UnknownServiceError,
)

from unless.app.errors import ConfigurationError
from unless.app.ports import Reply
from unless.aws.clients import Clients
from unless.aws.provider_answers import Codes, ask_once
from unless.aws.sns import SnsNotifier
from unless.engine.decision import Answer

URL = "https://provider.test"


def asked(error: Exception) -> Reply:
    """What a request means that ends so."""

    def request() -> Mapping[str, Any]:
        raise error

    return ask_once("send", Codes(frozenset()), request)


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (ProxyConnectionError(proxy_url=URL), Answer.DEFERRED),
        (CredentialRetrievalError(provider="p", error_msg="m"), Answer.DEFERRED),
        (ReadTimeoutError(endpoint_url=URL), Answer.UNKNOWN),
        (ConnectionClosedError(endpoint_url=URL), Answer.UNKNOWN),
        (SSLError(endpoint_url=URL, error="bad record mac"), Answer.UNKNOWN),
        (HTTPClientError(error="anything"), Answer.UNKNOWN),
        (BotoCoreError(), Answer.UNKNOWN),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogate"), Answer.REFUSED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_only_what_certainly_was_not_sent_may_come_again(error: Exception, answer: Answer) -> None:
    """Whatever may have happened after the request left is unclear, and told by a name only."""
    assert asked(error) == Reply(answer, type(error).__name__)


@pytest.mark.parametrize(
    "error",
    [NoRegionError(), UnknownServiceError(service_name="sms", known_service_names="s3")],
    ids=lambda error: type(error).__name__,
)
def test_what_cannot_be_asked_at_all_is_for_a_person(error: Exception) -> None:
    """No repetition brings a region, or a service that this botocore does not know."""
    with pytest.raises(ConfigurationError):
        asked(error)


def test_a_certificate_that_nobody_trusts_ends_it_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The handshake fails, so the server has seen no request."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with listening() as server:
        seen: list[bytes] = []
        Thread(target=_shake_hands, args=(server, context, seen), daemon=True).start()
        port = server.getsockname()[1]
        assert notified(monkeypatch, f"https://127.0.0.1:{port}") == Reply(
            Answer.DEFERRED, "SSLError"
        )
    assert seen == []


def test_a_host_that_does_not_answer_the_call_was_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A connection that is not made in time is a no."""
    with listening() as full, socket.socket() as first, socket.socket() as second:
        for waiting in (first, second):  # they fill its backlog, and the next call is not heard
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        port = full.getsockname()[1]
        assert notified(monkeypatch, f"http://127.0.0.1:{port}") == Reply(
            Answer.DEFERRED, "ConnectTimeoutError"
        )


def notified(monkeypatch: pytest.MonkeyPatch, url: str) -> Reply:
    """What SNS at this URL says of a notification."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", url)
    return SnsNotifier(Clients(botocore.session.Session())).notify("arn", "{}")


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket to which one may connect, and whose backlog is as small as can be."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        yield server


def _shake_hands(server: socket.socket, context: ssl.SSLContext, seen: list[bytes]) -> None:
    connection, _ = server.accept()
    with connection:
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                seen.append(secure.recv(1))
        except OSError:
            pass
