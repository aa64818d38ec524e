"""
The real application on ports in memory: functions that queues invoke, the sweeper, and people.
"""

from datetime import datetime, timedelta

from unless.definitions.checks import check_values
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY
from unless.engine.model import Attribute, UserState
from unless.sim.faults.calls import Calls
from unless.sim.faults.chance import Chance
from unless.sim.faults.course import Course
from unless.sim.faults.echoes import Echoes
from unless.sim.faults.faults import Faults
from unless.sim.faults.functions import Functions
from unless.sim.faults.history import LAUNCHED_BEFORE, Happens, History
from unless.sim.faults.memory.queue import Letter
from unless.sim.faults.observed import Observed
from unless.sim.faults.outside import Outside, envelope_of
from unless.sim.faults.people import People
from unless.sim.faults.ports_in_memory import MemoryPorts
from unless.sim.faults.scheduler import Actor, Scheduler
from unless.sim.faults.sweeping import Sweeping


class Pipeline:
    """One history while it happens."""

    def __init__(
        self, history: History, faults: Faults, observed: Observed, idle: list[Actor] | None = None
    ) -> None:
        """Get everything ready; nothing has happened yet."""
        self.history = history
        self.observed = observed
        self.scheduler = Scheduler(history.start, idle)
        chance = Chance(history.seed)
        self.calls = Calls(self.scheduler, chance, faults, observed)
        outside = Outside(history.trouble, chance, self.scheduler)
        self.ports = MemoryPorts(
            self.scheduler,
            observed,
            chance,
            running=lambda: self.calls.running,
            arrived=lambda queue: self._functions.arrived(queue),
            rings=outside.rings,
            answers=outside.answers,
            asked=lambda request: self.echoes.follow(request),
        )
        self.echoes = Echoes(chance, self.scheduler, self.ports.queues["events"].put)
        course = Course(history, observed, chance, self.scheduler, self.calls, self.ports)
        sweeping = Sweeping(course)
        self._people = People(course, sweeping.wake)
        self._functions = Functions(course, sweeping, self._people)

    def run(self) -> None:
        """
        Let the history happen until nothing is left to happen.

        Raises:
            NoRest: it goes on for ever.
            ValueError: its definitions have errors.
        """
        self._prepare()
        for number, happening in enumerate(self.history.happenings):
            if isinstance(happening, Happens):
                for copy, later in enumerate((timedelta(0), *happening.again)):
                    self._arrive(happening, copy, happening.at + later)
            else:
                self._people.plan(number, happening)
        self.scheduler.run()

    def _prepare(self) -> None:
        """Publish the definitions, and let the users be known."""
        around = {"workspace": {"zone": self.history.zone, **self.history.workspace}}
        checked = check_values([around, *self.history.documents])
        if not checked.ok:
            raise ValueError(f"definitions with errors: {checked.errors}")
        launched = self.history.start - LAUNCHED_BEFORE
        snapshot, _ = publish(EMPTY, checked, launched, launch_default=launched)
        self.ports.publish(snapshot, "", {})
        for user, attributes in self.history.users.items():
            known = {name: Attribute(value, launched) for name, value in attributes.items()}
            groups = known.pop("subscription_groups", Attribute({}, launched)).value
            agreed = {name: Attribute(value, launched) for name, value in groups.items()}
            self.ports.store.put(UserState(user, attributes=known, groups=agreed), 0)

    def _arrive(self, event: Happens, copy: int, at: datetime) -> None:
        letter = Letter(f"{event.id}#{copy}", envelope_of(event), at, "app")
        self.scheduler.at(at, lambda: self.ports.queues["events"].put(letter))
