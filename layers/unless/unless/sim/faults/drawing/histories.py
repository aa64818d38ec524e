"""
Histories drawn from a seed: most of what happens, happens at a few instants, so that it meets.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from unless.definitions.operating import Action
from unless.sim.faults.drawing.campaigns import PUNCTUAL
from unless.sim.faults.drawing.definitions import draw_definitions, draw_workspace
from unless.sim.faults.faults import Outage
from unless.sim.faults.history import (
    CALM_AFTER,
    CLOCK_CHANGES,
    START,
    Cancelled,
    Deleted,
    Happening,
    Happens,
    History,
    Operated,
    Published,
    Trouble,
)

SPANS = tuple(timedelta(minutes=m) for m in (0, 0, 0, 10, 10, 30, 60, 70, 120))
"""When what happens happens, after the start: delays of the campaigns, and sums of them."""

ZONES = ("UTC", "UTC", "Europe/Paris")

NAMES = ("added", "added", "added", "viewed", "viewed", "bought", "bought", "left", "opened")

SESSION = "session_start"

CLOSE = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.3, 1.6, 3.0, 59.0)
"""Seconds between things that happen at almost the same time."""

LATER = (*CLOSE, 60.0, 600.0, 5400.0, 40_000.0)
"""Seconds after which a copy of a message comes."""

SIZES = ((2, 5), (2, 5), (3, 8), (3, 8), (9, 30))
"""How many events there are: mostly few, which are quick and easily told."""

OUT = ("store", "store.commit", "timers", "ledger", "email", "webhook", "in_app", "snapshots")
"""Calls that fail for a while: all that begin like this."""

OUT_MINUTES = (5, 60, 120, 240)
"""How long they fail."""


def draw_history(seed: int, *, sweeper: bool | None = None) -> History:
    """Return the history of that seed; `sweeper`, where given, says whether the sweeper runs."""
    return _Drawing(seed).history(sweeper)


class _Drawing:
    """One history as it is drawn."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.draw = draw = Random(seed)  # noqa: S311 - chance, no secret
        self.start = CLOCK_CHANGES if draw.random() < 0.1 else START
        self.users = [f"u{number}" for number in range(draw.choice([1, 1, 2, 3]))]
        self.documents = draw_definitions(draw, draw.choice([2, 2, 3, 3, 4, 5, 8]), self.start)

    def history(self, sweeper: bool | None) -> History:
        draw = self.draw
        size = draw.randint(*draw.choice(SIZES))
        events = [self._event(number) for number in range(size)]
        happenings: list[Happening] = [*events, *self._others(), *self._duels(events)]
        happenings += self._sessions(events)
        happenings.sort(key=lambda happening: happening.at)
        by_chance = draw.random() < 0.7
        swept = by_chance if sweeper is None else sweeper
        return History(
            seed=self.seed,
            users={name: self._attributes(name) for name in self.users},
            documents=tuple(self.documents),
            happenings=tuple(happenings),
            workspace=draw_workspace(draw),
            trouble=self._trouble(swept=swept),
            sweeper=swept,
            start=self.start,
            zone="Europe/Paris" if self.start is CLOCK_CHANGES else draw.choice(ZONES),
        )

    def _attributes(self, name: str) -> dict[str, Any]:
        plan = self.draw.choice(["gold", "free"])
        attributes: dict[str, Any] = {"phone": "+33600000000", "plan": plan}
        if self.draw.random() < 0.9:
            attributes["push_endpoint"] = f"arn:aws:sns:eu-west-1:1:endpoint/{name}"
        if self.draw.random() < 0.7:
            attributes["subscription_groups"] = {"news": True}
        if self.draw.random() < 0.9:
            attributes["email"] = f"{name}@example.com"
        return attributes

    def _instant(self) -> datetime:
        """Return an instant at which other things are likely to happen, too."""
        close = timedelta(seconds=self.draw.choice(CLOSE))
        return self.start + self.draw.choice(SPANS) + close

    def _event(self, number: int) -> Happens:
        draw, at = self.draw, self._instant()
        late = timedelta(minutes=draw.choice([1, 15, 90]) if draw.random() < 0.1 else 0)
        kind = draw.choice(["a", "b"])
        properties: dict[str, Any] = {"cart": draw.choice([1, 1, 2]), "kind": kind}
        if draw.random() < 0.1:
            properties["large"] = True
        attributes: dict[str, Any] = {}
        if draw.random() < 0.12:
            attributes["plan"] = draw.choice(["gold", "free"])
        if draw.random() < 0.08:
            attributes["email"] = f"new{number}@example.com"
        if draw.random() < 0.04:
            attributes["email_subscribe"] = draw.choice(["unsubscribed", "subscribed"])
        if draw.random() < 0.02:
            attributes["subscription_groups"] = {"news": draw.random() < 0.3}
        copies = draw.choice([1, 1, 2]) if draw.random() < 0.25 else 0
        return Happens(
            at=at,
            id=f"e{number}",
            user=draw.choice(self.users),
            event=draw.choice(NAMES),
            time=at - late,
            properties=properties,
            attributes=attributes,
            again=tuple(timedelta(seconds=draw.choice(LATER)) for _ in range(copies)),
            broken=draw.random() < 0.02,
        )

    def _others(self) -> Iterator[Happening]:
        draw = self.draw
        if draw.random() < 0.35:
            document, at = draw.choice(self.documents), self._instant()
            name = document.get("campaign") or document["journey"]
            action = draw.choice([Action.PAUSE, Action.PAUSE, Action.STOP, Action.ARCHIVE])
            yield Operated(at, action, name)
            if draw.random() < 0.7:
                yield Operated(at + draw.choice(SPANS[3:]), Action.RESUME, name)
        if draw.random() < 0.2:
            yield Published(self._instant(), self._edited(draw.choice(self.documents)))
        if draw.random() < 0.15:
            yield Deleted(self._instant(), draw.choice(self.users))
        if draw.random() < 0.12:
            yield Cancelled(self._instant(), draw.choice(self.users))

    def _duels(self, events: list[Happens]) -> Iterator[Happening]:
        """Yield what happens just when a send is claimed: exceptions, and now and then worse."""
        draw = self.draw
        chances = [
            (trigger, row["event"])
            for document in self.documents
            if document.get("delay") == PUNCTUAL
            for row in document.get("unless", [])
            for trigger in events
            if trigger.event == document["trigger"]["event"]
        ]
        for number in range(draw.choice([0, 1, 2, 3]) if chances else 0):
            trigger, name = draw.choice(chances)
            # Just at the claim, or a little later: a message that was put off waits for a minute.
            seconds = draw.uniform(0.3, 1.8) if draw.random() < 0.8 else draw.uniform(2, 60)
            at = trigger.at + timedelta(minutes=10, seconds=seconds)
            if draw.random() < 0.25:
                yield Deleted(at, trigger.user)
            else:
                properties = {"cart": trigger.properties["cart"]}
                yield Happens(at, f"d{number}", trigger.user, name, at, properties)

    def _sessions(self, events: list[Happens]) -> Iterator[Happening]:
        """Yield sessions while in-app messages are kept, and those that make a best time known."""
        draw = self.draw
        text = str(self.documents)
        if "in_app" in text and draw.random() < 0.8:
            for number in range(draw.choice([1, 2, 4, 6])):
                event = draw.choice(events)
                after = timedelta(minutes=draw.choice([1, 11, 12, 13, 14, 15, 21, 30, 60]))
                at = event.at + after + timedelta(seconds=draw.choice(CLOSE))
                yield Happens(at, f"s{number}", event.user, SESSION, at)
        if "best_time" in text:
            for number in range(draw.choice([0, 5, 6])):
                at = self.start + timedelta(seconds=number)
                time = at - timedelta(hours=draw.choice([1, 20, 22, 22, 22]))
                yield Happens(at, f"b{number}", draw.choice(self.users), SESSION, time)

    def _edited(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return another definition under the same id."""
        kind = "campaign" if "campaign" in document else "journey"
        new = draw_definitions(self.draw, 1, self.start)[0]
        while kind not in new:
            new = draw_definitions(self.draw, 1, self.start)[0]
        return {**new, kind: document[kind]}

    def _trouble(self, *, swept: bool) -> Trouble:
        draw = self.draw
        return Trouble(
            faults=draw.choice([0.0, 0.01, 0.02, 0.04, 0.1]),
            # Without the sweeper a timer that is lost is lost: Scheduler promises at least once.
            dropped=0.03 if swept else 0.0,
            doubled=0.1,
            late=0.04,
            early=0.04,
            lost_acks=0.03,
            outages=(self._outage(),) if draw.random() < 0.04 else (),
            calm=self.start + CALM_AFTER,
        )

    def _outage(self) -> Outage:
        since, calls = self.start + self.draw.choice(SPANS), self.draw.choice(OUT)
        return Outage(calls, since, since + timedelta(minutes=self.draw.choice(OUT_MINUTES)))
