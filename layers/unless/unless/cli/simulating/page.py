"""
A report as one HTML page that needs nothing else: no network, no script, no file beside it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from unless.cli.console import printable
from unless.cli.simulating.page_style import STYLE
from unless.cli.simulating.plots import Plot
from unless.cli.simulating.report_tables import Table

_NOTHING_FROM_ELSEWHERE = "default-src 'none'; style-src 'unsafe-inline'"
"""Forbids the page to fetch or run anything. Source: CSP Level 3, section 6.1 (2024-12-18)."""

PROSE_FROM = 2
"""A table with more columns of words than these is one to read."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its title, what it says, a plot, and tables; `folded` hides those."""

    title: str
    says: str = ""
    plot: Plot | None = None
    tables: Sequence[Table] = ()
    folded: bool = False


def page(title: str, lead: str, figures: Mapping[str, str], sections: Iterable[Section]) -> str:
    """Return the page; `figures` are the few numbers on top, by what they count."""
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_NOTHING_FROM_ELSEWHERE}">',
        f"<title>{_text(title)}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body><main>",
        f"<h1>{_text(title)}</h1>",
        f'<p class="lead">{_text(lead)}</p>',
        '<dl class="figures">',
        *(f"<div><dt>{_text(of)}</dt><dd>{_text(n)}</dd></div>" for of, n in figures.items()),
        "</dl>",
    ]
    for section in sections:
        parts.extend(_section(section))
    return "\n".join([*parts, "</main></body>", "</html>", ""])


def _section(section: Section) -> Iterator[str]:
    yield f"<section><h2>{_text(section.title)}</h2>"
    if section.says:
        yield f'<p class="note">{_text(section.says)}</p>'
    if section.plot:
        yield from _plot(section.plot)
    if section.tables and section.folded:
        yield "<details><summary>As a table</summary>"
    for table in section.tables:
        yield from _table(table)
    if section.tables and section.folded:
        yield "</details>"
    yield "</section>"


def _plot(plot: Plot) -> Iterator[str]:
    yield f'<figure role="img" aria-label="{_text(plot.says)}">'
    for width, svg in plot.drawn.items():
        yield f'<div class="{width}">{svg}</div>'
    yield "</figure>"


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        return
    # What scrolls must be reachable with the keyboard.
    yield f'<div class="scroll" tabindex="0" role="group" aria-label="{_text(_name(table))}">'
    # Where a phone shows a row as a block, browsers forget that it is a row of a table.
    yield '<table class="prose" role="table">' if _is_prose(table) else "<table>"
    if table.title:
        yield f"<caption>{_text(table.title)}</caption>"
    yield '<thead role="rowgroup"><tr role="row">'
    for place, name in enumerate(table.heading):
        yield f'<th scope="col" role="columnheader"{_class(table, place)}>{_text(name)}</th>'
    yield '</tr></thead><tbody role="rowgroup">'
    for row in table.rows:
        yield f'<tr role="row">{"".join(_cells(table, row))}</tr>'
    yield "</tbody></table></div>"
    if table.note:
        yield f'<p class="note">{_text(table.note)}</p>'


def _cells(table: Table, row: Sequence[str]) -> Iterator[str]:
    for place, (name, cell) in enumerate(zip(table.heading, row, strict=True)):
        tag, role = ("td", "cell") if place else ("th", "rowheader")
        scope = "" if place else ' scope="row"'
        told = f'role="{role}" data-of="{_text(name)}"{_class(table, place)}'
        yield f"<{tag}{scope} {told}>{_text(cell)}</{tag}>"


def _is_prose(table: Table) -> bool:
    """Whether there is more to read in it than numbers, so that a phone shows it row by row."""
    return len(table.words) > PROSE_FROM


def _name(table: Table) -> str:
    return table.title or f"Table: {', '.join(filter(None, table.heading))}"


def _class(table: Table, place: int) -> str:
    return "" if place in table.words else ' class="number"'


def _text(text: str) -> str:
    """Return the text as HTML that shows it, whatever is in it."""
    return escape(printable(text))
