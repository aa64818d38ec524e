"""
The page behind the link in each e-mail: a button, and what pressing it does.

Only a POST acts: scanners of mail open every link, and must not take anybody out of a list. Mail
programs that know RFC 8058 post by themselves and show nobody the page. Source: RFC 8058, sections
3.1 and 3.2 (read 2026-11).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from string import Template
from typing import Any

from unless.app.errors import UnlessError
from unless.channels.event import Bus
from unless.channels.links import Unsubscribe, read_link

SOURCE = "unless.unsubscribe"
"""The source of the events; the rule of the bus takes them, since it leaves out `unless` only."""

UNSUBSCRIBED = "unsubscribed"
"""The name of the events."""

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""What every answer says: nobody keeps the page, frames it, finds it, or learns its address."""

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; }
body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto 0;
  padding: 0 1.5rem; }
button { font: inherit; padding: .6rem 1.4rem; border: 2px solid; border-radius: .4rem;
  cursor: pointer; }
button:focus-visible { outline: 3px solid; outline-offset: 3px; }
</style>
</head>
<body>
<main>
<h1>$title</h1>
<p>$text</p>
$form</main>
</body>
</html>
""")

_FORM = '<form method="post"><button type="submit">Unsubscribe</button></form>\n'


@dataclass(frozen=True, slots=True)
class Page:
    """
    An answer over HTTP; `failure` is what a person of the deployment has to know, without any data
    of a user.
    """

    status: int
    html: str
    headers: dict[str, str]
    failure: str = ""


class Unsubscribing:
    """Shows the page of a link, and takes its user out of what it is about."""

    def __init__(
        self, *, bus: Bus, secret: Callable[[], bytes], clock: Callable[[], datetime]
    ) -> None:
        """Put events on this bus; `secret` returns the key of the links, `clock` the time now."""
        self._bus = bus
        self._secret = secret
        self._clock = clock

    def answer(self, method: str, token: str) -> Page:
        """Return the answer to a request with that `t`, also to one that makes no sense."""
        if method not in ("GET", "POST"):
            return _page(405, "Not like that", "Open the link in your e-mail again.", allow=True)
        try:
            leaves = read_link(token, self._secret())
            if leaves is None:
                return _page(400, "This link does not work", "Open the link in your e-mail again.")
            if method == "POST":
                self._bus.put(UNSUBSCRIBED, event_of(leaves, self._clock()))
        except UnlessError as error:
            return _page(
                503,
                "Please try again",
                "It did not work just now, and you are still subscribed. Try again in a minute.",
                form=_FORM if method == "POST" else "",
                failure=f"{type(error).__name__}: {error}",
            )
        what = escape(_what(leaves))
        if method == "POST":
            return _page(200, "You are unsubscribed", f"You will get no more messages of {what}.")
        return _page(200, "Unsubscribe?", f"You will get no more messages of {what}.", form=_FORM)


def event_of(leaves: Unsubscribe, now: datetime) -> dict[str, Any]:
    """
    Return the detail of the user event; `now` is aware and UTC.

    Its id holds for a second, so that what is put twice for one click counts once, and a second
    goodbye after a return counts again.
    """
    group = {} if leaves.group is None else {"group": leaves.group}
    attributes: dict[str, Any] = (
        {"email_subscribe": "unsubscribed"}
        if leaves.group is None
        else {"subscription_groups": {leaves.group: False}}
    )
    return {
        "user_id": leaves.user,
        "id": f"{UNSUBSCRIBED}/{leaves.send}/{int(now.timestamp())}",
        "time": now.isoformat().replace("+00:00", "Z"),
        "properties": {
            leaves.kind.value: leaves.definition,
            "channel": "email",
            "send": leaves.send,
            **group,
        },
        "attributes": attributes,
    }


def _what(leaves: Unsubscribe) -> str:
    return "all e-mail" if leaves.group is None else f"the group “{leaves.group}”"


def _page(
    status: int, title: str, text: str, *, form: str = "", allow: bool = False, failure: str = ""
) -> Page:
    """Return a page; `text` and `form` are HTML."""
    headers = {**HEADERS, **({"Allow": "GET, POST"} if allow else {})}
    html = _PAGE.substitute(title=title, text=text, form=form)
    return Page(status, html, headers, failure)
