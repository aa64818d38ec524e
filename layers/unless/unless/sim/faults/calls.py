"""
Every call that application code makes of the world passes here: it takes time, and may go wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from unless.app.errors import TransientError
from unless.sim.faults.chance import Chance
from unless.sim.faults.faults import Fault, Faults, Process, place_of
from unless.sim.faults.observed import Call, Observed
from unless.sim.faults.scheduler import Killed, Scheduler

QUICK, SLOW, SLOWEST = 0.15, 2.0, 14.0
"""Seconds that a call takes at most: nine in ten, most of the others, and one in a hundred."""

UNHEARD_AFTER = 3.0
"""Seconds after which an answer is waited for no longer (unless.aws.clients, read timeout)."""

AGAIN = "the call may succeed later"


@dataclass(frozen=True, slots=True)
class Told[Answer]:
    """
    What a call that went wrong answers, where its adapter turns that into an answer; where there is
    none, it raises `TransientError`.
    """

    failed: Answer | None = None
    unheard: Answer | None = None
    overtaken: Answer | None = None

    def of(self, fault: Fault) -> Answer | None:
        """Return the answer."""
        answers = {Fault.FAILED: self.failed, Fault.UNHEARD: self.unheard}
        return answers.get(fault, self.overtaken)


class Calls:
    """The calls of one history."""

    def __init__(
        self, scheduler: Scheduler, chance: Chance, faults: Faults, observed: Observed
    ) -> None:
        """Let time pass there, and tell everything to `observed`."""
        self.running: Process | None = None
        self.made = 0
        self._scheduler = scheduler
        self._chance = chance
        self._faults = faults
        self._observed = observed

    def make[Answer](
        self,
        name: str,
        call: Callable[[], Answer],
        about: str = "",
        told: Told[Answer] | None = None,
    ) -> Answer:
        """
        Make the call for the process that runs now, and return its answer.

        Raises:
            TransientError: it failed, or nothing was heard of it.
            Killed: the process died before or after it, or its time was over.
        """
        process = self.running
        if process is None:  # the history itself is looking or preparing
            return call()
        process.calls += 1
        self.made += 1
        place = place_of(process)
        fault = self._faults.at(process, name, self._scheduler.now)
        self._wait(process, self._latency(place))
        if fault is Fault.KILLED_BEFORE:
            self._tell(process, name, about, fault)
            raise Killed
        if fault in (Fault.FAILED, Fault.OVERTAKEN):
            self._tell(process, name, about, fault)
            return _gone_wrong(fault, told)
        answer = call()
        self._tell(process, name, about, fault, answer)
        if fault is Fault.KILLED_AFTER:
            raise Killed
        if fault is Fault.UNHEARD:
            self._wait(process, UNHEARD_AFTER)
            return _gone_wrong(fault, told)
        return answer

    def pause(self, try_: int) -> None:
        """Wait a little before another try, as `unless.app.users.wait_with_jitter` does."""
        process = self.running
        if process is not None:
            place = place_of(process)
            self._wait(process, self._chance.between(0, 0.05 * 2**try_, "pause", place))

    def _wait(self, process: Process, seconds: float) -> None:
        """Let time pass, in which others run; whose time is over dies."""
        until = self._scheduler.now + timedelta(seconds=seconds)
        is_over = until >= process.deadline
        if is_over:
            seconds = max(0.0, (process.deadline - self._scheduler.now).total_seconds())
        self.running = None
        self._scheduler.wait(seconds)
        self.running = process
        if is_over:
            self._tell(process, "time", "", Fault.KILLED_BEFORE)
            raise Killed

    def _latency(self, place: str) -> float:
        drawn = self._chance.of("latency", place)
        if drawn < 0.9:
            return QUICK * drawn
        return (SLOWEST if drawn > 0.99 else SLOW) * (drawn * 1000 % 1)

    def _tell(
        self, process: Process, name: str, about: str, fault: Fault | None, answer: object = None
    ) -> None:
        said = type(answer).__name__ if answer is not None else ""
        call = Call(self._scheduler.now, process, process.calls, name, about, fault, said)
        self._observed.called(call)


def _gone_wrong[Answer](fault: Fault, told: Told[Answer] | None) -> Answer:
    answer = told.of(fault) if told is not None else None
    if answer is None:
        raise TransientError(AGAIN)
    return answer
