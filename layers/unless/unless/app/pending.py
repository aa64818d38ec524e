"""
What is waiting: of one user as it is now, of all by the index of due times.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Protocol

from unless.app.ports import DefinitionsSource, SnapshotStore, Store, Waiting
from unless.definitions.models import Status
from unless.definitions.snapshot import Snapshot
from unless.engine.definitions import Definitions
from unless.engine.filters import Filter
from unless.engine.model import DueItem, UserState

PAGE_ITEMS = 100
"""Items read in one call, and held, while all are gone through; the most that the table gives."""


class ListableIndex(Protocol):
    """All due items by due time, for people who look at them."""

    def between(
        self,
        first: datetime | None,
        last: datetime | None,
        *,
        definition: str | None = None,
        parked: Iterable[str] = (),
    ) -> Iterator[Waiting]:
        """
        Yield what is due from `first` to `last`, both included, oldest first; also what a pause
        parked of the definitions in `parked`.
        """

    def items(self, entries: Sequence[Waiting]) -> list[DueItem]:
        """Return these items as they are now, by due time; those that have ended are left out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    Which due items are meant; what is None, or empty, is not asked for.

    `due_from` and `due_to` are included. `where` are filters of the trigger's properties.
    """

    user: str | None = None
    definition: str | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    where: tuple[Filter, ...] = ()


class Pending:
    """Looks at what is waiting; changes nothing."""

    def __init__(
        self,
        *,
        store: Store,
        index: ListableIndex,
        definitions: DefinitionsSource,
        snapshots: SnapshotStore,
        clock: Callable[[], datetime],
    ) -> None:
        """Work on these ports; `clock` returns the time now, aware, UTC."""
        self._store = store
        self._index = index
        self._definitions = definitions
        self._snapshots = snapshots
        self._clock = clock

    def is_known(self, user: str) -> bool:
        """Whether anything was ever heard of the user."""
        return self._store.load(user).rev > 0

    def published(self) -> Snapshot:
        """Return what is published."""
        return self._snapshots.read()[0]

    def find(self, wanted: Wanted) -> Iterator[DueItem]:
        """
        Yield the items that are meant, by due time, each as it is when it is read.

        Of one user they are complete. Of all, the index may be a moment behind.
        """
        if wanted.user is not None:
            pending = self._store.load(wanted.user).state.pending.values()
            yield from self._fitting(sorted(pending, key=lambda item: (item.due, item.id)), wanted)
            return
        for page in batched(self._entries(wanted), PAGE_ITEMS, strict=False):
            yield from self._fitting(self._index.items(page), wanted)

    def keys(self, wanted: Wanted) -> Iterator[Waiting]:
        """
        Yield what tells the items that are meant from each other, by due time.

        It is many times faster than to `find` them, where no filter needs what is in them.
        """
        if wanted.user is None and not wanted.where:
            return self._entries(wanted)
        return (Waiting(i.due, i.user, i.id, i.definition) for i in self.find(wanted))

    def covering(self, items: Sequence[DueItem]) -> Definitions:
        """Return the definitions, with the versions of journeys in which these items are."""
        together = UserState("", pending={item.id: item for item in items})
        return self._definitions.covering(self._definitions.fresh(self._clock()), together)

    def _entries(self, wanted: Wanted) -> Iterator[Waiting]:
        name = wanted.definition
        parked = [name] if name is not None else _may_have_parked(self.published())
        return self._index.between(wanted.due_from, wanted.due_to, definition=name, parked=parked)

    def _fitting(self, items: Iterable[DueItem], wanted: Wanted) -> Iterator[DueItem]:
        """Yield the items that are meant: one may have moved since the index was read."""
        now = self._clock()
        for item in items:
            if wanted.definition not in (None, item.definition):
                continue
            if wanted.due_from is not None and item.due < wanted.due_from:
                continue
            if wanted.due_to is not None and item.due > wanted.due_to:
                continue
            properties = self._store.properties(item) if wanted.where else {}
            if all(each.mismatch(properties, now) is None for each in wanted.where):
                yield item


def _may_have_parked(snapshot: Snapshot) -> list[str]:
    """
    Return the definitions of which something may be parked: those that are paused, and those whose
    pause is over, for what it has parked is woken a moment later.
    """
    return [
        name
        for name, published in snapshot.definitions.items()
        if published.status is not Status.LIVE or published.resumed_at is not None
    ]
