"""No template reaches what is not its own, runs on, or lets a user's words be HTML."""

import re

import pytest

from tests.unit.content.attacks import BOMBS, FILES, HOSTILE, PARTS, PAYLOADS, PLACES, REACHING
from tests.unit.content.rendering import broken, rendered, text
from unless.content.html_text import text_of
from unless.content.limits import OUTPUT_BYTES_MAX
from unless.content.parts import Broken


@pytest.mark.parametrize("template", REACHING)
@pytest.mark.parametrize("html", [False, True])
def test_nothing_of_python_is_in_reach(template: str, html: bool) -> None:
    """Attributes, methods, modules and the engine's own objects are unknown names."""
    made = broken(template, HOSTILE, html=html)
    assert not re.search(r"<class|<function|object at 0x|Traceback", made.why), made


@pytest.mark.parametrize("template", FILES)
def test_no_file_is_read_that_is_no_template(template: str) -> None:
    """A name is looked up among the templates, never on a disk or anywhere else."""
    assert "there is no template" in broken(template, HOSTILE, part="x").why


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("html", [False, True])
def test_a_bomb_is_stopped_by_a_limit(name: str, html: bool) -> None:
    """Each ends as an error before its end; how soon is measured in tests/bench."""
    made = rendered(BOMBS[name], HOSTILE, html=html, **PARTS)
    assert isinstance(made, Broken), str(made)[:200]
    assert len(made.why) <= 300


def test_there_is_room_for_a_large_mail() -> None:
    """Limits stop bombs, not shops: a cart of hundreds, in a page of many kilobytes."""
    row = "<tr><td>{{ i.k }}</td><td>{{ i.s | upcase }}</td>{% if i.k > 3 %}<b>{% endif %}</tr>"
    loop = "{% for i in user.many limit: 500 %}" + row + "{% endfor %}"
    page = text("<style>" + "p {}\n" * 5000 + "</style>" + loop * 2, HOSTILE, html=True)
    assert page.count("<tr>") == 1000
    assert len(page) < OUTPUT_BYTES_MAX


@pytest.mark.parametrize("place", PLACES)
def test_a_name_is_never_html(place: str) -> None:
    """However a template prints it, what a user wrote opens no tag and ends no attribute."""
    for payload in PAYLOADS:
        values = {"user": {"name": payload, "names": [payload, payload]}}
        made = rendered(place, values, html=True, part="{{ n }}")
        assert isinstance(made, str), (payload, made)
        inside = made.removeprefix("[").removesuffix("]").replace("<br />", "")
        assert not re.search(r"[<>\"']", inside), (payload, inside)


def test_what_looks_like_liquid_in_a_name_is_not_run() -> None:
    """A value is printed once, and never read as a template."""
    values = {"user": {"name": "{{ user.secret }}{% abort_message %}", "secret": "s"}}
    assert text("{{ user.name }}", values) == "{{ user.secret }}{% abort_message %}"


def test_the_text_of_a_page_has_its_words_again() -> None:
    """Escaped for the page, a name stands in the text as its owner wrote it."""
    page = text("<p>{{ user.name }}</p>", {"user": {"name": "<Ann> & Bob"}}, html=True)
    assert (page, text_of(page)) == ("<p>&lt;Ann&gt; &amp; Bob</p>", "<Ann> & Bob")
