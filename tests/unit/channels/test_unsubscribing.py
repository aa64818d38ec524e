"""The page behind the link in each e-mail, and what pressing its button does."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from unless.app.errors import ConfigurationError, TransientError, UnlessError
from unless.channels.links import Unsubscribe, make_link
from unless.channels.unsubscribing import Unsubscribing
from unless.definitions.models import Kind
from unless.engine.model import UserEvent
from unless.events.intake import parse_row

SECRET = b"of this deployment"
NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
ALL = Unsubscribe("u-17", None, "s-abc", Kind.CAMPAIGN, "cart")
GROUP = Unsubscribe("léa <x>", "news & more", "r-abc.2", Kind.JOURNEY, "onboarding")


@dataclass
class Bus:
    """What was put on the bus, or why nothing can be."""

    put_there: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    trouble: UnlessError | None = None

    def put(self, detail_type: str, detail: dict[str, Any]) -> str:
        """Keep the event."""
        if self.trouble:
            raise self.trouble
        self.put_there.append((detail_type, detail))
        return "id"


def token(leaves: Unsubscribe, secret: bytes = SECRET) -> str:
    """The `t` of a link."""
    return make_link("https://here/", leaves, secret).split("?t=")[1]


def page(bus: Bus) -> Unsubscribing:
    """The page, with this bus behind it."""
    return Unsubscribing(bus=bus, secret=lambda: SECRET, clock=lambda: NOW)


class Reader(HTMLParser):
    """The elements of a page; a start without its end is a fault."""

    VOID = ("meta",)

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element."""
        assert self.open.pop() == tag


def test_opening_the_link_changes_nothing() -> None:
    """A scanner of mail that opens every link takes nobody out of a list."""
    bus = Bus()
    answer = page(bus).answer("GET", token(ALL))
    assert answer.status == 200
    assert bus.put_there == []
    form = dict(Reader(answer.html).elements)["form"]
    assert form == {"method": "post"}  # to its own address, with its `t`


def test_pressing_the_button_leaves_all_email() -> None:
    """The event has the attribute by which consent is judged, and is understood on the bus."""
    bus = Bus()
    answer = page(bus).answer("POST", token(ALL))
    assert (answer.status, "Location" in answer.headers) == (200, False)  # RFC 8058: no redirect
    assert "You are unsubscribed" in answer.html
    ((name, detail),) = bus.put_there
    event = parse_row({"detail-type": name, "detail": detail}, NOW, "")
    assert isinstance(event, UserEvent)
    assert (event.user, event.name, event.time) == ("u-17", "unsubscribed", NOW)
    assert event.attributes == {"email_subscribe": "unsubscribed"}
    assert event.properties == {"campaign": "cart", "channel": "email", "send": "s-abc"}


def test_a_link_of_a_group_leaves_that_group_alone() -> None:
    """All other mail goes on; the page says from what."""
    bus = Bus()
    assert "the group “news &amp; more”" in page(bus).answer("GET", token(GROUP)).html
    page(bus).answer("POST", token(GROUP))
    ((_, detail),) = bus.put_there
    assert detail["attributes"] == {"subscription_groups": {"news & more": False}}
    assert detail["properties"]["group"] == "news & more"
    assert detail["properties"]["journey"] == "onboarding"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "forged",
    ["", "x", "x.y", token(ALL, b"another"), token(ALL) + "x", token(ALL)[1:], "é", "x" * 100_000],
)
def test_a_forged_link_does_nothing_and_says_nothing(method: str, forged: str) -> None:
    """Nobody takes somebody else out, or learns who there is."""
    bus = Bus()
    answer = page(bus).answer(method, forged)
    assert answer.status == 400
    assert bus.put_there == []
    assert "u-17" not in answer.html
    assert "form" not in dict(Reader(answer.html).elements)


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_refused(method: str) -> None:
    """With the two that are there."""
    answer = page(Bus()).answer(method, token(ALL))
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("trouble", [TransientError("later"), ConfigurationError("mend it")])
def test_whoever_could_not_be_unsubscribed_is_told_so(trouble: UnlessError) -> None:
    """Not 2xx, so that a mail program tries again; a person gets the button again."""
    answer = page(Bus(trouble=trouble)).answer("POST", token(GROUP))
    assert answer.status == 503
    assert "still subscribed" in answer.html
    assert "form" in dict(Reader(answer.html).elements)
    assert str(trouble) in answer.failure
    assert "léa" not in answer.failure


def test_without_the_secret_nothing_is_believed() -> None:
    """A deployment that is broken answers 503, not 200 or 400."""

    def missing() -> bytes:
        raise ConfigurationError("there is no secret")

    bus = Bus()
    broken = Unsubscribing(bus=bus, secret=missing, clock=lambda: NOW)
    assert broken.answer("POST", token(ALL)).status == 503
    assert bus.put_there == []


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_nobody_keeps_frames_or_finds_the_page(method: str) -> None:
    """Its address is a key, so it is in no cache and no Referer; nothing is loaded or run."""
    headers = page(Bus()).answer(method, token(ALL)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy


def test_the_page_can_be_read_by_everybody() -> None:
    """A language, a title, a heading, a main part, a real button, no script, nothing unescaped."""
    html = page(Bus()).answer("GET", token(GROUP)).html
    reader = Reader(html)
    assert reader.open == []
    elements = dict(reader.elements)
    assert elements["html"] == {"lang": "en"}
    assert elements["button"] == {"type": "submit"}
    assert {"title", "main", "h1", "p"} <= elements.keys()
    assert not re.search(r"<script|\son[a-z]+=|https?:", html)


def test_two_clicks_in_one_second_are_one_goodbye() -> None:
    """A retry of PutEvents has the same id; somebody who came back can leave again. (V1)"""
    bus = Bus()
    page(bus).answer("POST", token(ALL))
    page(bus).answer("POST", token(ALL))
    (_, first), (_, second) = bus.put_there
    assert first["id"] == second["id"]
