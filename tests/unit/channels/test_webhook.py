"""
What a webhook is asked, and what its answers mean.
"""

import hmac
import json
import os
import ssl
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import ip_address
from time import monotonic

import pytest

from tests.unit.channels.webhook_server import (
    HOST,
    Behaviour,
    Server,
    drips,
    echoes,
    floods,
    hangs,
    resets,
    says,
    serving,
)
from unless.app.errors import ConfigurationError, TransientError
from unless.app.ports import Message, Reply
from unless.channels import https_request
from unless.channels.event import request_of
from unless.channels.public_addresses import Address
from unless.channels.signature import signed_headers
from unless.channels.webhook import WebhookChannel
from unless.definitions.models import Kind
from unless.engine.decision import Answer

KEY = bytes(range(32))
NOW = datetime(2026, 2, 2, 11, 0, 0, 700_000, tzinfo=UTC)
LOCAL = ip_address("127.0.0.1")
MESSAGE = Message(
    send="s-1",
    user="ü-17",
    kind=Kind.CAMPAIGN,
    definition="cart",
    step=None,
    event="e-1",
    name="cart_updated",
    at=datetime(2026, 2, 2, 10, tzinfo=UTC),
    due=datetime(2026, 2, 2, 11, tzinfo=UTC),
    properties={"cart_id": "c-9"},
)


def channel(server: Server, key: bytes = KEY, *, trusts: bool = True) -> WebhookChannel:
    """A channel for which every name leads to this machine, which is allowed."""

    def resolver(_host: str, _port: int) -> Sequence[Address]:
        return [LOCAL]

    return WebhookChannel(
        lambda: key,
        lambda: NOW,
        resolver=resolver,
        is_allowed=lambda _address: True,
        context=server.context if trusts else ssl.create_default_context,
    )


def send(server: Server, url: str | None = None) -> Reply:
    """The reply to the message."""
    return channel(server).send(replace(MESSAGE, url=url or server.url()))


def test_the_request_is_signed_and_says_what_the_event_channel_says() -> None:
    """A receiver can verify who asks, when and what, by Standard Webhooks."""
    with serving(says(204)) as server:
        assert send(server, server.url("/hook/a%20b?key=1&x=")).answer is Answer.ACCEPTED
    (request,) = server.requests
    assert request.line == "POST /hook/a%20b?key=1&x= HTTP/1.1"
    headers = request.headers
    assert headers["host"] == f"{HOST}:{server.port}"
    assert (headers["webhook-id"], headers["idempotency-key"]) == ("s-1", "s-1")
    assert headers["webhook-timestamp"] == str(
        int(datetime(2026, 2, 2, 11, tzinfo=UTC).timestamp())
    )
    signed = f"s-1.{headers['webhook-timestamp']}.".encode() + request.body
    version, _, signature = headers["webhook-signature"].partition(",")
    assert (version, b64decode(signature)) == ("v1", hmac.new(KEY, signed, sha256).digest())
    assert headers["content-type"] == "application/json"
    assert json.loads(request.body) == request_of(MESSAGE)


def test_the_signature_is_that_of_the_public_libraries() -> None:
    """The example that every implementation of Standard Webhooks verifies."""
    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-signature"] == expected


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_a_yes(status: int) -> None:
    """Whatever kind of success the receiver names."""
    with serving(says(status)) as server:
        assert send(server) == Reply(Answer.ACCEPTED)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 400, 401, 403, 404, 409, 410, 422])
def test_a_redirect_or_a_refusal_is_a_no(status: int) -> None:
    """Nothing is followed and nothing asked again; the record names the status."""
    with serving(says(status, "Location: https://127.0.0.1/inside", body=b"canary")) as server:
        reply = send(server)
    assert reply == Reply(Answer.REFUSED, f"the webhook {HOST} answered {status}")
    assert (len(server.requests), server.connections) == (1, 1)


