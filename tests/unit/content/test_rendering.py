"""What a template says, and when it says nothing rather than something wrong."""

import pytest

from tests.unit.content.rendering import NOW, VALUES, broken, rendered, text
from unless.content.parts import Aborted, Broken
from unless.content.templates import Asked, Templates


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Hi {{ user.name }}!", "Hi Ann!"),
        ("{{ user.price }} {{ user.points }}", "19.9 1234567"),
        ("{{ user.price | times: 3 }}", "59.7"),
        ("{{ user['address'].city | upcase }}", "PARIS"),
        ("{% for i in trigger.items %}{{ i.sku }},{% endfor %}", "bag,mug,"),
        ("{{ trigger.items | map: 'sku' | join: ' and ' }}", "bag and mug"),
        ("{{ 'b,a,b' | split: ',' | uniq | sort | join }}", "a b"),
        ("{{ user.address | json }}", '{"city": "Paris"}'),
    ],
)
def test_values_are_printed_as_they_were_sent(template: str, said: str) -> None:
    """Attributes and properties come out as they stand, numbers without rounding."""
    assert text(template) == said


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ 'now' | date: '%Y-%m-%d %H:%M' }}", "2026-02-02 10:30"),
        ("{{ 'today' | date: '%-d %B' }}", "2 February"),
        ("{{ now | date: '%s' }}", "1770028200"),
        ("{{ now | in_zone: 'America/New_York' | date: '%H:%M' }}", "05:30"),
        ("{{ 0 | date: '%Y' }}", "1970"),
        ("{{ '2026-03-01' | date: '%A' }}", "Sunday"),
    ],
)
def test_dates_are_those_of_the_decision(template: str, said: str) -> None:
    """Whatever the clock of the machine says, `now` is the instant of the decision, in UTC."""
    assert text(template) == said


@pytest.mark.parametrize(
    "template",
    [
        "{{ user.nme }}", "{{ user.gone }}", "{{ nobody }}", "{{ user.nme | upcase }}",
        "{{ user.nme | times: 2 }}", "{{ 'a' | append: user.nme }}", "{{ user.address }}",
        "{% assign x = user.nme %}{{ x }}", "{{ user.nme | date: '%Y' }}", "{{ today }}",
        "{{ user.nme | join: ',' }}", "{{ trigger.items[7].sku }}", "{{ user.address.street }}",
        "{{ user.name | default: user.nme }}",
    ],
)  # fmt: skip
def test_a_hole_in_a_message_is_an_error(template: str) -> None:
    """What would print nothing, or nothing that people should read, is not sent."""
    assert broken(template).where == "t.liquid:1"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ user.nme | default: 'you' }}", "you"),
        ("{% if user.nme %}a{% else %}b{% endif %}", "b"),
        ("{% if user.nme == blank %}a{% endif %}{% if user.gone == nil %}b{% endif %}", "ab"),
        ("{% if user.nme != blank %}a{% endif %}{% unless user.nme %}b{% endunless %}", "b"),
        ("{% if user.a.b.c > 3 %}a{% endif %}", ""),
        ("{% if user.nme contains 'x' %}a{% endif %}", ""),
        ("{% for i in trigger.none %}a{% else %}b{% endfor %}", "b"),
        ("{{ trigger.none.size | default: 0 }}{{ trigger.none | size }}", "00"),
    ],
)
def test_what_is_missing_may_be_asked_for(template: str, said: str) -> None:
    """In a condition and a loop, and before `default`, a missing variable is only blank."""
    assert text(template) == said


def test_a_template_may_decide_not_to_be_sent() -> None:
    """`abort_message` ends the rendering, says why, and may stand in a block without words."""
    assert rendered("{% abort_message 'sold out' %}") == Aborted("sold out")
    assert rendered("{% if true %} {% abort_message %} {% endif %}") == Aborted("")
    assert rendered("{% abort_message user.name | upcase %}") == Aborted("ANN")
    assert rendered("{% render 'p' %}", p="{% abort_message 'here' %}") == Aborted("here")


@pytest.mark.parametrize(
    ("template", "where"),
    [
        ("a\nb {% nope %}", "t.liquid:2"),
        ("\n\n{% if %}", "t.liquid:3"),
        ("\n{{ 'x' | nope }}", "t.liquid:2"),
        ("{% if user.name %}\nx", "t.liquid:1"),
        ("\n\n{{ user.nme }}", "t.liquid:3"),
        ("x\n{% render 'p' %}", "p.liquid:3"),
        ("x\n{% render 'q' %}", "t.liquid:2"),
        ("x\n{{ open", "t.liquid:2"),
    ],
)
def test_an_error_names_the_template_and_the_line(template: str, where: str) -> None:
    """Of what is wrong inside a partial, it is the partial that is named."""
    assert broken(template, p="\n\n{{ user.nme }}").where == where


def test_templates_render_each_other() -> None:
    """A partial is found with or without its suffix, and gets what it is handed."""
    files = {"head": "<{{ title }}>", "foot": "{{ user.name }}"}
    assert text("{% render 'head', title: 'T' %}{% include 'foot.liquid' %}", **files) == "<T>Ann"


def test_each_gets_their_language() -> None:
    """The region first, then the language, then the words for everybody; whatever the case."""
    files = {"a.liquid": "en", "a.fr.liquid": "fr", "a.fr-CA.liquid": "ca", "a.old.x.liquid": "x"}
    templates = Templates(files)

    def said(language: object) -> object:
        return templates.file("a.liquid", Asked(VALUES, NOW, language), html=False)

    asked = ["fr-CA", "FR-ca", "fr_CA", "fr-BE", "fr", "de", "", None, 7, "../fr"]
    assert [said(each) for each in asked] == [
        "ca", "ca", "ca", "fr", "fr", "en", "en", "en", "en", "en",
    ]  # fmt: skip


def test_a_partial_has_languages_too() -> None:
    """What a template renders is chosen by the same language."""
    files = {"p": "Bye", "p.fr": "Au revoir"}
    assert text("{% render 'p' %}", language="fr-BE", **files) == "Au revoir"
    assert text("{% render 'p' %}", language="de", **files) == "Bye"


def test_a_template_that_is_not_there_is_an_error() -> None:
    """It is a broken message, with the name that was asked for."""
    made = Templates({}).file("no.liquid", Asked({}, NOW, None), html=True)
    assert made == Broken("there is no such template", "no.liquid")


def test_a_template_of_64_kb_is_read_and_a_larger_one_is_not() -> None:
    """The limit counts bytes, and is the last size that is taken."""
    assert text("é" * 32_768) == "é" * 32_768
    assert "64 KB" in broken("é" * 32_768 + "x").why


def test_a_part_of_200_000_bytes_is_made_and_a_larger_one_is_not() -> None:
    """However short the template, nobody is sent a message without end."""
    values = {"words": "x" * 50_000}
    assert text("{{ words }}" * 4, values) == "x" * 200_000
    assert "output" in broken("{{ words }}" * 4 + "x", values).why


def test_the_same_words_are_escaped_in_html_only() -> None:
    """Whichever of the two a deployment renders first."""
    values = {"name": "<b>&"}
    templates = Templates({"t.liquid": "{{ name }}"})
    asked = Asked(values, NOW, None)
    for _ in range(2):
        assert templates.file("t.liquid", asked, html=False) == "<b>&"
        assert templates.file("t.liquid", asked, html=True) == "&lt;b&gt;&amp;"
