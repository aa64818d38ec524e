"""
A queue in memory as SQS has it: at least once, in no order, with dead letters.

It hands itself out: whatever takes its messages is called when there are some.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from unless.app.messages import Incoming
from unless.sim.faults.scheduler import Scheduler


@dataclass(slots=True)
class Letter:
    """A message on its way; `name` is the same whenever the same history is run again."""

    name: str
    body: str
    sent: datetime
    origin: str = ""
    receives: int = 0
    redriven: int = 0

    def received(self) -> Incoming:
        """Return it as a function gets it."""
        return Incoming(self.name, self.body, self.sent, self.receives)


class MemoryQueue:
    """A standard queue with a queue of dead letters behind it."""

    def __init__(
        self,
        scheduler: Scheduler,
        *,
        visibility: timedelta,
        receives_max: int,
        arrived: Callable[[], None],
    ) -> None:
        """Begin empty; `arrived` is called when messages have become visible."""
        self._scheduler = scheduler
        self._visibility = visibility
        self._receives_max = receives_max
        self._arrived = arrived
        self._visible: list[Letter] = []
        self.dead: list[Letter] = []
        self._under_way = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it or on its way back to it, dead letters aside."""
        return not self._visible and not self._under_way

    def put(self, letter: Letter, after: timedelta = timedelta(0)) -> None:
        """Let the message become visible after that time."""
        self._under_way += 1
        self._scheduler.at(self._scheduler.now + after, lambda: self._show(letter))

    def take(self, most: int) -> list[Letter]:
        """Return up to so many of the messages that are visible; they are hidden from now on."""
        taken, self._visible = self._visible[:most], self._visible[most:]
        for letter in taken:
            letter.receives += 1
            self._under_way += 1
        return taken

    def done(self, letters: Iterable[Letter]) -> None:
        """Delete these."""
        for _ in letters:
            self._under_way -= 1

    def give_back(self, letters: Sequence[Letter]) -> None:
        """Let these be seen again when their time is over, or lie with the dead letters."""
        for letter in letters:
            self._under_way -= 1
            if letter.receives >= self._receives_max:
                self.dead.append(letter)
            else:
                self.put(letter, self._visibility)

    def redrive(self) -> list[Letter]:
        """
        Put the dead letters back, as a person does who has mended what was broken; return them.

        They are new messages. Source: SQS Developer Guide, "Configuring a dead-letter queue
        redrive" (read 2026-11).
        """
        letters, self.dead = self.dead, []
        for letter in letters:
            number = letter.redriven + 1
            name = f"{letter.name}~{number}"
            self.put(Letter(name, letter.body, self._scheduler.now, "redrive", 0, number))
        return letters

    def _show(self, letter: Letter) -> None:
        self._under_way -= 1
        self._visible.append(letter)
        self._arrived()
