"""The text of an e-mail that has only HTML."""

import pytest

from tests.unit.content.rendering import text
from unless.content.html_text import text_of


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<h1>Hi</h1><p>Your  cart\nwaits</p><p>Bye</p>", "Hi\n\nYour cart waits\n\nBye"),
        ("<p>See <a href='https://a.example/?x=1&amp;y=2'>it</a>.</p>",
         "See it (https://a.example/?x=1&y=2)."),
        ("<a href=https://a.example><img src=x alt='Shop'></a>", "Shop (https://a.example)"),
        ("<a href='https://a.example'></a>", "https://a.example"),
        ("<a href='https://a.example'>https://a.example</a>", "https://a.example"),
        ("<a href='javascript:x()'>go</a> <a name=x>on</a>", "go on"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<head><title>T</title><style>p {}</style></head>x<script>y</script>", "x"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("&lt;b&gt; &eacute; &#8364; &amp;amp;", "<b> é € &amp;"),
        ("<!-- <p>no</p> -->yes<!doctype html>", "yes"),
        ("<p title=\"a > b\">x</p>", "x"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("end <a href='x", "end <a href='x"),
    ],
)  # fmt: skip
def test_a_page_in_words(html: str, words: str) -> None:
    """Paragraphs stay apart, links keep their address, and nothing hidden is read out."""
    assert text_of(html) == words


@pytest.mark.parametrize(
    "part", ["<", "<!--", "<a ", "<a b='", "</", "<?", "<![CDATA[", "&a", "<a>"]
)
def test_no_page_takes_long(part: str) -> None:
    """Thousands of open tags are read once; what they look like in the end does not matter."""
    page = part * (64_000 // len(part))
    assert len(text_of(page)) <= len(page)


def test_a_template_may_take_tags_away() -> None:
    """What is left of a captured piece of the page is as safe as it was."""
    template = "{% capture x %}<b>{{ user.name }}</b><script>1</script>{% endcapture %}"
    values = {"user": {"name": "<Ann>"}}
    assert text(template + "{{ x | strip_html }}", values, html=True) == "&lt;Ann&gt;"
    assert text("{{ user.name | strip_html | append: '!' }}", values, html=True) == "!"
