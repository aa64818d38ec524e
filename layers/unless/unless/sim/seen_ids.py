"""
The ids of a replay's events, remembered for 16 days of the virtual clock, in few bytes each.
"""

from array import array
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from unless.engine.fold import ID_MEMORY

SLOTS_MIN = 64
"""Slots of a table that is still empty; always a power of two."""

FILLED_MAX = 0.6
"""The part of the slots that is filled at most, so that a look-up tries about two of them."""

_BEGIN = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MEMORY = ID_MEMORY // _MICROSECOND

KEPT_MAX = 0.45
"""The part of the slots that may stay filled when what is too old is forgotten; else it grows."""


class SeenIds:
    """
    When each id of a user was seen last, as far as that matters (SPEC V1).

    16 bytes a slot, so 27 to 71 an id, and nothing of the ids themselves: they are told apart by
    64 bits of BLAKE2b. Among ten million ids within 16 days, that any two of them are taken for one
    has a chance of 3 in a million (n²/2⁶⁵). A table that is full forgets what is too old before it
    grows, so its size follows the events of 16 days.
    """

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._keys = array("Q", bytes(8 * SLOTS_MIN))  # 0: the slot is free
        self._times = array("q", bytes(8 * SLOTS_MIN))
        self._filled = 0

    def __len__(self) -> int:
        """Return how many ids are in the table, also such as only wait to be forgotten."""
        return self._filled

    def take(self, user: str, name: str, now: datetime) -> bool:
        """
        Return whether the user's id was not seen in the last 16 days; if so, it is seen now.

        One that was seen keeps its time.
        """
        key, time = _key(user, name), _microseconds(now)
        slot = self._slot(key)
        if self._keys[slot] == key and time - self._times[slot] < _MEMORY:
            return False
        self._put(slot, key, time)
        return True

    def add(self, user: str, name: str, now: datetime) -> None:
        """Remember that the user's id was seen now, also when it was seen before."""
        key = _key(user, name)
        self._put(self._slot(key), key, _microseconds(now))

    def _put(self, slot: int, key: int, time: int) -> None:
        if self._keys[slot] != key:
            if self._filled >= FILLED_MAX * len(self._keys):
                self._make_room(time)
                slot = self._slot(key)
            self._keys[slot] = key
            self._filled += 1
        self._times[slot] = time

    def _slot(self, key: int) -> int:
        """Return the slot of the key, or the free one that it gets."""
        keys = self._keys
        last = len(keys) - 1
        slot = key & last
        while (there := keys[slot]) != key and there:
            slot = (slot + 1) & last
        return slot

    def _make_room(self, now: int) -> None:
        """Forget what is too old; where too much is left for the slots, double them."""
        keys, times = self._keys, self._times
        kept = sum(1 for key, at in zip(keys, times, strict=True) if key and now - at < _MEMORY)
        slots = len(keys) * (2 if kept > KEPT_MAX * len(keys) else 1)
        self._keys, self._times = array("Q", bytes(8 * slots)), array("q", bytes(8 * slots))
        self._filled = kept
        for key, at in zip(keys, times, strict=True):
            if key and now - at < _MEMORY:
                slot = self._slot(key)
                self._keys[slot], self._times[slot] = key, at


def _key(user: str, name: str) -> int:
    """Return 64 bits that stand for the user's id, never 0."""
    text = f"{len(user)}:{user}{name}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest()) or 1


def _microseconds(at: datetime) -> int:
    return (at - _BEGIN) // _MICROSECOND
