"""What a mail holds: one receiver, its words, a way to leave, and tags that find its way back."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.channels.providers import SECRET, message
from unless.app.errors import ConfigurationError
from unless.app.ports import Message, Reply
from unless.aws.clients import Clients
from unless.aws.ses import SesMailer
from unless.channels.email import (
    HEADER_CHARACTERS_MAX,
    EmailChannel,
    UnsubscribeLinks,
    headers_of,
)
from unless.channels.links import read_link
from unless.content.parts import UNSUBSCRIBE_PLACEHOLDER, Content
from unless.definitions.models import Kind
from unless.engine.decision import Answer

LINKS = UnsubscribeLinks("https://leave.example.test/", lambda: SECRET)


class Sent(Clients):
    """Clients of an SES that keeps what it is asked."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.requests: list[dict[str, Any]] = []

    def provider(self, _service: str) -> "Sent":
        """Be SES."""
        return self

    def send_email(self, **request: Any) -> Mapping[str, str]:
        """Take the mail."""
        self.requests.append(request)
        return {"MessageId": "1"}


def mailed(
    given: Message, links: UnsubscribeLinks | None = LINKS, configuration_set: str = "ours"
) -> dict[str, Any]:
    """The request by which SES gets this message."""
    sent = Sent()
    channel = EmailChannel(SesMailer(sent, "shop@example.test", configuration_set), links)
    assert channel.send(given) == Reply(Answer.ACCEPTED)
    (request,) = sent.requests
    return request


def test_a_mail_has_one_receiver_and_its_words() -> None:
    """From the deployment, to one address, subject, HTML and text in UTF-8, in our set."""
    content = Content(subject="Žlutý\r\n Bcc: eve@x.test", html="<p>Ž</p>", text="Ž")
    request = mailed(message(address="ann@example.test", content=content))
    assert request["FromEmailAddress"] == "shop@example.test"
    assert request["Destination"] == {"ToAddresses": ["ann@example.test"]}
    assert request["ConfigurationSetName"] == "ours"
    simple = request["Content"]["Simple"]
    assert simple["Subject"] == {"Data": "Žlutý  Bcc: eve@x.test", "Charset": "UTF-8"}
    assert simple["Body"] == {
        "Html": {"Data": "<p>Ž</p>", "Charset": "UTF-8"},
        "Text": {"Data": "Ž", "Charset": "UTF-8"},
    }


def test_a_part_that_is_not_there_is_not_sent() -> None:
    """A mail of text alone has no HTML, and a deployment without a set names none."""
    given = message(address="ann@example.test", content=Content(subject="S", text="T"))
    request = mailed(given, configuration_set="")
    assert list(request["Content"]["Simple"]["Body"]) == ["Text"]
    assert "ConfigurationSetName" not in request


def test_the_link_to_leave_stands_in_the_headers_and_where_the_template_wants_it() -> None:
    """One click in the mail program and the link in the mail lead to the same signed place."""
    content = Content(
        subject="S",
        html=f'<a href="{UNSUBSCRIBE_PLACEHOLDER}">leave</a>',
        text=f"Leave: {UNSUBSCRIBE_PLACEHOLDER}",
    )
    request = mailed(message(address="ann@example.test", content=content, consent="news"))
    simple = request["Content"]["Simple"]
    headers = {header["Name"]: header["Value"] for header in simple["Headers"]}
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = headers["List-Unsubscribe"].removeprefix("<").removesuffix(">")
    assert simple["Body"]["Html"]["Data"] == f'<a href="{link}">leave</a>'
    assert simple["Body"]["Text"]["Data"] == f"Leave: {link}"
    unsubscribe = read_link(link.partition("?t=")[2], SECRET)
    assert unsubscribe is not None
    assert (unsubscribe.user, unsubscribe.group) == (message().user, "news")
    assert (unsubscribe.kind, unsubscribe.definition) == (Kind.CAMPAIGN, "cart")


def test_without_a_place_to_leave_nothing_pretends_to_be_one() -> None:
    """No function, no headers; a template that wants a link waits for the deployment."""
    request = mailed(message(address="ann@example.test"), links=None)
    assert "Headers" not in request["Content"]["Simple"]
    content = Content(subject="S", text=UNSUBSCRIBE_PLACEHOLDER)
    with pytest.raises(ConfigurationError, match="UnsubscribeUrl"):
        mailed(message(address="ann@example.test", content=content), links=None)


