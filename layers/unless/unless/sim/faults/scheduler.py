"""
The virtual clock, and processes that take turns on it: one runs at a time, in an order that depends
on nothing but times.

Application code blocks in its calls, so each process has a thread; but a thread runs only while it
holds the one baton, and hands it on when it waits. Time passes in waits and nowhere else.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from threading import Lock, Thread

STEPS_MAX = 250_000
"""Most happenings of one history; one that comes to no rest ends here."""


class Killed(BaseException):
    """
    The process is gone, in the middle of what it was doing.

    No `Exception`, so that nothing in the application can catch it, as nothing can catch SIGKILL.
    """


class NoRest(Exception):
    """Something goes on for ever."""


class Actor:
    """A thread that runs one process after the other, whenever it has the baton."""

    def __init__(self) -> None:
        """Start the thread, which waits for its first turn."""
        self.turn = Lock()
        self.turn.acquire()
        self.work: Callable[[], None] | None = None
        Thread(target=self._live, daemon=True).start()

    def _live(self) -> None:
        while True:
            self.turn.acquire()
            if self.work is None:
                return
            self.work()


type Step = Callable[[], Actor | None]
"""What happens at an instant; returns who goes on then, None where nobody has to."""


class Scheduler:
    """The clock of one history and all that is still to happen, by time and then by order."""

    def __init__(self, start: datetime, idle: list[Actor] | None = None) -> None:
        """Begin at that instant, UTC, with these threads, which can be used again afterwards."""
        self.now = start
        self._ahead: list[tuple[datetime, int, Step]] = []
        self._order = count()
        self._steps = 0
        self._main = Lock()
        self._main.acquire()
        self._idle = [] if idle is None else idle
        self._busy: dict[Actor, None] = {}
        self._current: Actor | None = None
        self._failure: BaseException | None = None
        self._closing = False

    def at(self, when: datetime, what: Callable[[], None]) -> None:
        """Let this happen then, or now if that is past; it must not wait."""
        self._push(when, lambda: what())

    def begin_at(self, when: datetime, process: Callable[[], None]) -> None:
        """Let this process begin then; it may wait."""
        self._push(when, lambda: self._cast(process))

    def run(self) -> None:
        """
        Let everything happen until nothing is left.

        Raises:
            NoRest: it goes on for ever.
        """
        actor = self._next()
        if actor is not None:
            self._give(actor)
            self._main.acquire()
        self._closing = True
        for actor in list(self._busy):
            self._give(actor)
            self._main.acquire()
        if self._failure is not None:
            raise self._failure

    def wait(self, seconds: float) -> None:
        """
        Let time pass for the process that asks; others may run meanwhile.

        Raises:
            Killed: the history is over.
        """
        until = self.now + timedelta(seconds=seconds)
        if not self._ahead or until < self._ahead[0][0]:
            self.now = until
            self._count()
            return
        me = self._current
        self._push(until, lambda: me)
        actor = self._next()
        if actor is not me and me is not None:
            self._hand_on(actor)
            me.turn.acquire()
        if self._closing:
            raise Killed

    # --- whose turn it is ---------------------------------------------------------------------

    def _push(self, when: datetime, step: Step) -> None:
        if self._failure is None:
            heappush(self._ahead, (max(when, self.now), next(self._order), step))

    def _cast(self, process: Callable[[], None]) -> Actor:
        actor = self._idle.pop() if self._idle else Actor()
        self._busy[actor] = None

        def work() -> None:
            try:
                process()
            except Killed:
                pass
            except BaseException as error:
                self._fail(error)
            del self._busy[actor]
            self._idle.append(actor)
            self._hand_on(None if self._closing else self._next())

        actor.work = work
        return actor

    def _next(self) -> Actor | None:
        """Let happen what comes next until it is a process's turn; None when nothing is left."""
        while self._ahead:
            when, _, step = heappop(self._ahead)
            self.now = max(self.now, when)
            self._count()
            try:
                actor = step()
            except BaseException as error:
                self._fail(error)
                return None
            if actor is not None:
                return actor
        return None

    def _hand_on(self, actor: Actor | None) -> None:
        if actor is None:
            self._main.release()
        else:
            self._give(actor)

    def _give(self, actor: Actor) -> None:
        self._current = actor
        actor.turn.release()

    def _count(self) -> None:
        self._steps += 1
        if self._steps > STEPS_MAX:
            self._fail(NoRest(f"no rest after {STEPS_MAX:,} steps"))

    def _fail(self, error: BaseException) -> None:
        self._failure = self._failure or error
        self._ahead.clear()
