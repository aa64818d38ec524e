"""
Tables and ids as Markdown for a comment on GitHub, whatever characters people's data hold.
"""

import re
from collections.abc import Iterator

from unless.cli.console import printable
from unless.cli.simulating.report_tables import Table

_SPECIAL = re.compile(
    r"[&<>\\`*{}\[\]|~#$]|:(?=//)|(?<=www)\.|(?<![^\W_])_|_(?![^\W_])", re.IGNORECASE
)
"""
What Markdown could take for its own: also an underscore at the edge of a word, and what would make
an address a link. Source: GitHub Flavored Markdown Spec 0.29, sections 2.4, 6.2, 6.4 and 6.9
(2019-04-06).
"""


def plain(text: str) -> str:
    """
    Return the text as Markdown that shows it as it is, on one line.

    An invisible space behind @ keeps a user's id from calling somebody's attention.
    """
    escaped = _SPECIAL.sub(lambda sign: f"&#{ord(sign[0])};", printable(text))
    return escaped.replace("@", "@\u200b")


def code(text: str) -> str:
    """Return an id as Markdown shows one."""
    return f"<code>{plain(text)}</code>"


def table_lines(table: Table, ids: frozenset[int] = frozenset()) -> Iterator[str]:
    """Yield a table in lines; the columns of `ids` are shown as ids."""
    yield _line([plain(cell) for cell in table.heading])
    yield _line([":--" if n in table.words else "--:" for n in range(len(table.heading))])
    for row in table.rows:
        yield _line([code(cell) if n in ids else plain(cell) for n, cell in enumerate(row)])
    if table.note:
        yield ""
        yield plain(table.note)
    yield ""


def folded(title: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield lines that are shown once somebody opens them."""
    yield f"<details><summary>{plain(title)}</summary>"
    yield ""
    yield from lines
    yield "</details>"
    yield ""


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
