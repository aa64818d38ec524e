"""
The channel `email`: one mail to one address, with a way to leave.
"""

import html
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import batched
from typing import Protocol

from unless.app.errors import ConfigurationError
from unless.app.ports import Message, Reply
from unless.channels.addresses import mailbox
from unless.channels.links import Unsubscribe, make_link
from unless.content.parts import UNSUBSCRIBE_PLACEHOLDER, Content
from unless.engine.decision import Answer

TAG_CHARACTERS_MAX = 255
"""
Longest value of a tag that we make; SES takes 256 of `A-Za-z0-9_-`.

Source: SES API Reference v2, "MessageTag" (read 2026-11).
"""

HEADER_CHARACTERS_MAX = 995
"""
Longest value of a header, printable ASCII.

Source: SES API Reference v2, "MessageHeader" (read 2026-11).
"""

NO_ADDRESS = Reply(Answer.REFUSED, "the address is not one e-mail address")
NO_WORDS = Reply(Answer.REFUSED, "the message has no words")

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class Mailer(Protocol):
    """Who sends mail."""

    def mail(
        self, to: str, content: Content, headers: Mapping[str, str], tags: Mapping[str, str]
    ) -> Reply:
        """Make one request to send the mail, and return the answer."""


class UnsubscribeLinks:
    """The links of this deployment by which users leave."""

    def __init__(self, url: str, secret: Callable[[], bytes]) -> None:
        """Lead to the function at this URL; the secret is asked for when the first is made."""
        self._url = url
        self._secret = secret

    def of(self, message: Message) -> str:
        """Return the link of the message's user."""
        leaves = Unsubscribe(
            message.user, message.consent, message.send, message.kind, message.definition
        )
        return make_link(self._url, leaves, self._secret())


class EmailChannel:
    """`unless.app.ports.Channel` on a mailer, which is asked once."""

    def __init__(self, mailer: Mailer, links: UnsubscribeLinks | None) -> None:
        """Send through this mailer; without `links` nobody is told how to leave."""
        self._mailer = mailer
        self._links = links

    def send(self, message: Message) -> Reply:
        """
        Send the mail and return the answer.

        Raises:
            TransientError: nothing was sent; the secret of the link could not be read now.
            ConfigurationError: nothing was sent, and the deployment has to be mended.
        """
        to = mailbox(message.address or "")
        if to is None:
            return NO_ADDRESS
        if not any((part or "").strip() for part in (message.content.html, message.content.text)):
            return NO_WORDS
        link = self._links.of(message) if self._links else None
        content = _with_link(message.content, link)
        return self._mailer.mail(to, content, headers_of(link), tags_of(message))


def headers_of(link: str | None) -> dict[str, str]:
    """
    Return the headers by which a mail program shows a button to leave.

    A link that is too long for a header stands in the mail only. Source: RFC 2369, section 3.2;
    RFC 8058, section 3.1 (read 2026-11).
    """
    if link is None or len(link) + 2 > HEADER_CHARACTERS_MAX:
        return {}
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def tags_of(message: Message) -> dict[str, str]:
    """Return what SES says of the mail in its events, so that they find its send and its user."""
    pieces = batched(_tag(message.user), TAG_CHARACTERS_MAX, strict=False)
    user = {f"user-{n}" if n > 1 else "user": "".join(piece) for n, piece in enumerate(pieces, 1)}
    return {
        "send": _sendable(message.send),
        **user,
        "kind": message.kind.value,
        "definition": message.definition,
        **({"step": _tag(message.step)} if message.step is not None else {}),
        "hops": str(message.hops),
    }


def _with_link(content: Content, link: str | None) -> Content:
    """Return the content with the link where its template wanted one, and a subject of one line."""
    parts = (content.html or "", content.text or "")
    if link is None and any(UNSUBSCRIBE_PLACEHOLDER in part for part in parts):
        raise ConfigurationError(
            "a mail has a link to unsubscribe and this deployment has no function for it; "
            "deploy this release's template.yaml, which makes UnsubscribeUrl"
        )
    in_html, in_text = html.escape(link or ""), link or ""
    return replace(
        content,
        subject=_BREAKS.sub(" ", content.subject or "").strip(),
        html=content.html and content.html.replace(UNSUBSCRIBE_PLACEHOLDER, in_html),
        text=content.text and content.text.replace(UNSUBSCRIBE_PLACEHOLDER, in_text),
    )


def _sendable(send: str) -> str:
    """Return the id of a send in the alphabet of tags: a journey's `r-….3` becomes `r-…_3`."""
    return send.replace(".", "_")


def _tag(text: str) -> str:
    """Return any text in the alphabet of tags, to be read back with base64url."""
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
