"""
No webhook reaches anything but the public internet, however its URL is written.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from threading import Event
from unicodedata import normalize
from urllib.parse import unquote

import pytest

from tests.unit.channels.test_webhook import MESSAGE
from tests.unit.channels.webhook_attacks import ALLOWED, FORBIDDEN, INSIDE, URLS
from tests.unit.channels.webhook_server import says, serving
from unless.app.ports import Reply
from unless.channels import public_addresses
from unless.channels.public_addresses import Address, Unresolved, is_public, resolve
from unless.channels.webhook import WebhookChannel
from unless.channels.webhook_url import Target, target_of
from unless.engine.decision import Answer

PUBLIC = ip_address("93.184.215.14")


def credulous(host: str, _port: int) -> Sequence[Address]:
    """All that any resolver could read into a host; a name that it does not know is public."""
    plain = normalize("NFKC", unquote(host)).rstrip(".").lower()
    if plain in INSIDE:
        return [ip_address(INSIDE[plain])]
    for read in (ip_address, lambda text: ip_address(socket.inet_aton(text))):
        try:
            return [read(plain)]
        except (ValueError, OSError):
            continue
    return [PUBLIC]


def guarded(resolver: Callable[[str, int], Sequence[Address]]) -> WebhookChannel:
    """A channel as deployed but for its resolver; a request that would be made fails the test."""

    def secret() -> bytes:
        raise AssertionError("a request would be made")

    return WebhookChannel(secret, lambda: datetime.now(UTC), resolver=resolver)


@pytest.mark.parametrize("url", URLS)
def test_no_attack_gets_through(url: str) -> None:
    """The answer is a definite no, and nothing was asked."""
    reply = guarded(credulous).send(replace(MESSAGE, url=url))
    assert reply.answer is Answer.REFUSED
    assert "URL" in reply.said


def test_the_attacks_are_many() -> None:
    """At least eighty different ones, and the guard itself lets a harmless one pass."""
    assert len(set(URLS)) >= 80
    with pytest.raises(AssertionError, match="would be made"):
        guarded(credulous).send(replace(MESSAGE, url="https://shop.example/hook"))


@pytest.mark.parametrize("text", FORBIDDEN)
def test_addresses_that_are_not_public(text: str) -> None:
    """Private, special, and all that hides another address."""
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", ALLOWED)
def test_addresses_that_are_public(text: str) -> None:
    """Also those right beside a forbidden net."""
    assert is_public(ip_address(text))


@pytest.mark.parametrize("inside", ["10.0.0.1", "::1", "169.254.169.254"])
def test_one_forbidden_address_forbids_the_host(inside: str) -> None:
    """A host with a public and a private address could be reached at either."""
    for found in ([PUBLIC, ip_address(inside)], [ip_address(inside), PUBLIC]):
        reply = guarded(lambda _host, _port, found=found: found).send(  # type: ignore[misc]
            replace(MESSAGE, url="https://shop.example/")
        )
        assert reply.answer is Answer.REFUSED


def test_a_name_is_looked_up_once_and_that_answer_connected_to() -> None:
    """A name that leads elsewhere the second time (DNS rebinding) is not asked a second time."""
    answers = [[ip_address("127.0.0.1")], [ip_address("127.0.0.2")]]
    asked: list[str] = []

    def changing(host: str, _port: int) -> Sequence[Address]:
        asked.append(host)
        return answers.pop(0)

    with serving(says(200)) as server:
        rebinding = WebhookChannel(
            lambda: b"k" * 32,
            lambda: datetime.now(UTC),
            resolver=changing,
            is_allowed=lambda address: address == ip_address("127.0.0.1"),
            context=server.context,
        )
        reply = rebinding.send(replace(MESSAGE, url=server.url()))
    assert (reply.answer, len(asked)) == (Answer.ACCEPTED, 1)


def test_the_next_address_is_tried_where_one_cannot_be_connected_to() -> None:
    """A host with an address that this network does not reach is still asked, once."""
    with serving(says(200)) as server:
        several = WebhookChannel(
            lambda: b"k" * 32,
            lambda: datetime.now(UTC),
            resolver=lambda _host, _port: [ip_address("::1"), ip_address("127.0.0.1")],
            is_allowed=lambda _address: True,
            context=server.context,
        )
        assert several.send(replace(MESSAGE, url=server.url())).answer is Answer.ACCEPTED
    assert len(server.requests) == 1


def test_a_host_is_read_as_it_is_written() -> None:
    """Port, path and query are those of the URL, the host in lower case."""
    assert target_of("https://Hooks.Shop.example:8443/A?b=C") == Target(
        "hooks.shop.example", 8443, "hooks.shop.example:8443", "/A?b=C"
    )
    assert target_of("https://[2606:4700::1111]") == Target(
        "2606:4700::1111", 443, "[2606:4700::1111]", "/"
    )


def test_a_name_that_leads_nowhere_may_lead_somewhere_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What no resolver knows now is tried again."""

    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unresolved, match="gaierror"):
        resolve("shop.example", 443)
    reply = guarded(resolve).send(replace(MESSAGE, url="https://shop.example/"))
    said = "the webhook's host shop.example has no address: gaierror"
    assert reply == Reply(Answer.DEFERRED, said)


def test_a_resolver_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that stays silent holds the function for a moment only."""
    over = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait() and [])
    monkeypatch.setattr(public_addresses, "RESOLVE_TIMEOUT_S", 0.05)
    try:
        with pytest.raises(Unresolved, match="within"):
            resolve("shop.example", 443)
    finally:
        over.set()


def test_the_system_resolves_a_literal_address() -> None:
    """The look-up that is used when deployed."""
    assert set(resolve("127.0.0.1", 443)) == {ip_address("127.0.0.1")}
    assert set(resolve("::1", 443)) == {ip_address("::1")}
