"""
Which templates a definition's messages are made of, those that these render included.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from unless.content.languages import variants
from unless.definitions.journeys import Journey, walk
from unless.definitions.messages import Message
from unless.definitions.models import Campaign
from unless.definitions.steps import MessageStep

SUFFIX = ".liquid"
"""What a template that renders another one may leave out of its name."""

_RENDERED = re.compile(r"\b(?:render|include)\s+(?:'([^'\n]*)'|\"([^\"\n]*)\")")


def messages_of(definition: Campaign | Journey) -> Iterator[Message]:
    """Yield the messages of a campaign or a journey, in the order as written."""
    if isinstance(definition, Campaign):
        yield definition.message
        return
    for _, step in walk(definition.steps):
        if isinstance(step, MessageStep):
            yield step.message


def used_templates(
    definitions: Iterable[Campaign | Journey], files: Mapping[str, str]
) -> dict[str, str]:
    """Return those of the files, by name, that some message needs, in all languages."""
    waiting: list[str] = []
    for message in (each for one in definitions for each in messages_of(one)):
        waiting += [message.template] if message.template else []
        words = [*(message.subject or {}).values(), *(message.text or {}).values()]
        waiting += (name for text in words for name in rendered_by(text))
    used: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        for file in (name, name + SUFFIX, *_all_variants(name, files)):
            if file in files and file not in used:
                used[file] = files[file]
                waiting += rendered_by(files[file])
    return used


def _all_variants(name: str, files: Mapping[str, str]) -> Iterator[str]:
    yield from variants(name, files).values()
    yield from variants(name + SUFFIX, files).values()


def rendered_by(text: str) -> list[str]:
    """Return the names that a template renders; also those in what only looks like a tag."""
    return [one or other for one, other in _RENDERED.findall(text)]
