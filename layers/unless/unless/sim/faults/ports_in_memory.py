"""
All ports of one history in memory, and the looking on at what changes them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from unless.app.messages import notice_to_json
from unless.app.ports import AlreadyApplied, Committed, Conflict, Loaded
from unless.aws.timers import schedule_name
from unless.definitions.snapshot import Snapshot
from unless.engine.decision import DueNotice, Marker
from unless.engine.model import DueItem, UserState
from unless.sim.faults.chance import Chance
from unless.sim.faults.faults import Process
from unless.sim.faults.memory.channels import Answers, MemoryChannel, Request, Requests
from unless.sim.faults.memory.due_index import MemoryDueIndex
from unless.sim.faults.memory.ledger import MemoryLedger
from unless.sim.faults.memory.quarantine import MemoryQuarantine
from unless.sim.faults.memory.queue import Letter, MemoryQueue
from unless.sim.faults.memory.snapshots import MemorySnapshots
from unless.sim.faults.memory.store import MemoryStore
from unless.sim.faults.memory.timers import MemoryTimers, Rings
from unless.sim.faults.observed import Commit, Observed
from unless.sim.faults.scheduler import Scheduler

CHANNELS = ("event", "webhook", "queue", "in_app", "email", "sms", "push")
"""The channels there are; the first four carry a key, so that a request may be repeated."""

VISIBILITY = timedelta(seconds=180)
"""How long a message that was taken is hidden (template.yaml, VisibilityTimeout)."""

RECEIVES_MAX = 25
"""How often a message is handed out before it lies with the dead letters (template.yaml)."""


class MemoryPorts:
    """The world outside the application, as one history has it."""

    def __init__(
        self,
        scheduler: Scheduler,
        observed: Observed,
        chance: Chance,
        *,
        running: Callable[[], Process | None],
        arrived: Callable[[str], None],
        rings: Rings,
        answers: Answers,
        asked: Callable[[Request], None],
    ) -> None:
        """
        Begin empty.

        `running` is the process that runs now; `arrived` is told the name of a queue, `events` or
        `due`, that has messages, `asked` each request that a provider gets.
        """
        self._scheduler = scheduler
        self._observed = observed
        self._running = running
        self._names: dict[str, int] = {}
        lag = lambda item: timedelta(seconds=3 * chance.of("lag", item, scheduler.now))  # noqa: E731
        self.index = MemoryDueIndex(lambda: scheduler.now, lag)
        self.store = MemoryStore(self.index.follow)
        self.ledger = MemoryLedger()
        self.quarantine = MemoryQuarantine()
        self.snapshots = MemorySnapshots()
        self.timers = MemoryTimers(scheduler, self.ring, rings)
        self.requests = Requests(lambda: scheduler.now, self._who, answers, asked)
        self.channels = [MemoryChannel(name, self.requests) for name in CHANNELS]
        self.queues = {
            name: MemoryQueue(
                scheduler,
                visibility=VISIBILITY,
                receives_max=RECEIVES_MAX,
                arrived=lambda name=name: arrived(name),  # type: ignore[misc]
            )
            for name in ("events", "due")
        }

    @property
    def now(self) -> datetime:
        """The time now, UTC."""
        return self._scheduler.now

    def ring(self, notice: DueNotice, origin: str, seconds: int = 0) -> None:
        """Put the notice on the queue of due notices."""
        name = f"{notice.item}-{notice.turn}"
        number = self._names[name] = self._names.get(name, 0) + 1
        letter = Letter(f"{name}#{number}", notice_to_json(notice), self._scheduler.now, origin)
        self.queues["due"].put(letter, timedelta(seconds=seconds))

    def ensure(self, item: DueItem, now: datetime) -> None:
        """Make a timer, and notice whether a repeated event made one that had been missing."""
        process = self._running()
        is_new = schedule_name(item) not in self.timers.made
        if process is not None and process.role == "evaluate":
            self._observed.rare["duplicate with a missing timer"] += (
                is_new and item.id in process.known.get("repeating", "")
            )
        self.timers.ensure(item, now)

    def commit(
        self, before: Loaded, after: UserState, markers: Sequence[Marker], now: datetime
    ) -> Committed | Conflict | AlreadyApplied:
        """Commit to the store, and write down what for and what became of it."""
        stored = self.store.load(after.user)
        answer = self.store.commit(before, after, markers, now)
        process = self._running()
        if process is not None:
            if isinstance(answer, AlreadyApplied):
                names = (name for marker in answer.markers for name in marker.items)
                process.known["repeating"] = " ".join(names)
            way = self._observed.way_to(before.state, after)
            self._observed.commits.append(
                Commit(
                    self._scheduler.now,
                    len(self._observed.commits),
                    process,
                    before,
                    after,
                    tuple(markers),
                    answer,
                    way,
                    stored,
                )
            )
        return answer

    def publish(
        self,
        snapshot: Snapshot,
        expected_version: str,
        superseded: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Publish, and write down when."""
        self.snapshots.write(snapshot, expected_version, superseded)
        self._observed.published.append((self._scheduler.now, snapshot))

    def _who(self) -> str:
        process = self._running()
        return process.name if process is not None else ""
