"""
Functions that queues invoke: batches of messages, in containers that live on, or die.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from unless.app.confirming import NOT_MARKED_YET
from unless.app.deliver import Deliver
from unless.app.evaluate import Evaluate
from unless.app.messages import Report, notice_from_json
from unless.app.ports import Channel
from unless.aws.cached_definitions import CachedDefinitions
from unless.aws.timers import schedule_name
from unless.engine.model import DueStatus, Run
from unless.sim.faults.course import Course
from unless.sim.faults.history import Happens
from unless.sim.faults.memory.queue import Letter, MemoryQueue
from unless.sim.faults.people import People
from unless.sim.faults.scheduler import Killed
from unless.sim.faults.sweeping import Sweeping
from unless.sim.faults.wired import (
    WiredChannel,
    WiredLedger,
    WiredQuarantine,
    WiredStore,
    WiredTimers,
)

BATCH = 10
"""Messages of one invocation (template.yaml)."""

RUN_SECONDS = 30
"""How long a function may run (template.yaml)."""


class Functions:
    """Evaluate and deliver, as Lambda runs them."""

    def __init__(self, course: Course, sweeping: Sweeping, people: People) -> None:
        """Wait for messages."""
        self._course = course
        self._sweeping = sweeping
        self._people = people
        ids = Counter(h.id for h in course.history.happenings if isinstance(h, Happens))
        self._copies = {
            h.id: 1 + len(h.again)
            for h in course.history.happenings
            if isinstance(h, Happens) and ids[h.id] == 1
        }
        self._channels: dict[str, Channel] = {
            channel.name: WiredChannel(course.calls, channel) for channel in course.ports.channels
        }
        self._polls: set[str] = set()
        self._sources: list[CachedDefinitions] = []
        self._busy: dict[str, list[set[str]]] = {"evaluate": [], "deliver": []}

    def arrived(self, queue: str) -> None:
        """Let a function be invoked a moment later, with all that has come by then."""
        self._sweeping.wake()
        if queue not in self._polls:
            self._polls.add(queue)
            after = timedelta(
                seconds=0.1 * self._course.chance.of("poll", queue, self._course.scheduler.now)
            )
            self._course.scheduler.at(self._course.scheduler.now + after, lambda: self._poll(queue))

    def _poll(self, queue: str) -> None:
        self._polls.discard(queue)
        most = self._course.chance.choose(
            (1, 1, 2, 3, BATCH), "batch", queue, self._course.scheduler.now
        )
        letters = self._course.ports.queues[queue].take(most)
        if not letters:
            return
        role = {"events": "evaluate", "due": "deliver"}[queue]
        self._course.scheduler.begin_at(
            self._course.scheduler.now, lambda: self._invoke(role, queue, letters)
        )
        self.arrived(queue)

    def _invoke(self, role: str, queue: str, letters: list[Letter]) -> None:
        name = "+".join(f"{letter.name}/{letter.receives}" for letter in letters)
        process = self._course.begin(f"{role}({name})", role, RUN_SECONDS)
        source = self._sources.pop() if self._sources else self._course.new_source()
        process.known["origins"] = " ".join(sorted({letter.origin for letter in letters}))
        users = self._users(role, letters)
        self._busy[role].append(users)
        report: Report | None = None
        try:
            work = self._evaluate(source) if role == "evaluate" else self._deliver(source)
            remaining = lambda: (process.deadline - self._course.scheduler.now).total_seconds()  # noqa: E731
            report = work([letter.received() for letter in letters], remaining)
            self._sources.append(source)  # a container that died is not used again
        except Killed:
            self._course.observed.rare["killed"] += 1
        finally:
            self._course.end()
            self._busy[role].remove(users)
        self._answered(self._course.ports.queues[queue], letters, report)

    def _users(self, role: str, letters: list[Letter]) -> set[str]:
        if role == "evaluate":
            return set()
        notices = [notice_from_json(letter.body) for letter in letters]
        users = {notice.user for notice in notices if notice is not None}
        self._course.observed.rare["two deliveries at once"] += any(
            users & others for others in self._busy[role]
        )
        return users

    def _answered(self, queue: MemoryQueue, letters: list[Letter], report: Report | None) -> None:
        """Delete what is done, and give back what is not; a deletion may be lost."""
        failed = {letter.name for letter in letters} if report is None else set(report.failed)
        if report is not None:
            for name, count in report.counts.items():
                self._course.observed.rare[f"count: {name}"] += count
            early = sum(why is NOT_MARKED_YET for why in report.failed.values())
            self._course.observed.rare["confirmation while claimed"] += early
        is_calm = self._course.scheduler.now >= self._course.history.trouble.calm
        for letter in letters:
            lost = self._course.history.trouble.lost_acks
            acknowledged = letter.name not in failed
            if acknowledged and (
                is_calm
                or not self._course.chance.happens(lost, "ack", letter.name, letter.receives)
            ):
                queue.done([letter])
                self._look_for_timers(letter)
            else:
                queue.give_back([letter])
        if queue.dead:
            self._people.call_for_dead_letters()
        self._sweeping.wake()

    def _look_for_timers(self, letter: Letter) -> None:
        """Write down what an event started whose messages are all done, and which has no timer."""
        event = letter.name.rsplit("#", maxsplit=1)[0]
        if event not in self._copies:
            return
        self._copies[event] -= 1
        if self._copies[event]:
            return
        for loaded in self._course.ports.store.users.values():
            for item in loaded.state.pending.values():
                waits = item.status is DueStatus.WAITING and not isinstance(item, Run)
                is_untimed = schedule_name(item) not in self._course.ports.timers.made
                if waits and item.root == event and item.turn == 0 and is_untimed:
                    self._course.observed.untimed.append((self._course.scheduler.now, item))

    def _evaluate(self, source: CachedDefinitions) -> Callable[..., Report]:
        return Evaluate(
            store=WiredStore(self._course.calls, self._course.ports),
            timers=WiredTimers(self._course.calls, self._course.ports),
            ledger=WiredLedger(self._course.calls, self._course.ports),
            definitions=source,
            quarantine=WiredQuarantine(self._course.calls, self._course.ports),
            clock=self._course.now,
            pause=self._course.calls.pause,
            users_at_a_time=1,
        ).run

    def _deliver(self, source: CachedDefinitions) -> Callable[..., Report]:
        return Deliver(
            store=WiredStore(self._course.calls, self._course.ports),
            timers=WiredTimers(self._course.calls, self._course.ports),
            ledger=WiredLedger(self._course.calls, self._course.ports),
            definitions=source,
            channels=self._channels,
            quarantine=WiredQuarantine(self._course.calls, self._course.ports),
            clock=self._course.now,
            pause=self._course.calls.pause,
            users_at_a_time=1,
        ).run
