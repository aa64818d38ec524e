"""
What a reader without HTML sees of an e-mail that was written as HTML only.

Read in one pass: the standard library's parser takes minutes for thousands of tags that are open,
and every message may be read here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

HIDDEN = frozenset({"head", "style", "script", "title", "template"})
"""Elements whose text is no part of the message."""

BREAKS = frozenset({"br", "tr", "hr"})
"""Elements that begin a line."""

BLOCKS = frozenset(
    {"p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section"}
)
"""Elements around which a line is empty."""

ATTRIBUTES_CHARACTERS_MAX = 4_000
"""Most characters of a tag in which its attributes are looked for."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)|<([!?])")
_END = re.compile(r"[\"'>]")
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(href|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of an element; `inside` is what stands in it behind the name."""

    name: str
    is_end: bool
    inside: str

    def attribute(self, name: str) -> str:
        """Return the value of `href` or `alt`, empty where there is none."""
        for match in _ATTRIBUTE.finditer(self.inside[:ATTRIBUTES_CHARACTERS_MAX]):
            if match[1].lower() == name:
                return unescape(match[2] or match[3] or match[4] or "")
        return ""


def parts_of(html: str) -> Iterator[Tag | str]:
    """Yield tags and the text between them, as written; comments are left out."""
    place = 0
    while match := _TAG.search(html, place):
        yield html[place : match.start()]
        end = _end_of(html, match)
        if end < 0:  # Nothing after it can be told from it, so it is all text.
            yield html[match.start() :]
            return
        if not match[3]:
            yield Tag(match[2].lower(), bool(match[1]), html[match.end() : end - 1])
        place = end
    yield html[place:]


def _end_of(html: str, match: re.Match[str]) -> int:
    """Return the place behind a tag or comment, -1 where it has no end."""
    if html.startswith("<!--", match.start()):
        end = html.find("-->", match.end())
        return end + 3 if end >= 0 else -1
    place = match.end()
    while sign := _END.search(html, place):
        if sign[0] == ">":
            return sign.end()
        place = html.find(sign[0], sign.end()) + 1
        if not place:
            return -1
    return -1


def without_tags(html: str) -> str:
    """Return the text as written, entities included, without tags and what is hidden."""
    return "".join(_visible_only(html))


def _visible_only(html: str) -> Iterator[str]:
    hidden = 0
    for part in parts_of(html):
        if isinstance(part, Tag):
            hidden = _hidden(hidden, part)
        elif not hidden:
            yield part


def _hidden(hidden: int, tag: Tag) -> int:
    """Return in how many hidden elements the text behind a tag stands."""
    if tag.name not in HIDDEN:
        return hidden
    return max(0, hidden - 1) if tag.is_end else hidden + 1


def text_of(html: str) -> str:
    """Return the words of an HTML document, a paragraph a paragraph, a link as `words (url)`."""
    reader = _Reader()
    for part in parts_of(html):
        if isinstance(part, Tag):
            reader.tag(part)
        else:
            reader.say(re.sub(r"\s+", " ", unescape(part)))
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader:
    """Collects the words; what is hidden is counted, since elements stand within each other."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._hidden = 0
        self._link: tuple[str, int] | None = None

    def tag(self, tag: Tag) -> None:
        """Begin or end a line, a paragraph, a link, or something hidden."""
        self._hidden = _hidden(self._hidden, tag)
        if tag.name in BLOCKS:
            self.say("\n\n")
        elif tag.name == "a":
            self._end_link()
            self._link = None if tag.is_end else (tag.attribute("href"), len(self.parts))
        elif not tag.is_end:
            self._begin(tag)

    def _begin(self, tag: Tag) -> None:
        if tag.name == "img":
            self.say(tag.attribute("alt"))
        elif tag.name == "li":
            self.say("\n- ")
        elif tag.name in BREAKS:
            self.say("\n")
        elif tag.name in {"td", "th"}:
            self.say(" ")

    def say(self, text: str) -> None:
        """Keep words, unless they are hidden."""
        if text and not self._hidden:
            self.parts.append(text)

    def _end_link(self) -> None:
        if self._link is None:
            return
        address, begin = self._link
        words = "".join(self.parts[begin:]).strip()
        if address.startswith(("http:", "https:", "mailto:")) and address != words:
            self.say(f" ({address})" if words else address)
