"""
A user and an event that a preview makes up where none is given: such that the message is sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unless.cli.lessons.profile import Profile
from unless.cli.lessons.solving import put, solved
from unless.content.languages import variants
from unless.definitions.checks import Checked
from unless.definitions.filters import AttributeFilter
from unless.definitions.journeys import Journey
from unless.definitions.messages import Message
from unless.definitions.models import Campaign
from unless.engine.consent import ADDRESSES

USER = "ana"

OWN_ADDRESSES = {
    "email": "ana@example.com",
    "phone": "+33199000000",
    "push_endpoint": "arn:aws:sns:eu-west-1:123456789012:endpoint/GCM/app/ana",
}
"""
Addresses that are nobody's.

Source: RFC 2606, section 3 (example.com); Arcep, decision 2018-0881, 01 99 00 for fiction (read
2026-11).
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made up: values, and the names of those that only the words ask for."""

    values: dict[str, Any]
    placeholders: tuple[str, ...]


def made_up_user(
    definition: Campaign | Journey, message: Message, checked: Checked, now: datetime
) -> Made:
    """Return attributes of somebody in the audience who can be reached."""
    audience = (
        definition.audience if isinstance(definition, Campaign) else definition.entry.audience
    )
    nothing_open = AttributeFilter.model_construct(attribute="")
    segments = {name: segment.audience for name, segment in checked.segments.items()}
    profile = Profile(now, nothing_open, segments)
    if audience is not None:
        profile.satisfy(audience)
    values = profile.attributes
    if attribute := ADDRESSES.get(message.channel):
        values.setdefault(attribute, OWN_ADDRESSES[attribute])
    if definition.consent is not None:
        values.setdefault("subscription_groups", {})[definition.consent] = True
    return _with_placeholders(values, "user", message, checked)


def made_up_event(
    definition: Campaign | Journey, message: Message, checked: Checked, now: datetime
) -> tuple[str, Made]:
    """Return the name and the properties of an event that triggers the definition."""
    rows = definition.trigger if isinstance(definition, Campaign) else definition.entry.trigger
    for row in rows:
        if (properties := solved(row.where, now)) is not None:
            return row.event, _with_placeholders(properties, "trigger", message, checked)
    return rows[0].event, _with_placeholders({}, "trigger", message, checked)


OWN = {"user": {"id"}, "trigger": {"name", "time", "id", "properties"}}
"""Members of the variables that are always there."""


def _with_placeholders(
    values: dict[str, Any], root: str, message: Message, checked: Checked
) -> Made:
    """Add a value for each that the words ask for and that nothing has given."""
    added = []
    for path in _asked(root, message, checked.templates):
        if path[0] not in values and path[0] not in OWN[root]:
            put(values, ".".join(f'"{name}"' for name in path), f"[{'.'.join(path)}]")
            added.append(".".join((root, *path)))
    return Made(values, tuple(added))


def _asked(root: str, message: Message, templates: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield the paths below a variable that the words of a message print or ask for."""
    from unless.content.analysis import Analyst

    analyst = Analyst(templates)
    for name, text in _texts(message, templates):
        for path in analyst.asked(name, text):
            if path[0] == root and len(path) > 1 and path[-1] not in ("size", "first", "last"):
                yield path[1:]


def _texts(message: Message, templates: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, words in (("subject", message.subject), ("text", message.text)):
        yield from ((key, text) for text in (words or {}).values())
    if message.template is not None:
        for name in (message.template, *variants(message.template, templates).values()):
            if name in templates:
                yield name, templates[name]
