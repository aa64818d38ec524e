"""
Chance that depends on nothing but a seed and what is asked about.

Drawn by name and not in sequence, so that a history from which something is left out meets the same
faults in what remains: this is what makes shrinking work.
"""

from collections.abc import Sequence
from hashlib import blake2b

SPAN = 1 << 64


class Chance:
    """Chance by seed; the same question always has the same answer."""

    def __init__(self, seed: int) -> None:
        """Take the seed; any integer of 64 bits."""
        self._begun = blake2b(digest_size=8, key=seed.to_bytes(8, "big", signed=True))

    def of(self, *about: object) -> float:
        """Return a number in [0, 1)."""
        drawn = self._begun.copy()
        drawn.update("\x1f".join(map(str, about)).encode())
        return int.from_bytes(drawn.digest(), "big") / SPAN

    def happens(self, probability: float, *about: object) -> bool:
        """Return True with that probability."""
        return probability > 0 and self.of(*about) < probability

    def between(self, low: float, high: float, *about: object) -> float:
        """Return a number in [low, high)."""
        return low + (high - low) * self.of(*about)

    def choose[Value](self, values: Sequence[Value], *about: object) -> Value:
        """Return one of the values; one that is there twice is twice as likely."""
        return values[int(self.of(*about) * len(values))]
