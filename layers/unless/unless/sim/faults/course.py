"""
A history under way: its clock, its calls, its ports, and what is seen of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from unless.aws.cached_definitions import CachedDefinitions
from unless.sim.faults.calls import Calls
from unless.sim.faults.chance import Chance
from unless.sim.faults.faults import Process
from unless.sim.faults.history import History
from unless.sim.faults.observed import Observed
from unless.sim.faults.ports_in_memory import MemoryPorts
from unless.sim.faults.scheduler import Scheduler
from unless.sim.faults.wired import WiredSnapshots


@dataclass(frozen=True)
class Course:
    """What functions, sweeper and people of one history share."""

    history: History
    observed: Observed
    chance: Chance
    scheduler: Scheduler
    calls: Calls
    ports: MemoryPorts

    def now(self) -> datetime:
        """Return the time now, UTC."""
        return self.scheduler.now

    def begin(self, name: str, role: str, seconds: float) -> Process:
        """Begin a process that may run so long; what is called from now on, it calls."""
        now = self.scheduler.now
        process = Process(name, role, now, now + timedelta(seconds=seconds))
        self.calls.running = process
        return process

    def end(self) -> None:
        """End the process that runs."""
        self.calls.running = None

    def new_source(self) -> CachedDefinitions:
        """Return the definitions as a new container has them: none yet."""
        return CachedDefinitions(WiredSnapshots(self.calls, self.ports))  # type: ignore[arg-type]
