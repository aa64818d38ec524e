"""
What is sent, as people write it in a campaign or a journey's step.
"""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, StrictStr
from pydantic_core import PydanticCustomError

from unless.definitions.values import Duration, Model, Name

type Channel = Literal["event", "email", "sms", "push", "webhook", "queue", "in_app"]

FALLBACK = "default"
"""The key of the words for everybody in whose language there are none."""


def _by_language(value: object) -> object:
    """Return {language: words}, of the two ways to write them; a single text is for everybody."""
    if isinstance(value, str):
        return {FALLBACK: value}
    if isinstance(value, dict) and FALLBACK in value:
        return value
    raise PydanticCustomError(
        "bad_value",
        f"expected a text, or texts by language with one for `{FALLBACK}`",
        {"remedy": f"Write a text, or {{fr: …, {FALLBACK}: …}}."},
    )


Words = Annotated[dict[Name, StrictStr], BeforeValidator(_by_language)]
"""Liquid text by language (`fr`, `fr-CA`), with a fallback."""


class Message(Model):
    """
    What is sent, and over which channel.

    `template` names a file in `templates/`; in e-mail it is HTML. `text` is written in place; in
    e-mail it is what a reader without HTML sees. `url` is a webhook's address, `expires` how long
    an in-app message waits for its user.
    """

    channel: Channel = "event"
    template: Name | None = None
    subject: Words | None = None
    text: Words | None = None
    url: StrictStr | None = None
    expires: Duration = timedelta(days=7)


def is_rendered(message: Message) -> bool:
    """Whether the message has words of its own, which have to be made for each user."""
    return not (message.template is None and message.subject is None and message.text is None)
