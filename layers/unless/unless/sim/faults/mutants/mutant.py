"""
One mistake of design, and how it is put into the application for a while.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from unless.sim.faults.history import History

type Patch = tuple[Any, str, Any]
"""What is replaced, its name, and by what."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """
    One mistake: `patches` makes it, `changes` makes histories fit for it.

    `swept` says with which sweeper it can be caught: on, off, or None for either.
    """

    name: str
    mistake: str
    patches: Callable[[], Sequence[Patch]]
    swept: bool | None = None
    changes: Callable[[History], History] = lambda history: history


@contextmanager
def made(mutant: Mutant) -> Iterator[None]:
    """Let the application make this mistake while this lasts."""
    before: list[Patch] = []
    try:
        for where, name, new in mutant.patches():
            before.append((where, name, getattr(where, name)))
            setattr(where, name, new)
        yield
    finally:
        for where, name, old in reversed(before):
            setattr(where, name, old)
