"""
What a reader without HTML sees of an e-mail that was written as HTML only.
"""

import re
from html.parser import HTMLParser

HIDDEN = frozenset({"head", "style", "script", "title", "template"})
"""Elements whose text is no part of the message."""

BREAKS = frozenset({"br", "tr", "li", "hr"})
"""Elements that begin a line."""

BLOCKS = frozenset(
    {"p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section"}
)
"""Elements around which a line is empty."""


def text_of(html: str) -> str:
    """Return the words of an HTML document, a paragraph a paragraph, a link as `words (url)`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Collects the words; what is hidden is counted, since elements stand within each other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a link, or something hidden."""
        given = dict(attrs)
        if tag in HIDDEN:
            self._hidden += 1
        elif tag == "a":
            self._links.append((given.get("href") or "", len(self.parts)))
        elif tag == "img":
            self._say(given.get("alt") or "")
        elif tag == "li":
            self._say("\n- ")
        elif tag in BREAKS:
            self._say("\n")
        elif tag in BLOCKS:
            self._say("\n\n")
        elif tag in {"td", "th"}:
            self._say(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph, a link, or something hidden."""
        if tag in HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "a" and self._links:
            self._end_link(*self._links.pop())
        elif tag in BLOCKS:
            self._say("\n\n")

    def handle_data(self, data: str) -> None:
        """Keep words; the ends of lines in the source are only spaces."""
        self._say(re.sub(r"\s+", " ", data))

    def _end_link(self, address: str, begin: int) -> None:
        words = "".join(self.parts[begin:]).strip()
        if address.startswith(("http:", "https:", "mailto:")) and address != words:
            self._say(f" ({address})" if words else address)

    def _say(self, text: str) -> None:
        if not self._hidden:
            self.parts.append(text)
