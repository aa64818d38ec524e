"""
What the users do: events over some seconds, and what may come of each trigger.
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from unless.app.errors import TransientError
from unless.aws.clients import Clients
from unless.aws.put_events import Numbered, put_events
from unless.events.put_entry import as_put_entry
from unless.events.rejection import Rejected

SOURCE = "com.acme.shop"
PUT_AGAIN = 0.08
"""How many of the events the producer puts twice."""

PUTS_A_SECOND = 4
RETRIES_MAX = 200

TRIGGERS = {
    "hello": "at_once",
    "cart_left": "cart_reminder",
    "searched": "search_help",
    "trial_began": "far_off",
    "registered": "onboarding",
}
"""Which definition each event starts."""

EXCEPTIONS = {
    "cart_reminder": "purchase",
    "search_help": "searched",
    "far_off": "trial_left",
    "onboarding": "purchase",
}
"""Which event ends what a definition has started."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One event of a user; `after` is when it happens, in seconds from the start."""

    after: float
    user: str
    name: str
    id: str


@dataclass
class Traffic:
    """The deeds of one run, and when each happened once it has."""

    users: str
    """How the ids of all its users begin."""
    deeds: Sequence[Deed]
    last: Sequence[Deed]
    """What ends all that is far off, put when the faults are over."""
    times: dict[str, datetime] = field(default_factory=dict)
    put_count: int = 0

    def all_deeds(self) -> Iterator[Deed]:
        """Yield the deeds that have happened."""
        return (deed for deed in (*self.deeds, *self.last) if deed.id in self.times)

    def put(self, deeds: Iterable[Deed], clients: Clients, bus: str) -> None:
        """Put the deeds, each at its time; one that is put again says the same as before."""
        begun = time.monotonic()
        ordered = sorted(deeds, key=lambda deed: deed.after)
        for slot, several in groupby(ordered, key=lambda deed: int(deed.after * PUTS_A_SECOND)):
            wait = begun + slot / PUTS_A_SECOND - time.monotonic()
            time.sleep(max(0.0, wait))
            self.put_now([*several], clients, bus)

    def put_now(self, deeds: Sequence[Deed], clients: Clients, bus: str) -> None:
        """Put the deeds at once, again and again until the bus has taken them, as an app would."""
        now = datetime.now(UTC)
        for place, deed in enumerate(deeds):
            self.times.setdefault(deed.id, now + timedelta(microseconds=place))
        entries = [Numbered(n, _entry(self._row(deed), bus)) for n, deed in enumerate(deeds)]
        waiting = {numbered.line: numbered for numbered in entries}
        for _ in range(RETRIES_MAX):
            try:
                for answered in put_events(clients, [*waiting.values()]):
                    refused = {no.line for no in answered.refused}
                    through = [line for line in waiting if line <= answered.through]
                    for line in through:
                        if line not in refused:
                            del waiting[line]
            except TransientError:
                time.sleep(0.2)
            if not waiting:
                self.put_count += len(entries)
                return
        raise TimeoutError("the bus has not taken an event in all that time")

    def _row(self, deed: Deed) -> dict[str, Any]:
        return {
            "user": deed.user,
            "event": deed.name,
            "id": deed.id,
            "time": self.times[deed.id].isoformat(),
            "attributes": {"email": f"{deed.user}@unless.example", "name": "Léa"},
        }


def _entry(row: dict[str, Any], bus: str) -> Any:
    entry = as_put_entry(row, source=SOURCE, bus=bus)
    assert not isinstance(entry, Rejected), entry
    return entry


def traffic(users: str, events: int, seconds: float, chance: random.Random) -> Traffic:
    """Draw about so many events over so many seconds, of users whose ids begin so."""
    deeds: list[Deed] = []
    last: list[Deed] = []
    number = 0
    while len(deeds) + len(last) < events:
        user, number = f"{users}{number}", number + 1
        own = _story(user, chance, seconds)
        again = [
            Deed(deed.after + chance.uniform(0.5, 4), deed.user, deed.name, deed.id)
            for deed in own
            if chance.random() < PUT_AGAIN
        ]
        deeds += [*own, *again]
        last.append(Deed(0, user, "trial_left", f"{user}-trial_left"))
    return Traffic(users, deeds, last)


def _story(user: str, chance: random.Random, seconds: float) -> Iterator[Deed] | list[Deed]:
    def at(after: float, name: str, number: int = 0) -> Deed:
        return Deed(after, user, name, f"{user}-{name}{number or ''}")

    begin = chance.uniform(0, seconds)
    story = [
        at(begin, "hello"),
        at(begin + chance.uniform(0, 1), "cart_left"),
        at(begin + chance.uniform(0, 2), "trial_began"),
        at(begin + chance.uniform(0, 2), "registered"),
    ]
    story += [at(begin + chance.uniform(0, 5), "searched", n) for n in (1, 2, 3)]
    if chance.random() < 0.5:
        story.append(at(begin + chance.uniform(2, 9), "purchase"))
    return story
