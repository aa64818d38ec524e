"""What a message says to one user: its parts on each channel, and why there may be none."""

from datetime import UTC, datetime
from typing import Any

import pytest

from unless.content.parts import NO_CONTENT, UNSUBSCRIBE_PLACEHOLDER, Content
from unless.definitions.checking.templates import TemplateFiles
from unless.definitions.checks import check
from unless.definitions.documents import Document
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY
from unless.engine.claims import outgoing_of
from unless.engine.content import content_of
from unless.engine.definitions import compile_definitions
from unless.engine.eligibility import Refusal
from unless.engine.model import Attribute, PendingSend, UserState
from unless.engine.records import Reason

NOW = datetime(2026, 2, 2, 10, 30, tzinfo=UTC)


def said(
    message: dict[str, Any], templates: dict[str, str] | None = None, **attributes: Any
) -> Content | Refusal:
    """Return what the message of a campaign says, an hour after a cart of 150 euros."""
    document = {"campaign": "c", "description": "A cart", "tags": ["promo"], "message": message}
    checked = check(
        [Document({**document, "trigger": {"event": "cart"}})],
        templates=TemplateFiles(templates or {}),
    )
    assert checked.ok, checked.errors
    definitions = compile_definitions(publish(EMPTY, checked, NOW)[0])
    known = {"name": "Ann", "email": "a@example.com", **attributes}
    state = UserState("u", {key: Attribute(value, NOW) for key, value in known.items()})
    item = PendingSend(
        "s-1", "u", "c", "evt-1", "cart", datetime(2026, 2, 2, 9, 30, tzinfo=UTC), NOW,
        {"cart_value": 150, "id": "own", "cart_id": "c-9"},
    )  # fmt: skip
    outgoing = outgoing_of(item, definitions)
    assert outgoing is not None
    return content_of(outgoing, item, state, definitions, NOW)


def test_an_email_has_subject_page_and_text() -> None:
    """The page is escaped, the subject and the text are not; without `text` it is the page's."""
    message = {"channel": "email", "template": "m.liquid", "subject": "For {{ user.name }}"}
    page = {"m.liquid": "<p>{{ user.name }}</p>"}
    assert said(message, page, name="A&B") == Content("For A&B", "<p>A&amp;B</p>", "A&B")
    own = said({**message, "text": "Dear {{ user.name }}"}, page, name="A&B")
    assert own == Content("For A&B", "<p>A&amp;B</p>", "Dear A&B")


def test_other_channels_have_plain_text() -> None:
    """A template is a text there, and a subject the title where the channel has one."""
    template = {"m.liquid": "Hi {{ user.name }}"}
    text = {"channel": "sms", "text": "Hi {{ user.name }}"}
    assert said(text, name="A&B") == Content(text="Hi A&B")
    assert said({"channel": "sms", "template": "m.liquid"}, template) == Content(text="Hi Ann")
    push = {"channel": "push", "subject": "Cart", "text": "{{ trigger.cart_value }} EUR"}
    assert said(push) == Content("Cart", None, "150 EUR")
    assert said({"channel": "event"}) == NO_CONTENT


def test_all_variables_are_there() -> None:
    """User, trigger, campaign, now, the link; a property called as one of ours is kept apart."""
    names = (
        "{{ user.id }} {{ trigger.name }} {{ trigger.time }} {{ trigger.id }} "
        "{{ trigger.properties.id }} {{ trigger.cart_id }} {{ campaign.id }} "
        "{{ campaign.description }} {{ campaign.tags | join }} {{ now }} {{ unsubscribe_url }}"
    )
    made = said({"channel": "email", "subject": "s", "text": names})
    assert isinstance(made, Content)
    assert made.text == (
        "u cart 2026-02-02T09:30:00Z evt-1 own c-9 c A cart promo 2026-02-02T10:30:00Z "
        f"{UNSUBSCRIBE_PLACEHOLDER}"
    )


def test_words_are_chosen_by_the_language() -> None:
    """Subject, text and template each by themselves, with the fallback where there is none."""
    files = {"m.liquid": "Hi", "m.fr.liquid": "Salut"}
    message = {"channel": "email", "template": "m.liquid", "subject": {"de": "D", "default": "E"}}
    assert said(message, files, language="fr-BE") == Content("E", "Salut", "Salut")
    assert said(message, files, language="DE") == Content("D", "Hi", "Hi")


@pytest.mark.parametrize(
    "name",
    [
        "A\r\nBcc: x@evil.example",
        "A\nX: y",
        "A\rX: y",
        "A\x00B",
        "A\u2028B",
        "A\x0b\x0cB",
        "A\u202eB",
    ],
)
def test_a_subject_is_one_line(name: str) -> None:
    """What would begin another header, or turn the text around, becomes a space."""
    made = said({"channel": "email", "subject": "Hi {{ user.name }}", "text": "x"}, name=name)
    assert isinstance(made, Content)
    assert made.subject is not None
    assert made.subject.isprintable()
    assert made.subject.startswith("Hi A ")


def test_a_subject_is_cut_after_500_characters() -> None:
    """A longer one would not fit the line of a header."""
    made = said({"channel": "email", "subject": "{{ user.name }}", "text": "x"}, name="é" * 501)
    assert isinstance(made, Content)
    assert made.subject == "é" * 500


def test_why_there_is_no_message_is_told() -> None:
    """An abort with its own words, an error with the place."""
    abort = said({"channel": "sms", "text": "{% abort_message 'sold out' %}"})
    assert abort == Refusal(Reason.TEMPLATE_ABORT, {"said": "sold out"})
    broken = said({"channel": "sms", "template": "m.liquid"}, {"m.liquid": "a\n{{ user.x }}"})
    assert isinstance(broken, Refusal)
    assert (broken.reason, broken.detail["where"]) == (Reason.TEMPLATE_ERROR, "m.liquid:2")
