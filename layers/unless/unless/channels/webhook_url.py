"""
The URL of a webhook, taken apart strictly: what two readers could understand differently is
refused.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

URL_LENGTH_MAX = 2048
"""Most characters of a URL. Our own: beyond it servers begin to refuse (RFC 9110, section 4.1)."""

HTTPS_PORT = 443

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_HOST_LENGTH_MAX = 253
"""Characters of a host name, of a label above. Source: RFC 1035, section 2.3.4 (read 2026-11)."""

_WRITTEN = re.compile(r"[!-~]+")
"""What a URL may be written with: ASCII without blanks and control characters."""

_NUMBER = re.compile(r"\d+|0[xX][0-9A-Fa-f]*")
"""
A last label for which some readers take the whole host as an IPv4 address, in any notation.

Source: WHATWG URL Standard, "ends in a number checker" (read 2026-11).
"""

_INSIDE = frozenset(
    {"localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan"}
)
"""
Last labels of names that only a network of one's own knows.

Source: RFC 6761 (localhost), RFC 6762 appendix G (the others), ICANN board resolution of 2024-07-29
(internal), all read 2026-11.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes; `resource` is path and query, `authority` what the header Host says."""

    host: str
    port: int
    authority: str
    resource: str


@dataclass(frozen=True, slots=True)
class BadUrl:
    """Why no webhook can be reached under a URL."""

    why: str


def target_of(url: str) -> Target | BadUrl:
    """Return where the URL leads, its host name in lower case, or why it cannot be a webhook's."""
    if len(url) > URL_LENGTH_MAX:
        return BadUrl(f"the URL has more than {URL_LENGTH_MAX} characters")
    if not _WRITTEN.fullmatch(url) or "\\" in url:
        return BadUrl("the URL has characters that have to be written otherwise")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return BadUrl("the URL cannot be understood")
    if parts.scheme != "https":
        return BadUrl("the URL does not begin with https://")
    if "@" in parts.netloc:
        return BadUrl("the URL holds a user or a password")
    if "#" in url:
        return BadUrl("the URL holds a fragment, which is never sent")
    host = parts.hostname or ""
    if port == 0 or parts.netloc.endswith(":") or not _is_host(host, parts.netloc):
        return BadUrl("the URL's host is none of the internet")
    resource = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port or HTTPS_PORT, parts.netloc.lower(), resource)


def _is_host(host: str, authority: str) -> bool:
    """Whether this is a full host name, or an address in its one usual notation."""
    if authority.startswith("["):
        return "%" not in host and _is_address(host, IPv6Address)
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _is_address(host, IPv4Address)
    return (
        len(host) <= _HOST_LENGTH_MAX
        and len(labels) > 1
        and labels[-1] not in _INSIDE
        and all(map(_LABEL.fullmatch, labels))
    )


def _is_address(host: str, notation: type[IPv4Address | IPv6Address]) -> bool:
    try:
        notation(host)
    except ValueError:
        return False
    return True
