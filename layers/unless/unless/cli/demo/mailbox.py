"""
The mailboxes of the demo: what the local SES took, and the link in an e-mail, pressed.
"""

import json
import re
import urllib.error
import urllib.request
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from unless.cli.console import Failure

MESSAGES = "/_ministack/ses/messages"
"""
Where ministack shows the e-mails that were sent: sender, receivers, subject and both bodies, no
headers and no tags. Source: `_handle_ses_messages_request` in its `app.py`, 1.5.33.
"""

LINK = re.compile(
    r"https://(?P<function>\w+)[.]lambda-url[.][^/]+(?P<path>/[?]t=(?P<said>[\w-]+)[.][\w-]+)"
)
"""The link to unsubscribe; what stands before the dot of its token can be read by anybody."""

FUNCTION_URL = "/_aws/lambda-url/"
"""Where ministack answers at a function's URL; that itself is a name that only AWS knows."""

ONE_CLICK = b"List-Unsubscribe=One-Click"
"""What a mail program posts for its button. Source: RFC 8058, section 3.1 (read 2026-11)."""

TIMEOUT_SECONDS = 20.0
"""The function behind the link may have to start."""


@dataclass(frozen=True, slots=True)
class Mail:
    """
    An e-mail that SES took.

    `send` and `user` are what the link to unsubscribe in it says; `link` is its path on the local
    AWS.
    """

    send: str
    user: str
    sender: str
    to: str
    subject: str
    text: str
    html: str
    link: str


def read_mails(endpoint: str) -> list[Mail]:
    """Return every e-mail that the local SES has taken so far, the oldest first."""
    with urllib.request.urlopen(endpoint + MESSAGES, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - http, on loopback
        accounts = json.load(answer)["messages"]
    return [mail for kept in accounts.values() for row in kept for mail in _mails(row)]


def _mails(row: Mapping[str, Any]) -> Iterator[Mail]:
    text = row["BodyText"] or ""
    if link := LINK.search(text):
        payload = link["said"]
        said = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        to, html = ", ".join(row["To"]), row["BodyHtml"] or ""
        path = f"{FUNCTION_URL}{link['function']}{link['path']}"
        yield Mail(said["s"], said["u"], row["Source"], to, row["Subject"], text, html, path)


def press(mail: Mail, endpoint: str) -> None:
    """
    Press the link to unsubscribe as a mail program does, with one POST and no page.

    Raises:
        Failure: the function behind it did not answer as it must.
    """
    request = urllib.request.Request(endpoint + mail.link, data=ONE_CLICK, method="POST")  # noqa: S310 - http, on loopback
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - the same
            return
    except (urllib.error.URLError, OSError) as error:
        what = f"The link to unsubscribe in the e-mail to {mail.to} does not work: {error}."
        raise Failure(what, "Look at the log of UnsubscribeFunction.") from None
