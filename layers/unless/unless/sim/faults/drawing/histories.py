"""
Histories drawn from a seed: most of what happens, happens at a few instants, so that it meets.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from unless.definitions.operating import Action
from unless.sim.faults.drawing.definitions import draw_definitions, draw_workspace
from unless.sim.faults.faults import Outage
from unless.sim.faults.history import (
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

NAMES = ("added", "added", "added", "viewed", "viewed", "bought", "bought", "left", "opened")

CLOSE = (0.0, 0.0, 0.001, 0.01, 0.02, 0.1, 0.5, 1.0, 3.0, 30.0, 59.0)
"""Seconds between things that happen at almost the same time."""


def draw_history(seed: int, *, sweeper: bool | None = None) -> History:
    """Return the history of that seed; `sweeper`, where given, says whether the sweeper runs."""
    draw = Random(seed)  # noqa: S311 - chance, no secret
    names = [f"u{number}" for number in range(draw.choice([1, 1, 2, 3]))]
    documents = draw_definitions(draw, draw.randint(2, 8))
    events = [_event(draw, number, names) for number in range(draw.randint(2, 30))]
    others = _others(draw, names, documents)
    swept = draw.random() < 0.7 if sweeper is None else (draw.random(), sweeper)[1]
    happenings: list[Happening] = [*events, *others]
    happenings.sort(key=lambda happening: happening.at)
    return History(
        seed=seed,
        users={name: _attributes(draw, name) for name in names},
        documents=tuple(documents),
        happenings=tuple(happenings),
        workspace=draw_workspace(draw),
        trouble=_trouble(draw, swept=swept),
        sweeper=swept,
    )


def _attributes(draw: Random, name: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {"phone": "+33600000000", "plan": draw.choice(["gold", "free"])}
    if draw.random() < 0.9:
        attributes["email"] = f"{name}@example.com"
    return attributes


def _instant(draw: Random) -> datetime:
    """Return an instant at which other things are likely to happen, too."""
    return START + draw.choice(SPANS) + timedelta(seconds=draw.choice(CLOSE))


def _event(draw: Random, number: int, users: list[str]) -> Happens:
    at = _instant(draw)
    late = timedelta(minutes=draw.choice([1, 15, 90])) if draw.random() < 0.1 else timedelta(0)
    properties: dict[str, Any] = {"cart": draw.choice([1, 1, 2]), "kind": draw.choice(["a", "b"])}
    if draw.random() < 0.1:
        properties["large"] = True
    attributes: dict[str, Any] = {}
    if draw.random() < 0.12:
        attributes["plan"] = draw.choice(["gold", "free"])
    if draw.random() < 0.08:
        attributes["email"] = f"new{number}@example.com"
    copies = draw.choice([1, 1, 2]) if draw.random() < 0.25 else 0
    return Happens(
        at=at,
        id=f"e{number}",
        user=draw.choice(users),
        event=draw.choice(NAMES),
        time=at - late,
        properties=properties,
        attributes=attributes,
        again=tuple(_later(draw) for _ in range(copies)),
        broken=draw.random() < 0.02,
    )


def _later(draw: Random) -> timedelta:
    """Return how much later a copy of a message comes."""
    return timedelta(seconds=draw.choice([*CLOSE, 60.0, 600.0, 5400.0, 40_000.0]))


def _others(draw: Random, users: list[str], documents: list[dict[str, Any]]) -> list[Happening]:
    others: list[Happening] = []
    ids = [document.get("campaign") or document["journey"] for document in documents]
    if draw.random() < 0.35:
        name, at = draw.choice(ids), _instant(draw)
        action = draw.choice([Action.PAUSE, Action.PAUSE, Action.STOP, Action.ARCHIVE])
        others.append(Operated(at, action, name))
        if draw.random() < 0.7:
            others.append(Operated(at + draw.choice(SPANS[3:]), Action.RESUME, name))
    if draw.random() < 0.2:
        place = draw.randrange(len(documents))
        others.append(Published(_instant(draw), _edited(draw, documents[place])))
    if draw.random() < 0.12:
        others.append(Deleted(_instant(draw), draw.choice(users)))
    if draw.random() < 0.12:
        others.append(Cancelled(_instant(draw), draw.choice(users)))
    return others


def _edited(draw: Random, document: dict[str, Any]) -> dict[str, Any]:
    """Return the same definition with something else in it."""
    new = draw_definitions(draw, 1)[0]
    name = "campaign" if "campaign" in document else "journey"
    while name not in new:
        new = draw_definitions(draw, 1)[0]
    return {**new, name: document[name]}


def _trouble(draw: Random, *, swept: bool) -> Trouble:
    faults = draw.choice([0.0, 0.01, 0.02, 0.04, 0.1])
    outages = (_outage(draw),) if draw.random() < 0.04 else ()
    return Trouble(
        faults=faults,
        # Without the sweeper a timer that is lost is lost: Scheduler promises at least once.
        dropped=0.03 if swept else 0.0,
        doubled=0.1,
        late=0.04,
        early=0.04,
        lost_acks=0.03,
        outages=outages,
    )


def _outage(draw: Random) -> Outage:
    since = START + draw.choice(SPANS)
    calls = draw.choice(["store", "timers", "ledger", "email", "snapshots", "store.commit"])
    return Outage(calls, since, since + timedelta(minutes=draw.choice([5, 60, 120, 240])))
