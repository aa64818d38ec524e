"""
Steady load for some minutes, with the memory of the functions' processes watched.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import mean
from threading import Event, Thread

from tests.proof.on_aws.stage import Stage
from tests.proof.on_aws.workers import workers

WATCH_SECONDS = 2.0
WARM_SECONDS = 60.0
"""How long a process may still grow: it imports and fills its caches and pools."""

GROWTH_MAX = 0.10
"""How much a process may grow after that, as a part of what it held by then."""

FAILED = ("failed processing SQS batch", "Traceback")
"""What ministack logs of a batch that failed, and a function of a bug."""

RETURNED = "partial failures)"
"""
What ministack logs of a batch that gave messages back: who is changed by many at once may lose four
races, and comes again.
"""


class Memory:
    """What each process held over time: seconds since its first sight, and KiB."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._seen: dict[tuple[int, str], list[tuple[float, int]]] = defaultdict(list)

    def look(self, stage: Stage) -> None:
        """Remember what each process holds now."""
        for worker in workers(stage):
            seen = self._seen[worker.pid, worker.function]
            seen.append((time.monotonic(), worker.memory))

    def growth(self) -> dict[str, dict[str, float]]:
        """
        Return by function what its processes held after WARM_SECONDS and in the end, in MiB, and
        the growth in between of the one that grew most; each end is the mean of a fifth of that
        time, since the allocator's steps are not growth.
        """
        found: dict[str, dict[str, float]] = {}
        for (_, function), seen in self._seen.items():
            warm = [memory for at, memory in seen if at - seen[0][0] >= WARM_SECONDS]
            fifth = len(warm) // 5
            if fifth == 0:
                continue
            then, now = mean(warm[:fifth]) / 1024, mean(warm[-fifth:]) / 1024
            grown = {"warm_mib": then, "end_mib": now, "growth": now / then - 1}
            if function not in found or grown["growth"] > found[function]["growth"]:
                found[function] = {name: round(value, 3) for name, value in grown.items()}
        return found


@contextmanager
def watched(stage: Stage, memory: Memory) -> Iterator[Counter[str]]:
    """Look at the memory while the block lasts; yield counts of what failed meanwhile."""
    over, failed = Event(), Counter[str]()
    before = stage.aws.log()

    def run() -> None:
        while not over.wait(WATCH_SECONDS):
            memory.look(stage)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield failed
    finally:
        over.set()
        thread.join()
        after = stage.aws.log()
        failed += Counter(
            {text: after.count(text) - before.count(text) for text in (*FAILED, RETURNED)}
        )