@pytest.mark.parametrize("status", [408, 425, 429])
def test_not_now_is_a_no_for_now(status: int) -> None:
    """The receiver has done nothing, and may later."""
    with serving(says(status, "Retry-After: 0")) as server:
        reply = send(server)
    assert reply == Reply(Answer.DEFERRED, f"the webhook {HOST} answered {status}")
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_an_error_of_the_receiver_is_asked_again_later(status: int) -> None:
    """It may have done what it was asked before it failed: only a repeat with the same id knows."""
    with serving(says(status, body=b"canary")) as server:
        with pytest.raises(TransientError, match=f"^the webhook {HOST} answered {status}$"):
            send(server)
        assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [hangs, resets, drips, echoes])
def test_no_clear_answer_is_asked_again_later(
    answer: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Silence, a reset, a byte at a time, the request itself instead of HTTP: one request, an end in
    time, and nothing of the message in the error.
    """
    monkeypatch.setattr(https_request, "READ_TIMEOUT_S", 0.2)
    monkeypatch.setattr(https_request, "TOTAL_TIMEOUT_S", 0.4)
    with serving(answer) as server:
        began = monotonic()
        with pytest.raises(TransientError, match=rf"^ask the webhook {HOST}: \w+$") as unclear:
            send(server)
        assert monotonic() - began < 1
        assert unclear.value.__suppress_context__
        assert (len(server.requests), server.connections) == (1, 1)


def test_a_silent_receiver_has_the_total_time_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The wait for an answer ends with the time of the whole request, if that is sooner."""
    monkeypatch.setattr(https_request, "READ_TIMEOUT_S", 5.0)
    monkeypatch.setattr(https_request, "TOTAL_TIMEOUT_S", 0.4)
    with serving(hangs) as server:
        began = monotonic()
        with pytest.raises(TransientError):
            send(server)
        assert monotonic() - began < 3


def test_a_yes_counts_whatever_follows_it() -> None:
    """A receiver that says yes and then sends without end is neither read nor asked again."""
    with serving(floods) as server:
        assert send(server).answer is Answer.ACCEPTED
    assert len(server.requests) == 1


def test_a_certificate_for_another_name_gets_no_request() -> None:
    """Whoever cannot show that they are the host is told nothing."""
    with serving(says(200), certificate_for="other.shop.example") as server:
        reply = send(server)
        assert (reply.answer, "SSLCertVerificationError" in reply.said) == (Answer.DEFERRED, True)
        assert server.requests == []


def test_a_certificate_of_an_unknown_authority_gets_no_request() -> None:
    """The usual authorities are the only ones."""
    with serving(says(200)) as server:
        reply = channel(server, trusts=False).send(replace(MESSAGE, url=server.url()))
        assert (reply.answer, "SSLCertVerificationError" in reply.said) == (Answer.DEFERRED, True)
        assert server.requests == []


def test_a_refused_connection_is_tried_again_later() -> None:
    """Nobody listens now."""
    with serving(says(200)) as server:
        pass
    said = f"no connection to the webhook {HOST}: ConnectionRefusedError"
    assert send(server) == Reply(Answer.DEFERRED, said)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the address that was checked is connected to."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:9")
    with serving(says(200)) as server:
        assert send(server).answer is Answer.ACCEPTED


def test_a_short_secret_signs_nothing() -> None:
    """A deployment without its secret is mended, and nothing goes out unsigned."""
    with serving(says(200)) as server:
        with pytest.raises(ConfigurationError, match="secret"):
            channel(server, b"").send(replace(MESSAGE, url=server.url()))
        assert server.connections == 0


def test_a_key_of_24_bytes_signs_and_a_shorter_one_does_not() -> None:
    """As the standard asks."""
    assert signed_headers(b"k" * 24, "s-1", NOW, b"{}")["webhook-id"] == "s-1"
    with pytest.raises(ConfigurationError, match="23 bytes"):
        signed_headers(b"k" * 23, "s-1", NOW, b"{}")
