"""
How plots look: in the colours of the page that they stand on, and without a frame.
"""

from typing import Any

COLOURS = {
    "--s1": "#2a78d6",
    "--s2": "#eb6834",
    "--s3": "#1baf7a",
    "--s4": "#8a5cc9",
    "--s5": "#d9a10b",
    "--rest": "#a3a29b",
    "--ink": "#0b0b0c",
    "--muted": "#5f5e59",
    "--grid": "#e1e0da",
    "--paper": "#fcfcfa",
}
"""The names of the page's colours, by which the SVG has them replaced; each is used for one."""

SERIES = tuple(COLOURS[name] for name in ("--s1", "--s2", "--s3", "--s4", "--s5"))
"""The colours of series, in the order in which they are given out."""

REST = COLOURS["--rest"]
"""The colour of everything that gets none of its own."""

STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "unless",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 12,
    "text.color": COLOURS["--ink"],
    "axes.labelcolor": COLOURS["--muted"],
    "axes.edgecolor": COLOURS["--grid"],
    "axes.facecolor": "none",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "figure.facecolor": "none",
    "grid.color": COLOURS["--grid"],
    "xtick.color": COLOURS["--grid"],
    "ytick.color": COLOURS["--grid"],
    "xtick.labelcolor": COLOURS["--muted"],
    "ytick.labelcolor": COLOURS["--muted"],
    "ytick.left": False,
    "legend.frameon": False,
}
"""The settings of matplotlib under which every plot is drawn, whatever those of the machine are."""
