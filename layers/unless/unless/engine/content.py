"""
What the message of a due item says to its user, rendered within the decision (SPEC T3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unless.content.html_text import text_of
from unless.content.languages import words_for
from unless.content.limits import SUBJECT_CHARACTERS_MAX
from unless.content.parts import NO_CONTENT, UNSUBSCRIBE_PLACEHOLDER, Aborted, Broken, Content
from unless.content.templates import Asked, Templates
from unless.definitions.messages import FALLBACK, Message, is_rendered
from unless.definitions.steps import MessageStep
from unless.engine.claims import Outgoing
from unless.engine.definitions import Definitions
from unless.engine.eligibility import Refusal
from unless.engine.model import DueItem, Run, UserState
from unless.engine.records import Reason, instant_text


def content_of(
    outgoing: Outgoing,
    item: DueItem,
    state: UserState,
    definitions: Definitions,
    now: datetime,
) -> Content | Refusal:
    """Return the message rendered, or `template_abort` or `template_error`."""
    message = outgoing.message
    if not is_rendered(message):
        return NO_CONTENT
    variables = {
        "user": {**state.attribute_values(), "id": state.user},
        "trigger": _trigger(item),
        **_owner(outgoing, item, definitions),
        "now": instant_text(now),
    }
    if message.channel == "email":
        variables["unsubscribe_url"] = UNSUBSCRIBE_PLACEHOLDER
    asked = Asked(variables, now, variables["user"].get("language"))
    rendered = _Parts(message, definitions.templates, asked).content()
    match rendered:
        case Aborted(why=why):
            return Refusal(Reason.TEMPLATE_ABORT, {"said": why} if why else {})
        case Broken(why=why, where=where):
            return Refusal(Reason.TEMPLATE_ERROR, {"said": why, "where": where})
        case _:
            return rendered


def may_quote(item: DueItem, definitions: Definitions) -> bool:
    """Whether a message of the item may say what its trigger said, be it in a later step."""
    if isinstance(item, Run):
        steps = (planned.step for planned in definitions.program(item).steps.values())
        return any(isinstance(step, MessageStep) and is_rendered(step.message) for step in steps)
    plan = definitions.campaign(item.definition)
    return plan is not None and is_rendered(plan.campaign.message)


def _trigger(item: DueItem) -> dict[str, Any]:
    own = {
        "name": item.name,
        "time": instant_text(item.triggered_at),
        "id": item.event,
        "properties": item.properties,
    }
    return {**item.properties, **own}


def _owner(outgoing: Outgoing, item: DueItem, definitions: Definitions) -> Mapping[str, Any]:
    """Return the campaign or the journey as the variable of that name."""
    tags = list(outgoing.tags)
    if isinstance(item, Run):
        description = definitions.program(item).journey.description
        journey = {"id": item.definition, "description": description, "tags": tags}
        return {"journey": {**journey, "step": outgoing.step}}
    plan = definitions.campaign(item.definition)
    description = plan.campaign.description if plan else ""
    return {"campaign": {"id": item.definition, "description": description, "tags": tags}}


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of one message for one user."""

    message: Message
    templates: Templates
    asked: Asked

    def content(self) -> Content | Aborted | Broken:
        """Return all of them, or the first thing that keeps one from being made."""
        is_email = self.message.channel == "email"
        made = [self._words("subject", self.message.subject)]
        made.append(self._file(html=is_email))
        made.append(self._words("text", self.message.text))
        parts: list[str | None] = []
        for part in made:
            if isinstance(part, Aborted | Broken):
                return part
            parts.append(part)
        subject, body, text = parts
        subject = None if subject is None else one_line(subject)
        if not is_email:
            return Content(subject, None, text if body is None else body)
        if text is None and body is not None:
            text = text_of(body)
        return Content(subject, body, text)

    def _file(self, *, html: bool) -> str | Aborted | Broken | None:
        name = self.message.template
        return None if name is None else self.templates.file(name, self.asked, html=html)

    def _words(self, name: str, words: Mapping[str, str] | None) -> str | Aborted | Broken | None:
        if words is None:
            return None
        chosen = words_for(words, self.asked.language, FALLBACK)
        return self.templates.words(name, chosen, self.asked)


def one_line(text: str) -> str:
    """
    Return the text on one line, cut where it is too long.

    What would end the line of a header, or is no character to be read, becomes a space.
    """
    spaced = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(spaced.split())[:SUBJECT_CHARACTERS_MAX]
