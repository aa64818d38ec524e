"""
The real application on ports in memory: functions that queues invoke, the sweeper, and people.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from unless.app.cancelling import Cancelling
from unless.app.deletion import Deletion
from unless.app.deliver import Deliver
from unless.app.errors import UnlessError
from unless.app.evaluate import Evaluate
from unless.app.messages import Report, notice_from_json
from unless.app.operate import Operate
from unless.app.ports import Message
from unless.app.sweep import GRACE, Sweep
from unless.aws.cached_definitions import CachedDefinitions
from unless.aws.timers import schedule_name
from unless.definitions.checks import check_values
from unless.definitions.operating import Refused
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY
from unless.engine.decision import Answer
from unless.engine.model import Attribute, DueStatus, Run, UserState
from unless.sim.faults.calls import Calls
from unless.sim.faults.chance import Chance
from unless.sim.faults.faults import Faults, Process
from unless.sim.faults.history import (
    LAUNCHED_BEFORE,
    Cancelled,
    Deleted,
    Happening,
    Happens,
    History,
    Operated,
    Published,
)
from unless.sim.faults.memory.queue import Letter, MemoryQueue
from unless.sim.faults.observed import Observed
from unless.sim.faults.ports_in_memory import MemoryPorts
from unless.sim.faults.scheduler import Actor, Killed, Scheduler
from unless.sim.faults.wired import (
    WiredChannel,
    WiredIndex,
    WiredLedger,
    WiredQuarantine,
    WiredQueue,
    WiredSnapshots,
    WiredStore,
    WiredTimers,
)

BATCH = 10
"""Messages of one invocation (template.yaml)."""

RUN_SECONDS = 30
"""How long a function may run (template.yaml)."""

COMMAND_SECONDS = 600
"""How long a person waits for a command."""

TRIES_MAX = 40
"""How often a person repeats a command that fails."""


class Pipeline:
    """One history while it happens."""

    def __init__(
        self, history: History, faults: Faults, observed: Observed, idle: list[Actor] | None = None
    ) -> None:
        """Get everything ready; nothing has happened yet."""
        self.history = history
        self.observed = observed
        self.chance = Chance(history.seed)
        self.scheduler = Scheduler(history.start, idle)
        self.calls = Calls(self.scheduler, self.chance, faults, observed)
        self.ports = MemoryPorts(
            self.scheduler,
            observed,
            self.chance,
            running=lambda: self.calls.running,
            arrived=self._arrived,
            rings=self._rings,
            answers=self._answers,
        )
        self._polls: set[str] = set()
        self._runs = 0
        self._sources: list[CachedDefinitions] = []
        self._busy: dict[str, list[set[str]]] = {"evaluate": [], "deliver": []}
        self._next_sweep: datetime | None = None
        self._redriving = False

    def run(self) -> None:
        """
        Let the history happen until nothing is left to happen.

        Raises:
            NoRest: it goes on for ever.
        """
        self._prepare()
        for number, happening in enumerate(self.history.happenings):
            self._plan(number, happening)
        self.scheduler.run()

    # --- how it begins ------------------------------------------------------------------------

    def _prepare(self) -> None:
        around = {"workspace": {"zone": self.history.zone, **self.history.workspace}}
        checked = check_values([around, *self.history.documents])
        if not checked.ok:
            raise ValueError(f"definitions with errors: {checked.errors}")
        launched = self.history.start - LAUNCHED_BEFORE
        snapshot, _ = publish(EMPTY, checked, launched, launch_default=launched)
        self.ports.publish(snapshot, "", {})
        for user, attributes in self.history.users.items():
            known = {name: Attribute(value, launched) for name, value in attributes.items()}
            self.ports.store.put(UserState(user, attributes=known), 0)

    def _plan(self, number: int, happening: Happening) -> None:
        match happening:
            case Happens():
                for copy, later in enumerate((timedelta(0), *happening.again)):
                    self._arrive(happening, copy, happening.at + later)
            case Operated():
                self._person(number, happening.at, lambda: self._operate(happening))
            case Published():
                self._person(number, happening.at, lambda: self._publish(happening))
            case Deleted():
                self._person(number, happening.at, lambda: self._delete(happening.user))
            case Cancelled():
                self._person(number, happening.at, lambda: self._cancel(happening.user))

    def _arrive(self, event: Happens, copy: int, at: datetime) -> None:
        letter = Letter(f"{event.id}#{copy}", _envelope(event), at, "app")
        self.scheduler.at(at, lambda: self.ports.queues["events"].put(letter))

    # --- functions ----------------------------------------------------------------------------

    def _arrived(self, queue: str) -> None:
        """Let a function be invoked a moment later, with all that has come by then."""
        self._wake_sweeper()
        if queue not in self._polls:
            self._polls.add(queue)
            after = timedelta(seconds=0.1 * self.chance.of("poll", queue, self.scheduler.now))
            self.scheduler.at(self.scheduler.now + after, lambda: self._poll(queue))

    def _poll(self, queue: str) -> None:
        self._polls.discard(queue)
        most = self.chance.choose((1, 1, 2, 3, BATCH), "batch", queue, self.scheduler.now)
        letters = self.ports.queues[queue].take(most)
        if not letters:
            return
        role = {"events": "evaluate", "due": "deliver"}[queue]
        self.scheduler.begin_at(self.scheduler.now, lambda: self._invoke(role, queue, letters))
        self._arrived(queue)

    def _invoke(self, role: str, queue: str, letters: list[Letter]) -> None:
        name = "+".join(f"{letter.name}/{letter.receives}" for letter in letters)
        process = self._begin(f"{role}({name})", role, RUN_SECONDS)
        source = self._sources.pop() if self._sources else self._new_source()
        process.known["origins"] = " ".join(sorted({letter.origin for letter in letters}))
        users = self._users(role, letters)
        self._busy[role].append(users)
        report: Report | None = None
        try:
            work = self._evaluate(source) if role == "evaluate" else self._deliver(source)
            remaining = lambda: (process.deadline - self.scheduler.now).total_seconds()  # noqa: E731
            report = work([letter.received() for letter in letters], remaining)
            self._sources.append(source)  # a container that died is not used again
        except Killed:
            self.observed.rare["killed"] += 1
        finally:
            self.calls.running = None
            self._busy[role].remove(users)
        self._answered(self.ports.queues[queue], letters, report)

    def _users(self, role: str, letters: list[Letter]) -> set[str]:
        if role == "evaluate":
            return set()
        notices = [notice_from_json(letter.body) for letter in letters]
        users = {notice.user for notice in notices if notice is not None}
        self.observed.rare["two deliveries at once"] += any(
            users & others for others in self._busy[role]
        )
        return users

    def _answered(self, queue: MemoryQueue, letters: list[Letter], report: Report | None) -> None:
        """Delete what is done, and give back what is not; a deletion may be lost."""
        failed = {letter.name for letter in letters} if report is None else set(report.failed)
        if report is not None:
            for name, count in report.counts.items():
                self.observed.rare[f"count: {name}"] += count
        is_calm = self.scheduler.now >= self.history.trouble.calm
        for letter in letters:
            lost = self.history.trouble.lost_acks
            acknowledged = letter.name not in failed
            if acknowledged and (
                is_calm or not self.chance.happens(lost, "ack", letter.name, letter.receives)
            ):
                queue.done([letter])
                self._look_for_timers(letter)
            else:
                queue.give_back([letter])
        if queue.dead:
            self._call_person()
        self._wake_sweeper()

    def _look_for_timers(self, letter: Letter) -> None:
        """Write down what an event started whose message is done, and which has no timer."""
        event = letter.name.split("#", maxsplit=1)[0]
        for loaded in self.ports.store.users.values():
            for item in loaded.state.pending.values():
                waits = item.status is DueStatus.WAITING and not isinstance(item, Run)
                is_untimed = schedule_name(item) not in self.ports.timers.made
                if waits and item.root == event and item.turn == 0 and is_untimed:
                    self.observed.untimed.append((self.scheduler.now, item))

    def _evaluate(self, source: CachedDefinitions) -> Callable[..., Report]:
        return Evaluate(
            store=WiredStore(self.calls, self.ports),
            timers=WiredTimers(self.calls, self.ports),
            ledger=WiredLedger(self.calls, self.ports),
            definitions=source,
            quarantine=WiredQuarantine(self.calls, self.ports),
            clock=self._clock,
            pause=self.calls.pause,
            users_at_a_time=1,
        ).run

    def _deliver(self, source: CachedDefinitions) -> Callable[..., Report]:
        return Deliver(
            store=WiredStore(self.calls, self.ports),
            timers=WiredTimers(self.calls, self.ports),
            ledger=WiredLedger(self.calls, self.ports),
            definitions=source,
            channels={
                channel.name: WiredChannel(self.calls, channel) for channel in self.ports.channels
            },
            quarantine=WiredQuarantine(self.calls, self.ports),
            clock=self._clock,
            pause=self.calls.pause,
            users_at_a_time=1,
        ).run

    def _new_source(self) -> CachedDefinitions:
        return CachedDefinitions(WiredSnapshots(self.calls, self.ports))  # type: ignore[arg-type]

    def _clock(self) -> datetime:
        return self.scheduler.now

    def _begin(self, name: str, role: str, seconds: float) -> Process:
        now = self.scheduler.now
        process = Process(name, role, now, now + timedelta(seconds=seconds))
        self.calls.running = process
        self._runs += 1
        return process

    # --- the sweeper --------------------------------------------------------------------------

    def _wake_sweeper(self) -> None:
        """
        Let the sweeper run in the next minute in which it could find anything; it runs every
        minute, and where nothing is overdue that changes nothing.
        """
        if not self.history.sweeper:
            return
        wanted = self._sweep_wanted()
        if wanted is None:
            return
        start = self.history.start
        minutes = max(0, (wanted - start) // timedelta(minutes=1))
        at = start + timedelta(minutes=minutes + 1)
        if self._next_sweep is None or at < self._next_sweep:
            self._next_sweep = at
            self.scheduler.begin_at(at, lambda: self._sweep(at))

    def _sweep_wanted(self) -> datetime | None:
        """Return from when on something is overdue or to be woken; None when nothing will be."""
        now = self.scheduler.now
        wanted: list[datetime] = []
        published = self.ports.snapshots.present.definitions
        for loaded in self.ports.store.users.values():
            for item in loaded.state.pending.values():
                if item.status is not DueStatus.PARKED:
                    wanted.append(max(now, item.due + GRACE))
                elif item.definition in published and published[item.definition].status != "paused":
                    wanted.append(now)
        return min(wanted, default=None)

    def _sweep(self, at: datetime) -> None:
        if self._next_sweep != at:
            return
        self._next_sweep = None
        self._begin(f"sweep({at:%H:%M})", "sweep", 50)
        try:
            swept = Sweep(
                index=WiredIndex(self.calls, self.ports),
                queue=WiredQueue(self.calls, self.ports, "sweep"),
                snapshots=WiredSnapshots(self.calls, self.ports),
                clock=self._clock,
            ).run()
            self.observed.rare["swept"] += swept.rung
            self.observed.rare["woken by the sweeper"] += swept.woken
        except (Killed, UnlessError):
            pass
        finally:
            self.calls.running = None
        self._wake_sweeper()

    # --- people -------------------------------------------------------------------------------

    def _call_person(self) -> None:
        """Let a person put the dead letters back, hours later or the next day."""
        if self._redriving:
            return
        self._redriving = True
        now = self.scheduler.now
        hours = self.chance.choose((1, 2, 5, 30), "redrive", now)
        self.scheduler.at(now + timedelta(hours=hours), self._redrive)

    def _redrive(self) -> None:
        self._redriving = False
        for queue in self.ports.queues.values():
            self.observed.rare["redriven after hours"] += len(queue.redrive())

    def _person(self, number: int, at: datetime, act: Callable[[], None], try_: int = 1) -> None:
        """Let a person do something then, and again a minute later if it fails."""

        def work() -> None:
            self._begin(f"person({number})/{try_}", "person", COMMAND_SECONDS)
            done = False
            try:
                act()
                done = True
            except (Killed, UnlessError):
                pass
            finally:
                self.calls.running = None
            if not done and try_ < TRIES_MAX:
                later = self.scheduler.now + timedelta(minutes=1)
                self._person(number, later, act, try_ + 1)
            self._wake_sweeper()

        self.scheduler.begin_at(at, work)

    def _operator(self) -> Operate:
        return Operate(
            snapshots=WiredSnapshots(self.calls, self.ports),
            index=WiredIndex(self.calls, self.ports),
            queue=WiredQueue(self.calls, self.ports, "operator"),
            clock=self._clock,
        )

    def _operate(self, wanted: Operated) -> None:
        operator = self._operator()
        plan = operator.plan_action(wanted.action, wanted.name)
        if not isinstance(plan, Refused):
            operator.carry_out(plan)

    def _publish(self, wanted: Published) -> None:
        operator = self._operator()
        checked = check_values([wanted.document], published=self.ports.snapshots.present)
        if checked.ok:
            operator.carry_out(operator.plan_publish(checked))

    def _delete(self, user: str) -> None:
        Deletion(
            store=WiredStore(self.calls, self.ports),
            timers=WiredTimers(self.calls, self.ports),
            ledger=WiredLedger(self.calls, self.ports),
            definitions=self._new_source(),
            clock=self._clock,
            pause=self.calls.pause,
        ).delete(user)
        self.observed.deleted.setdefault(user, []).append(self.scheduler.now)

    def _cancel(self, user: str) -> None:
        items = tuple(self.ports.store.load(user).state.pending)
        if not items:
            return
        cancelling = Cancelling(
            store=WiredStore(self.calls, self.ports),
            timers=WiredTimers(self.calls, self.ports),
            ledger=WiredLedger(self.calls, self.ports),
            outbox=WiredQueue(self.calls, self.ports, "operator"),
            definitions=self._new_source(),
            clock=self._clock,
            pause=self.calls.pause,
        )
        for answered in cancelling.cancel({user: items}):
            for answer in answered.answers.values():
                self.observed.rare[f"cancelling: {answer}"] += 1

    # --- what the world does ------------------------------------------------------------------

    def _rings(self, name: str, due: datetime) -> list[datetime]:
        """Return when a schedule really rings: up to a minute late, or worse."""
        trouble, chance = self.history.trouble, self.chance
        punctual = due + timedelta(seconds=chance.between(0, 60, "ring", name))
        if self.scheduler.now >= trouble.calm:
            return [punctual]
        drawn = chance.of("schedule", name)
        if drawn < trouble.dropped:
            return []
        drawn -= trouble.dropped
        if drawn < trouble.doubled:
            return [punctual, punctual + timedelta(seconds=chance.between(0, 90, "double", name))]
        drawn -= trouble.doubled
        if drawn < trouble.late:
            return [punctual + timedelta(minutes=chance.between(1, 90, "late", name))]
        drawn -= trouble.late
        if drawn < trouble.early:
            return [due - timedelta(seconds=chance.between(0, 120, "early", name))]
        return [punctual]

    def _answers(self, channel: str, message: Message, number: int) -> Answer:
        """Return what the provider does: mostly yes."""
        del channel
        if self.scheduler.now >= self.history.trouble.calm or not self.history.trouble.faults:
            return Answer.ACCEPTED
        drawn = self.chance.of("answer", message.send, number)
        if drawn < 0.06:
            return Answer.REFUSED
        if drawn < 0.14:
            return Answer.DEFERRED
        return Answer.UNKNOWN if drawn < 0.19 else Answer.ACCEPTED


def _envelope(event: Happens) -> str:
    """Return the event as EventBridge hands it on."""
    if event.broken:
        return json.dumps({"source": "shop", "detail-type": event.event, "detail": {}})
    detail: dict[str, Any] = {
        "id": event.id,
        "user_id": event.user,
        "time": event.time.isoformat(),
        "properties": dict(event.properties),
        "attributes": dict(event.attributes),
    }
    return json.dumps({"source": "shop", "detail-type": event.event, "detail": detail})
