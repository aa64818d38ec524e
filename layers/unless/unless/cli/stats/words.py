"""
Shares of people and spans of time, as people read them in a table.
"""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median

from unless.cli.stats.rates import Difference, Rate
from unless.cli.why.times import span_words

CHANCE = "may be chance"
"""What is said of a difference that its interval does not tell from none."""


def percent(share: float) -> str:
    """Return a share as `12.5%`."""
    return f"{100 * share:.1f}%"


def rate_cells(rate: Rate) -> tuple[str, str, str]:
    """Return how many of how many, their share, and between which shares the true one lies."""
    if not rate.whole:
        return "nobody", "", ""
    low, high = rate.interval
    share = percent(rate.value)
    return f"{rate.part:,} of {rate.whole:,}", share, f"{percent(low)} to {percent(high)}"


def difference_cells(difference: Difference | None) -> tuple[str, str, str]:
    """Return the difference in points of a percentage, and whether it may be chance."""
    if difference is None:
        return "", "", ""
    low, high = (f"{100 * each:+.1f}" for each in (difference.low, difference.high))
    chance = "" if difference.is_clear else f", {CHANCE}"
    return "", f"{100 * difference.value:+.1f}", f"{low} to {high} points{chance}"


def half_within(seconds: Sequence[int]) -> str:
    """Return within which time half of it happened, empty where nothing did."""
    return span_words(timedelta(seconds=median(seconds))) if seconds else ""