def test_a_link_that_is_too_long_for_a_header_stands_in_the_mail_only() -> None:
    """SES would refuse the whole mail for it."""
    content = Content(subject="S", text=UNSUBSCRIBE_PLACEHOLDER)
    given = message(user="😀" * 255, address="ann@example.test", content=content)
    simple = mailed(given)["Content"]["Simple"]
    assert "Headers" not in simple
    assert len(simple["Body"]["Text"]["Data"]) > HEADER_CHARACTERS_MAX


def test_the_longest_link_that_fits_a_header_stands_in_it() -> None:
    """SES takes 995 characters, the brackets around the link included."""
    longest = "x" * (HEADER_CHARACTERS_MAX - 2)
    assert len(headers_of(longest)["List-Unsubscribe"]) == HEADER_CHARACTERS_MAX
    assert headers_of(longest + "x") == {}


def test_a_link_is_escaped_where_it_stands_in_html() -> None:
    """Whatever the address of the function holds, it ends no attribute."""
    links = UnsubscribeLinks('https://leave.example.test/"><b>&', lambda: SECRET)
    content = Content(subject="S", html=f'<a href="{UNSUBSCRIBE_PLACEHOLDER}">leave</a>')
    given = message(address="ann@example.test", content=content)
    html = mailed(given, links)["Content"]["Simple"]["Body"]["Html"]["Data"]
    assert html.startswith('<a href="https://leave.example.test/&quot;&gt;&lt;b&gt;&amp;?t=')


@pytest.mark.parametrize("user", ["u", "ü 17", "😀" * 255])
def test_the_tags_lead_back_to_the_send_and_its_user(user: str) -> None:
    """Every tag is in the alphabet and the length of SES, and the user can be read from them."""
    given = message(
        user=user, send="r-abc.3", kind=Kind.JOURNEY, step="2.then.0", hops=2, address="a@b.test"
    )
    tags = {tag["Name"]: tag["Value"] for tag in mailed(given)["EmailTags"]}
    for text in (*tags, *tags.values()):
        assert text.replace("-", "").replace("_", "").isalnum(), text
        assert text.isascii()
        assert len(text) <= 256
    chunks = [tags["user"]]
    while (more := tags.get(f"user-{len(chunks) + 1}")) is not None:
        chunks.append(more)
    assert decoded("".join(chunks)) == user
    assert decoded(tags["step"]) == "2.then.0"
    assert (tags["kind"], tags["definition"], tags["hops"]) == ("journey", "cart", "2")
    assert tags["send"].replace("_", ".") == "r-abc.3"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "@example.test",
        "ann@",
        "ann@example",
        "ann@example.test,eve@example.test",
        "ann@example.test;eve@example.test",
        "ann@example.test\r\nBcc: eve@example.test",
        "ann@example.test\n",
        "ann@example.test\x00",
        "Ann <ann@example.test>",
        '"a b"@example.test',
        "ann(comment)@example.test",
        "ann@[127.0.0.1]",
        "ann@@example.test",
        "a..b@example.test",
        ".ann@example.test",
        "änn@example.test",
        "ann@exa mple.test",
        "ann@-example.test",
        "ann@" + "x" * 64 + ".test",
        "x" * 65 + "@example.test",
        "ann@" + "example." * 50 + "test",
        json.dumps(["ann@example.test"]),
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    """Two addresses, a name, a header, nothing: no request is made, and nothing is repeated."""
    sent = Sent()
    said = EmailChannel(SesMailer(sent, "shop@example.test", ""), LINKS).send(
        message(address=address)
    )
    assert said.answer is Answer.REFUSED
    assert not address or address not in said.said
    assert sent.requests == []


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("ann+cart@example.test", "ann+cart@example.test"),
        ("o'neil@mail.example.test", "o'neil@mail.example.test"),
        ("ann@bücher.test", "ann@xn--bcher-kva.test"),
    ],
)
def test_what_people_have_is_accepted(address: str, sent_to: str) -> None:
    """Unusual signs before the @ stay, and a domain in any script goes out in ASCII."""
    assert mailed(message(address=address))["Destination"] == {"ToAddresses": [sent_to]}


def test_a_mail_without_words_is_refused() -> None:
    """A template that comes to nothing for a user sends them no empty mail."""
    for content in (Content(subject="S"), Content(subject="S", html=" \n", text="")):
        sent = Sent()
        said = EmailChannel(SesMailer(sent, "shop@example.test", ""), LINKS).send(
            message(address="ann@example.test", content=content)
        )
        assert said.answer is Answer.REFUSED
        assert sent.requests == []


def decoded(tag: str) -> str:
    """The text in a tag."""
    return urlsafe_b64decode(tag + "=" * (-len(tag) % 4)).decode()
