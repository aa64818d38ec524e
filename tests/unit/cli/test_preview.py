"""`unless preview` shows a message as it would go out, without any AWS."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Typed

WORKSPACE = """\
campaign: cart
trigger: {event: cart_updated, where: {cart_value: {gte: 100, lte: 200}}}
audience: {attribute: country, in: [FR, BE]}
delay: {after: 1h}
consent: promo
message:
  channel: email
  template: cart.liquid
  subject: {fr: "Votre panier, {{ user.name }}", default: "Your cart, {{ user.name }}"}
---
journey: tour
entry: {trigger: {event: registered}}
steps:
  - message: {id: hello, channel: sms, text: "Hello {{ user.name }}"}
  - message: {id: later, channel: push, subject: News, text: "{% abort_message 'no news' %}"}
---
campaign: plain
trigger: {event: registered}
"""
CART = (
    "<style>p {}</style><p>{{ user.name }}: {{ trigger.cart_value }} EUR, "
    '<a href="https://shop.example/{{ trigger.cart_id }}">here</a></p>'
)
ANN = {"attributes": {"email": "a@example.com", "name": "<Ann>"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with an e-mail, a journey, and a campaign without words."""
    (tmp_path / "all.yaml").write_text(WORKSPACE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "cart.liquid").write_text(CART)
    return tmp_path


def test_a_user_and_an_event_are_made_up(typed: Typed, folder: Path) -> None:
    """Somebody in the audience, and an event that passes the filters; it is said what is."""
    result = typed("preview", "cart", "--workspace", folder, "--json")
    shown = json.loads(result.stdout)
    assert (result.exit_code, shown["to"]) == (0, "ana@example.com")
    assert shown["subject"] == "Your cart, [name]"
    assert shown["text"] == "[name]: 100 EUR, here (https://shop.example/[cart_id])"
    assert shown["made_up"] == ["user.name", "trigger.cart_id"]
    assert shown["refused"] == []


def test_the_user_and_the_event_may_be_given(typed: Typed, folder: Path) -> None:
    """As JSON or as files; values are escaped in the page, and stand as they are elsewhere."""
    (folder / "event.json").write_text('{"event": "cart_updated", "properties": {"cart_value": 7}}')
    event = '{"properties": {"cart_value": 7.5, "cart_id": "c-1"}}'
    page = folder / "page.html"
    given = ("--user", json.dumps(ANN), "--event", event, "--language", "fr-CA", "--html", page)
    result = typed("preview", "cart", "--workspace", folder, *given)
    assert result.exit_code == 0
    assert "Votre panier, <Ann>" in result.stdout
    assert "<Ann>: 7.5 EUR, here (https://shop.example/c-1)" in result.stdout
    assert f"The page is in {page}" in result.stdout
    assert "<p>&lt;Ann&gt;: 7.5 EUR" in page.read_text()
    missing = typed(
        "preview", "cart", "--workspace", folder, "--user", json.dumps(ANN),
        "--event", folder / "event.json",
    )  # fmt: skip
    assert missing.exit_code == 1
    assert "cart.liquid:1: trigger.cart_id is undefined" in missing.stdout


def test_it_is_said_what_would_keep_it_back(typed: Typed, folder: Path) -> None:
    """A missing consent or address is named beside the message, which is shown all the same."""
    user = '{"name": "Ann"}'
    result = typed("preview", "cart", "--workspace", folder, "--user", user)
    assert result.exit_code == 0
    assert "Your cart, Ann" in result.stdout
    assert (
        "It would not go out: The user has unsubscribed: promo (`unsubscribed`)." in result.stdout
    )
    assert "email (`unreachable`)" in result.stdout


def test_a_journey_shows_each_of_its_messages(typed: Typed, folder: Path) -> None:
    """The first one, and the others by the name of their step; an abort is told with its words."""
    first = typed("preview", "tour", "--workspace", folder)
    assert "tour, step hello" in first.stdout
    assert "Hello [name]" in first.stdout
    assert "--step shows another message: later." in first.stdout
    later = typed("preview", "tour", "--workspace", folder, "--step", "later")
    assert later.exit_code == 0
    assert "no news (`template_abort`)" in later.stdout


def test_a_message_without_words_is_shown_as_such(typed: Typed, folder: Path) -> None:
    """An event that others make a message of has no words here."""
    shown = typed("preview", "plain", "--workspace", folder)
    assert "an event on the bus, without words" in shown.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["crt"], 1, "Did you mean `cart`?"),
        (["xyz"], 1, "There are `cart`, `plain`, `tour`."),
        (["tour", "--step", "lter"], 1, "Did you mean `later`?"),
        (["cart", "--step", "x"], 2, "A campaign has no steps."),
        (["cart", "--user", "{"], 1, "--user: not JSON at character 2"),
        (["cart", "--user", "no.json"], 2, "there is no such file"),
        (["cart", "--user", '{"attributes": 7}'], 1, "`attributes` is no object"),
        (["cart", "--user", '{"attributes": {"email": 7}}'], 1, "--user: "),
        (["cart", "--event", "[]"], 2, "--event []: cannot be read"),
        (["cart", "--event", '{"x": 1}'], 1, "this is no event; it has only x"),
        (["cart", "--event", '{"event": ""}'], 1, "can never be understood"),
        (["tour", "--html", "page.html"], 2, "A message by `sms` is no page."),
        (["cart", "--stack", "s"], 2, "--stack shows a real user."),
    ],
)
def test_a_mistake_is_told_with_what_was_expected(
    typed: Typed, folder: Path, words: list[str], code: int, said: str
) -> None:
    """Each ends with a sentence and its exit code, never with a traceback."""
    result = typed("preview", *words, "--workspace", folder)
    assert result.exit_code == code, result.output
    assert said in result.stderr
