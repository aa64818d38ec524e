"""
Whether a template's text may be given to the compiler at all: its size, and its tags' ends.

python-liquid's lexer looks for the end of a tag up to the end of the text, so that thousands of
open ones would keep it busy for minutes. Here each is looked at once.
"""

import re
from dataclasses import dataclass

from unless.content.limits import MARK_CHARACTERS_MAX, MARKS_MAX, TEMPLATE_BYTES_MAX

SPACES_MAX = 100
"""Most spaces or ends of lines in a row within a tag: the lexer goes back over them, each time."""

_MARK = re.compile(r"\{[{%]")
_SPACES = re.compile(rf"\s{{{SPACES_MAX}}}")
_VERBATIM = re.compile(r"\{%-?\s*(?:raw|doc)\s*-?%\}")
_VERBATIM_END = re.compile(r"\{%-?\s*end(?:raw|doc)\s*-?%\}")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What keeps a text from being compiled, and on which line, from 1."""

    message: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Marks:
    """How many characters the tags and outputs of a text have together."""

    characters: int


def read_marks(source: str) -> Marks | Flaw:
    """Return how much of the text is Liquid, or what is wrong with it."""
    if len(source.encode("utf-8", "surrogatepass")) > TEMPLATE_BYTES_MAX:
        return Flaw(f"it is larger than {TEMPLATE_BYTES_MAX // 1024} KB")
    place = characters = count = 0
    while mark := _MARK.search(source, place):
        count += 1
        closing = "}}" if mark[0] == "{{" else "%}"
        end = source.find(closing, mark.end(), mark.end() + MARK_CHARACTERS_MAX)
        if end < 0:
            within = f"within {MARK_CHARACTERS_MAX:,} characters"
            said = f"`{mark[0]}` is not closed by `{closing}` {within}"
            return Flaw(said, line_at(source, mark.start()))
        if count > MARKS_MAX:
            return Flaw(f"it has more than {MARKS_MAX:,} tags", line_at(source, mark.start()))
        if _SPACES.search(source, mark.end(), end):
            return Flaw(f"more than {SPACES_MAX} spaces in a tag", line_at(source, mark.start()))
        place = end + 2
        characters += place - mark.start()
    if flaw := _open_verbatim(source):
        return flaw
    return Marks(characters)


def _open_verbatim(source: str) -> Flaw | None:
    last_end = max((match.start() for match in _VERBATIM_END.finditer(source)), default=-1)
    for match in _VERBATIM.finditer(source):
        if match.start() > last_end:
            return Flaw(f"`{match[0]}` is not closed", line_at(source, match.start()))
    return None


def line_at(source: str, place: int) -> int:
    """Return the number of the line, from 1, on which a place in the text stands."""
    return source.count("\n", 0, max(place, 0)) + 1
