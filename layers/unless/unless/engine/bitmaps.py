"""
Sets of rows as bits of one integer, kept small: the parts of the event index.

A set of n rows takes n/8 bytes however few are in it. So one mask for each of 100,000 values of a
property would take 1.25 GB; values that few rows name keep a list of rows instead, and thresholds a
limited number of masks with lists between them.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain, compress, pairwise

SPARSE_SHARE = 256
"""A value that fewer than one row in so many names is kept as a list: at most 32 bytes a row."""

CUTS_MAX = 256
"""Most masks of one set of thresholds: 32 bytes a row, and at most a 256th of the rows to add."""

_WORD = 64


def everyone(size: int) -> int:
    """Return the set of all rows."""
    return (1 << size) - 1


def mask_of(rows: Iterable[int], size: int) -> int:
    """Return the set of these rows, of `size` rows in all, in time linear in both."""
    return with_rows(0, rows, size)


def with_rows(mask: int, rows: Iterable[int], size: int) -> int:
    """Return the set with these rows added."""
    bits = bytearray(mask.to_bytes(size // 8 + 1, "little"))
    for row in rows:
        bits[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(bits, "little")


def pick[T](mask: int, items: Sequence[T], bases: range) -> list[T]:
    """
    Return the items whose bits are set, in order; `bases` counts by words over all of them.

    Taking the lowest bit off the whole integer again and again would copy it for each.
    """
    words = memoryview(mask.to_bytes(len(bases) * _WORD // 8, "little")).cast("Q")
    picked = []
    for base, word in compress(zip(bases, words, strict=True), words):
        rest = word
        while rest:
            low = rest & -rest
            picked.append(items[base + low.bit_length() - 1])
            rest ^= low
    return picked


def word_bases(size: int) -> range:
    """Return the number of the first row in each word of a set of `size` rows."""
    return range(0, size, _WORD)


class Values:
    """Rows that name values, any of which will do; `free` are the others, content with all."""

    __slots__ = ("_lists", "_masks", "_size", "free")

    def __init__(self, rows_by_value: Mapping[Hashable, Sequence[int]], size: int) -> None:
        """Keep a mask for each value that many of the `size` rows name, a list for the others."""
        self._size = size
        self._masks: dict[Hashable, int] = {}
        self._lists: dict[Hashable, array[int]] = {}
        self.free = everyone(size) & ~mask_of(chain.from_iterable(rows_by_value.values()), size)
        for value, rows in rows_by_value.items():
            if len(rows) * SPARSE_SHARE >= size:
                self._masks[value] = self.free | mask_of(rows, size)
            else:
                self._lists[value] = array("I", rows)

    def possible(self, value: Hashable | None) -> int:
        """Return the rows that name this value, and the free ones."""
        rows = self._lists.get(value)
        if rows is not None:
            return with_rows(self.free, rows, self._size)
        return self._masks.get(value, self.free)


class Thresholds:
    """Rows that want a number to reach a threshold; `free` are the others, content with all."""

    __slots__ = ("_counts", "_cuts", "_masks", "_numbers", "_rows", "_size", "free")

    def __init__(self, thresholds: Iterable[tuple[float, bool, int]], size: int) -> None:
        """
        Sort the rows by threshold, and keep the sets of those up to some of the thresholds.

        Each is given as the number, whether being equal to it is enough, and the row.
        """
        # At one number those come first for which being equal is enough.
        ordered = sorted(thresholds, key=lambda each: (each[0], not each[1]))
        self._size = size
        self._rows = array("I", (row for _, _, row in ordered))
        self.free = everyone(size) & ~mask_of(self._rows, size)
        self._numbers, self._counts = _rows_reached(ordered)
        self._cuts = _cut_points(self._counts, len(ordered))
        self._masks = [self.free]
        for start, end in pairwise(self._cuts):
            self._masks.append(with_rows(self._masks[-1], self._rows[start:end], size))

    def possible(self, number: float | None) -> int:
        """Return the rows whose threshold is reached, and the free ones; None reaches none."""
        if number is None:
            return self.free
        place = bisect_left(self._numbers, number)
        is_equal = place < len(self._numbers) and self._numbers[place] == number
        count = self._counts[2 * place + is_equal]
        cut = bisect_right(self._cuts, count) - 1
        between = self._rows[self._cuts[cut] : count]
        return with_rows(self._masks[cut], between, self._size) if between else self._masks[cut]


def _rows_reached(ordered: Sequence[tuple[float, bool, int]]) -> tuple[list[float], list[int]]:
    """
    Return the different numbers, and how many rows are reached below and at each of them.

    Below the n-th number that is at place 2n, at it at 2n + 1; the last place is beyond them all.
    """
    numbers: list[float] = []
    counts: list[int] = []
    for before, (number, equal, _) in enumerate(ordered):
        if not numbers or numbers[-1] != number:
            numbers.append(number)
            counts += [before, before]
        if equal:
            counts[-1] = before + 1
    return numbers, [*counts, len(ordered)]


def _cut_points(counts: Sequence[int], size: int) -> list[int]:
    """Return at which numbers of rows a mask is kept: at all that occur, if those are few."""
    every = {0, *counts}
    if len(every) <= CUTS_MAX:
        return sorted(every)
    step = -(-size // (CUTS_MAX - 1))
    return sorted({*range(0, size, step), size})
