"""
The index of due times in memory: it follows the store with a delay.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from unless.app.ports import Loaded, Waiting
from unless.engine.model import DueItem, DueStatus

type Lag = Callable[[str], timedelta]
"""How much later than the store the index shows a change of the item of that id."""


def at_once(_item: str) -> timedelta:
    """No lag."""
    return timedelta(0)


class MemoryDueIndex:
    """`unless.app.ports.DueIndex` beside a `MemoryStore`."""

    def __init__(self, clock: Callable[[], datetime], lag: Lag = at_once) -> None:
        """Begin empty; `clock` returns the time now, UTC."""
        self._clock = clock
        self._lag = lag
        self._shown: dict[tuple[str, str], DueItem] = {}
        self._coming: dict[tuple[str, str], list[tuple[datetime, DueItem | None]]] = {}

    def follow(self, before: Loaded, after: Loaded) -> None:
        """Take note of a change of a user, to show it a little later."""
        was, will = before.state.pending, after.state.pending
        for name in was.keys() | will.keys():
            item = will.get(name)
            if was.get(name) is not item:
                changes = self._coming.setdefault((after.state.user, name), [])
                at = self._clock() + self._lag(name)
                # Changes of one item are never seen in another order.
                changes.append((max(at, changes[-1][0]) if changes else at, item))

    def overdue(self, before: datetime) -> Iterator[Waiting]:
        """Yield the items that were due before that instant and are not parked, oldest first."""
        items = [i for i in self._items() if i.status is not DueStatus.PARKED and i.due < before]
        return iter(sorted(map(_waiting, items)))

    def parked(self, definition: str) -> Iterator[Waiting]:
        """Yield the items of the definition that a pause has parked, oldest first."""
        items = (i for i in self._items() if i.status is DueStatus.PARKED)
        return iter(sorted(_waiting(i) for i in items if i.definition == definition))

    def count(self) -> Counter[str]:
        """Return how many items are pending, by definition."""
        return Counter(item.definition for item in self._items())

    def _items(self) -> list[DueItem]:
        now = self._clock()
        for key, changes in list(self._coming.items()):
            while changes and changes[0][0] <= now:
                item = changes.pop(0)[1]
                if item is None:
                    self._shown.pop(key, None)
                else:
                    self._shown[key] = item
            if not changes:
                del self._coming[key]
        return list(self._shown.values())


def _waiting(item: DueItem) -> Waiting:
    return Waiting(item.due, item.user, item.id, item.definition)
