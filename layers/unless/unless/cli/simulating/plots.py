"""
Plots as SVG that goes into a page as it is: its colours are those of the page, light or dark.

Each is drawn twice, for a wide window and for a phone, so that its letters are never scaled down.
"""

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from zlib import crc32

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from unless.cli.journeys.filter_words import shortened
from unless.cli.simulating.plot_style import COLOURS, REST, SERIES, STYLE

POINTS_AN_INCH = 72
"""Points, which the page shows as pixels. Source: SVG 2, section 8.9 "Units" (2018-10-04)."""

KEY_POINTS, LETTER_POINTS, LINE_POINTS = 45, 7, 22
"""Points that a key of the legend takes beside its name, a letter of the name, and a line."""

REST_NAME = "everything else"

NAME_MAX = 30
"""Most letters of a name in a plot; the table beside it has all of them."""


@dataclass(frozen=True, slots=True)
class Width:
    """
    How wide a plot is, and how high a row of it, in points; `bar` is the part of a row that its bar
    takes, and `name` that of the page's style for this width.
    """

    name: str
    points: int
    row: int
    bar: float

    @property
    def is_narrow(self) -> bool:
        """Whether it is that of a phone."""
        return self.name == "narrow"


WIDTHS = (Width("wide", 760, 34, 0.62), Width("narrow", 340, 48, 0.42))

type Draw = Callable[[Axes, Width], None]
"""Draws into axes that are that wide."""

type Series = Mapping[str, Sequence[float]]
"""Values by the name of what they belong to; more than there are colours for are put together."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot: what it shows, in a sentence for those who do not see it, and its SVG by width."""

    says: str
    drawn: Mapping[str, str]


def stacked_hours(says: str, series: Series) -> Plot:
    """Return 24 bars, one for each hour, with a part for each of the series."""

    def draw(axes: Axes, width: Width) -> None:
        base = [0.0] * 24
        for (name, counts), colour in _coloured(series):
            axes.bar(range(24), counts, 0.82, base, label=name, color=colour)
            base = [a + b for a, b in zip(base, counts, strict=True)]
        hours = range(0, 24, 6 if width.is_narrow else 3)
        axes.set_xticks(hours, [f"{hour:02}:00" for hour in hours])
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.grid(axis="y")
        axes.set_ylabel("messages")

    return _plot(says, draw, height=240)


def shares(says: str, rows: Sequence[str], series: Series) -> Plot:
    """Return a bar of full length for each row, divided among the series."""
    totals = [sum(values) or 1 for values in zip(*series.values(), strict=True)]

    def draw(axes: Axes, width: Width) -> None:
        left = [0.0] * len(rows)
        for (name, counts), colour in _coloured(series):
            parts = [100 * part / total for part, total in zip(counts, totals, strict=True)]
            axes.barh(
                range(len(rows)), parts, width.bar, left, label=name, color=colour,
                edgecolor=COLOURS["--paper"], linewidth=1.5,
            )  # fmt: skip
            left = [a + b for a, b in zip(left, parts, strict=True)]
        _rows(axes, rows, width)
        axes.set_xlim(0, 100)
        axes.xaxis.set_major_formatter(PercentFormatter(decimals=0))

    return _plot(says, draw, height=40, rows=len(rows))


def lines(says: str, places: Sequence[str], series: Series) -> Plot:
    """Return a line of percentages for each of the first series, over places of equal distance."""

    def draw(axes: Axes, _: Width) -> None:
        for (name, values), colour in zip(series.items(), SERIES, strict=False):
            label = shortened(name, NAME_MAX)
            axes.plot(range(len(places)), values, "o-", label=label, color=colour, linewidth=2)
        axes.set_xticks(range(len(places)), places)
        axes.set_xlabel("had they been due that much later")
        axes.set_ylim(bottom=0)
        axes.margins(x=0.08)
        axes.yaxis.set_major_formatter(PercentFormatter(decimals=0))
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.grid(axis="y")

    return _plot(says, draw, height=230)


def both_ways(says: str, rows: Sequence[str], less: Sequence[int], more: Sequence[int]) -> Plot:
    """Return for each row a bar to the left and one to the right, with their numbers."""

    def draw(axes: Axes, width: Width) -> None:
        most = max(*less, *more, 1)
        for values, sign, name, colour in (
            (less, -1, "removed", SERIES[1]),
            (more, 1, "added", SERIES[0]),
        ):
            bars = [sign * value for value in values]
            drawn = axes.barh(range(len(rows)), bars, width.bar, label=name, color=colour)
            axes.bar_label(drawn, [f"{n:,}" if n else "" for n in values], padding=4)
        _rows(axes, rows, width)
        axes.axvline(0, color=COLOURS["--muted"], linewidth=1)
        axes.set_xlim(-1.25 * most, 1.25 * most)
        axes.set_xticks([])

    return _plot(says, draw, height=20, rows=len(rows))


def _coloured(series: Series) -> list[tuple[tuple[str, Sequence[float]], str]]:
    """
    Return the series with their colours: the largest have one each, the others are one together.
    """
    largest = sorted(series, key=lambda name: -sum(series[name]))
    own = {name for name in largest if name != REST_NAME}
    own &= set([name for name in largest if name in own][: len(SERIES)])
    kept = [(shortened(name, NAME_MAX), values) for name, values in series.items() if name in own]
    coloured = list(zip(kept, SERIES, strict=False))
    if rest := {name: values for name, values in series.items() if name not in own}:
        together = [sum(values) for values in zip(*rest.values(), strict=True)]
        name = shortened(next(iter(rest)), NAME_MAX) if len(rest) == 1 else REST_NAME
        coloured.append(((name, together), REST))
    return coloured


def _rows(axes: Axes, rows: Sequence[str], width: Width) -> None:
    """Name the rows, the first one on top: beside the bars, on a phone above them."""
    axes.invert_yaxis()
    if not width.is_narrow:
        axes.set_yticks(range(len(rows)), [shortened(row, NAME_MAX) for row in rows])
        return
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.5, -0.75)
    for place, row in enumerate(rows):
        name, at = shortened(row, NAME_MAX), (0, place - 0.25)
        axes.annotate(
            name, at, xycoords=("axes fraction", "data"), va="bottom", color=COLOURS["--muted"]
        )


def _plot(says: str, draw: Draw, *, height: int, rows: int = 0) -> Plot:
    """Return the plot in each width, as high as `height` points and its rows."""
    name = f"p{crc32(says.encode()):x}"
    drawn = {width: _svg(draw, width, height + rows * width.row) for width in WIDTHS}
    return Plot(says, {w.name: _for_page(svg, f"{name}-{w.name}") for w, svg in drawn.items()})


def _svg(draw: Draw, width: Width, height: int) -> str:
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        # A letter that the measuring font lacks is drawn by a font of the reader's.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(layout="constrained")
        axes = figure.subplots()
        draw(axes, width)
        _, names = axes.get_legend_handles_labels()
        columns = width.points // (KEY_POINTS + LETTER_POINTS * max(map(len, names)))
        legend = LINE_POINTS * -(-len(names) // max(columns, 1))
        inches = (width.points / POINTS_AN_INCH, (height + legend) / POINTS_AN_INCH)
        figure.set_size_inches(inches)
        figure.legend(
            loc="outside upper left", ncols=max(columns, 1), handlelength=1, handleheight=1
        )
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def _for_page(svg: str, prefix: str) -> str:
    """Return the SVG as an element of a page, with the page's colours and with ids of its own."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    for name, colour in COLOURS.items():
        svg = svg.replace(colour, f"var({name})")
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
