"""
The parts of a rendered message, or why there is none.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """A message as it goes out; a part that its channel or its definition does not have is None."""

    subject: str | None = None
    html: str | None = None
    text: str | None = None


NO_CONTENT = Content()
"""What a message says that only asks others to send something."""


@dataclass(frozen=True, slots=True)
class Aborted:
    """The template decided not to send; `why` is what it says itself."""

    why: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The template cannot be rendered; `where` is its name and line, as far as known."""

    why: str
    where: str = ""


UNSUBSCRIBE_PLACEHOLDER = "https://unsubscribe.unless.invalid/"
"""
What `{{ unsubscribe_url }}` renders to; the e-mail channel puts the user's signed link there.

No such host can exist. Source: RFC 2606, "Reserved Top Level DNS Names", section 2 (read 2026-11).
"""
