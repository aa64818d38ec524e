"""
One filter of an audience, compiled, and the user against whom it is judged.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from unless.engine.model import UserState
from unless.engine.records import Mismatch


class Subject:
    """A user at an instant: what an audience is judged against."""

    def __init__(self, state: UserState, now: datetime) -> None:
        """Take the state as it is to be seen: new attributes, history without the event (V3)."""
        self.state = state
        self.now = now

    @cached_property
    def attributes(self) -> Mapping[str, Any]:
        """The present attributes, put together once however many filters ask."""
        return self.state.attribute_values()


@dataclass(frozen=True, slots=True)
class Node:
    """
    One filter of the tree, compiled.

    `path` names what it looks at and `wanted` what it asks, for the record of a `not` around it.
    `parts` are the filters that must all hold where it is an `all`.
    """

    path: str
    wanted: Any
    mismatch: Callable[[Subject], Mismatch | None]
    actual: Callable[[Subject], Any]
    parts: "tuple[Node, ...]" = ()

    def mismatches(self, subject: Subject) -> Iterator[Mismatch]:
        """Yield why each filter does not hold that must, of an `all` in turn."""
        if self.parts:
            for part in self.parts:
                yield from part.mismatches(subject)
        elif (failed := self.mismatch(subject)) is not None:
            yield failed
