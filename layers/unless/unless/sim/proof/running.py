"""
Running the jobs of a proof on all processors.
"""

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from types import TracebackType
from typing import Self

from unless.sim.proof.catalogue import Done, do
from unless.sim.proof.parts import Job

AHEAD = 4
"""Jobs that are handed out for each process; the others can still be called off."""


class Workers:
    """So many processes that do jobs."""

    def __init__(self, number: int) -> None:
        """Begin with none; they start with the first job."""
        self.number = number
        # Spawned, because histories run in threads, and threads do not survive a fork.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(max_workers=number, mp_context=context)

    def __enter__(self) -> Self:
        """Return the workers."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Call off what has not begun, and end what is under way if this was broken off."""
        if kind is not None:
            for process in multiprocessing.active_children():
                process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def each(self, jobs: Sequence[Job]) -> Iterator[Done]:
        """Yield the jobs as they get done, in any order."""
        left = iter(jobs)
        running: set[Future[Done]] = set()
        for job in left:
            running.add(self._hand_out(job))
            if len(running) >= AHEAD * self.number:
                break
        while running:
            done = next(as_completed(running))
            running.remove(done)
            yield done.result()
            if (job_ := next(left, None)) is not None:
                running.add(self._hand_out(job_))

    def _hand_out(self, job: Job) -> Future[Done]:
        """
        Hand out a job, which may start a process; Ctrl-C is for this one, and it ends the others.

        What a process ignores when it starts another one, that one ignores, too.
        """
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return self._pool.submit(do, job)
        finally:
            signal.signal(signal.SIGINT, before)
