"""
Chance, and the small vocabularies of random scenarios: so events, times, ids and values collide.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

STARTS = ("2026-02-02", "2026-03-28", "2026-03-07", "2026-10-24", "2026-10-31")
"""Days before which nothing or after which a clock change happens in Paris or New York."""

EVENTS = ("cart", "visit", "wish", "purchase")
ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu", None)
CLOCKS = ("00:00", "01:30", "02:30", "03:15", "09:00", "12:00", "18:00", "22:00")
SPANS = ("15m", "1h", "90m", "5h", "1d")
QUARTER = timedelta(minutes=15)

type Data = dict[str, Any]


class Chance:
    """Choices that depend on a seed alone, and what all of a scenario has in common."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.seed = seed
        self.start = datetime.fromisoformat(self.pick(*STARTS)).replace(tzinfo=UTC)
        self.users = ["u", "w", "x"][: self.pick(1, 1, 2, 3)]
        self.names = [f"c{n}" for n in range(self.pick(1, 2, 2, 3, 5))]
        self.journeys: list[str] = []
        self.hours = self.pick(2, 4, 12, 40)
        self.events = self.random.sample(EVENTS, self.pick(1, 2, 2, 3))
        self.options = self.pick(0.2, 0.6, 1.0, 2.0)  # how many options a definition has
        self.operations = self.pick(0, 0.1, 0.3)
        self.attributed = 0.25  # how often an event brings attributes
        self.halts = 0  # how many pauses are made while something is pending
        self.late = self.pick(0.05, 0.2, 0.6)
        self.far = self.pick(0, 0, 0, 0.2)  # how often something happens days later
        self.derivations = self.pick(0, 0.2, 0.2, 0.7)  # how often a derived event is named
        self.edits = self.pick(0.4, 0.4, 0.9)  # how often an operation is an edit
        if self.chance(0.15):  # exceptions on record, and edits of what counts as one
            self.names, self.users, self.hours = ["c0"], ["u"], 2
            self.options, self.operations, self.late, self.derivations = 0.1, 0.3, 0.6, 0
        if self.chance(0.5):
            self.names = self.names[:2]
            self.journeys = self.pick(["j0"], ["j0"], ["j0", "j1"], ["a0", "j1"])
            if self.chance(0.25):  # pauses and stops of those inside, and events that come late
                self.names, self.users, self.hours = ["c0"], ["u"], 2
                self.options, self.operations, self.late, self.edits = 0.2, 0.3, 0.4, 0.15
        self.channels = self.pick(0, 0.3, 0.8)  # how often a message goes over a channel
        self.contents = self.pick(0, 0, 0.3)  # how often a content may not go out
        self.kept = self.chance(0.15)  # messages wait for a session
        self.capped = self.chance(0.25)
        if self.capped and self.chance(0.4):
            self.far = 0.4
        self.engaged = self.chance(0.15)  # sessions and read messages make up the best time
        self.converting = self.pick(0, 0, 0.3, 0.8)  # how often a campaign counts conversions
        self.controlled = self.pick(0, 0.1)  # how often a campaign has a control group
        if self.engaged:
            self.hours = 40
        self.fractions = self.pick(0, 0, 0, 0, 0.3)  # how often events happen within a second

    def pick[T](self, *choices: T) -> T:
        return self.random.choice(choices)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def moment(self) -> datetime:
        return self.start + QUARTER * self.random.randint(0, 4 * self.hours)

    def text(self, moment: datetime) -> str:
        return moment.isoformat().replace("+00:00", "Z")

    def wall(self, moment: datetime) -> str:
        """Return an instant as people write it, with or without a zone."""
        text = moment.strftime("%Y-%m-%dT%H:%M")
        return text + self.pick("", "Z", "+02:00")
