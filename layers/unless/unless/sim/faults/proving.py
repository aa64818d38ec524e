"""
Many histories one after the other, on several processes, and what they add up to.
"""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

from unless.sim.faults.drawing import draw_history
from unless.sim.faults.mutants import MUTANTS, Mutant, made
from unless.sim.faults.promises import Breach
from unless.sim.faults.rare import RARE
from unless.sim.faults.running import run

CHUNK = 200
"""Histories that a process runs before it tells of them."""

SEEN_MIN = 100
"""How often each rare state must be seen in SEEN_IN histories."""

SEEN_IN = 20_000


@dataclass(frozen=True, slots=True)
class Failed:
    """A history in which a promise was broken; it is had again by its seed."""

    seed: int
    sweeper: bool
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What many histories add up to; `calls` counts calls of ports, `faults` those hit, by kind."""

    histories: int = 0
    calls: int = 0
    faults: Mapping[str, int] = field(default_factory=Counter)
    rare: Mapping[str, int] = field(default_factory=Counter)
    failed: tuple[Failed, ...] = ()

    def __add__(self, other: "Proof") -> "Proof":
        """Return both together."""
        return Proof(
            self.histories + other.histories,
            self.calls + other.calls,
            Counter(self.faults) + Counter(other.faults),
            Counter(self.rare) + Counter(other.rare),
            (*self.failed, *other.failed),
        )

    @property
    def unseen(self) -> tuple[str, ...]:
        """The rare states that were seen too seldom for so many histories."""
        wanted = SEEN_MIN * min(1.0, self.histories / SEEN_IN)
        return tuple(name for name in RARE if self.rare.get(name, 0) < wanted)

    @property
    def holds(self) -> bool:
        """Whether no promise was broken."""
        return not self.failed


def prove(
    histories: int,
    seed: int = 0,
    jobs: int = 1,
    progress: Callable[[Proof], None] = lambda _: None,
) -> Proof:
    """
    Return what so many histories add up to, from that seed on; `progress` is told now and then.
    """
    starts = range(seed, seed + histories, CHUNK)
    chunks = [(start, min(CHUNK, seed + histories - start)) for start in starts]
    total = Proof()
    for part in map(_chunk, chunks) if jobs == 1 else _in_processes(chunks, jobs):
        total += part
        progress(total)
    return total


def _in_processes(chunks: list[tuple[int, int]], jobs: int) -> Iterator[Proof]:
    # Spawned, because a history runs in threads, and threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=jobs, mp_context=context) as pool:
        for done in as_completed([pool.submit(_chunk, chunk) for chunk in chunks]):
            yield done.result()


def _chunk(chunk: tuple[int, int]) -> Proof:
    first, number = chunk
    calls, faults, rare = 0, Counter[str](), Counter[str]()
    failed: list[Failed] = []
    for seed in range(first, first + number):
        outcome = run(draw_history(seed))
        calls += outcome.calls
        faults.update(outcome.faults)
        rare.update(outcome.rare)
        if not outcome.holds:
            failed.append(Failed(seed, outcome.history.sweeper, outcome.breaches))
    return Proof(number, calls, faults, rare, tuple(failed))


@dataclass(frozen=True, slots=True)
class Caught:
    """In which history a mistake was found out, counted from 1, and by which promises."""

    mutant: Mutant
    sweeper: bool
    history: int
    seed: int
    breaches: tuple[Breach, ...]


def catch(mutant: Mutant, sweeper: bool, histories: int, seed: int = 0) -> Caught | None:
    """Return how a mistake was found out; None if it was not, in so many histories."""
    with made(mutant):
        for number in range(histories):
            outcome = run(mutant.changes(draw_history(seed + number, sweeper=sweeper)))
            if not outcome.holds:
                return Caught(mutant, sweeper, number + 1, seed + number, outcome.breaches)
    return None


def hunts(mutants: tuple[Mutant, ...] = MUTANTS) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mistake with each state of the sweeper in which it has to be found out."""
    for mutant in mutants:
        for sweeper in (True, False):
            if mutant.swept in (None, sweeper):
                yield mutant, sweeper
