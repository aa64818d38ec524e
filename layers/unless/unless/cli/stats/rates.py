"""
Rates of small groups, with the interval in which the true rate lies, and how two of them differ.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
"""How sure an interval is, as nearly everybody reports it."""

Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
"""Standard errors to each side of an interval of that confidence: 1.96."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many people."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share, 0 of nobody."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """
        Between which shares the true one lies: Wilson's score interval, good for small groups, too.

        Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
        inference", JASA 22 (1927), 209-212.
        """
        if not self.whole:
            return 0.0, 1.0
        n, share = self.whole, self.value
        middle = share + Z * Z / (2 * n)
        half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
        stretch = 1 + Z * Z / n
        return max(0.0, (middle - half) / stretch), min(1.0, (middle + half) / stretch)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger one share is than another, and between which values that may lie."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether chance alone is an unlikely cause: the interval leaves out no difference."""
        return self.low > 0 or self.high < 0


def difference(one: Rate, other: Rate) -> Difference | None:
    """
    Return how the shares of two groups differ, None when nobody is in one of them.

    Source: R. G. Newcombe, "Interval estimation for the difference between independent
    proportions", Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    if not one.whole or not other.whole:
        return None
    value = one.value - other.value
    (low, high), (other_low, other_high) = one.interval, other.interval
    below = sqrt((one.value - low) ** 2 + (other_high - other.value) ** 2)
    above = sqrt((high - one.value) ** 2 + (other.value - other_low) ** 2)
    return Difference(value, value - below, value + above)
