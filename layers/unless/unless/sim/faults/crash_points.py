"""
Every call of a history, hit by every kind of fault, one at a time; then on to rest.

Random histories find what needs several things to go wrong; this leaves out no single one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from unless.definitions.operating import Action
from unless.sim.faults.chance import Chance
from unless.sim.faults.faults import KINDS, Fault, NoFaults, NumberedFaults, OneFault
from unless.sim.faults.history import (
    Deleted,
    Happening,
    Happens,
    History,
    Operated,
    Published,
)
from unless.sim.faults.promises import Breach
from unless.sim.faults.running import run
from unless.sim.scenario import Row, Scenario


@dataclass(frozen=True, slots=True)
class CrashPoint:
    """What became of a history in which the n-th call was hit."""

    name: str
    call: int
    fault: Fault
    breaches: tuple[Breach, ...]


def crash_points(
    name: str, history: History, *, wanted: Callable[[int, Fault], bool] = lambda *_: True
) -> Iterator[CrashPoint]:
    """Yield every point of a history that is wanted, by its call, counted from 1, and fault."""
    calls = run(history, NoFaults()).calls
    for call in range(1, calls + 1):
        for fault in KINDS:
            if wanted(call, fault):
                outcome = run(history, OneFault(call, fault))
                yield CrashPoint(name, call, fault, outcome.breaches)


@dataclass(frozen=True, slots=True)
class CrashPair:
    """What became of a history in which two calls were hit, each with its fault."""

    name: str
    first: tuple[int, Fault]
    second: tuple[int, Fault]
    breaches: tuple[Breach, ...]


def crash_pairs(
    name: str, history: History, *, wanted: Callable[[int, Fault], bool] = lambda *_: True
) -> Iterator[CrashPair]:
    """
    Yield every pair of points of a history whose first is wanted; the second is a call of the run
    that the first makes.
    """
    for number in range(1, run(history, NoFaults()).calls + 1):
        for fault in KINDS:
            if not wanted(number, fault):
                continue
            calls = run(history, OneFault(number, fault)).calls
            for later in range(number + 1, calls + 1):
                for other in KINDS:
                    outcome = run(history, NumberedFaults({number: fault, later: other}))
                    yield CrashPair(name, (number, fault), (later, other), outcome.breaches)


def shortest(histories: Iterable[tuple[str, History]], number: int) -> list[tuple[str, History]]:
    """Return so many of the histories, by name: those with the fewest calls that send anything."""
    counted = []
    for name, history in histories:
        outcome = run(history, NoFaults(), keep_calls=True)
        if any(call.name.endswith(".send") for call in outcome.observed.calls):
            counted.append((outcome.calls, name, history))
    return [(name, history) for _, name, history in sorted(counted, key=lambda c: c[:2])[:number]]


def a_share(share: float, seed: int, name: str) -> Callable[[int, Fault], bool]:
    """Return what wants that share of a history's points, by chance."""
    chance = Chance(seed)
    return lambda call, fault: chance.happens(share, name, call, fault)


def histories_of(scenarios: Iterable[Scenario]) -> Iterator[tuple[str, History]]:
    """Yield the scenarios that can be played with faults, by name; see `history_of`."""
    for scenario in scenarios:
        history = history_of(scenario)
        if history is not None:
            yield scenario.name, history


def history_of(scenario: Scenario, *, sweeper: bool = False) -> History | None:
    """
    Return a scenario as a history in which nothing goes wrong by itself.

    None for one that expects to be refused, has no event, or begins with a past of its users.
    """
    has_past = any("history" in values for values in scenario.users.values())
    rows = scenario.when
    if scenario.expect is None or has_past or not any(row.operation is None for row in rows):
        return None
    if (rows[-1].at - rows[0].at) > timedelta(days=60):
        return None
    workspace = dict(scenario.workspace or {})
    happenings = tuple(_happening(row, number) for number, row in enumerate(rows))
    return History(
        seed=0,
        users={name: values.get("attributes", {}) for name, values in scenario.users.items()},
        documents=tuple(scenario.define),
        happenings=happenings,
        workspace=workspace,
        sweeper=sweeper,
        start=rows[0].at - timedelta(seconds=1),
        zone=str(workspace.get("zone", "UTC")),
    )


def _happening(row: Row, number: int) -> Happening:
    values = row.values
    name = str(values.get("campaign") or values.get("journey"))
    match row.operation:
        case None:
            return _event(row, number)
        case "publish":
            define = values["define"]
            return Published(row.at, define[0] if isinstance(define, list) else define)
        case "delete_user":
            return Deleted(row.at, str(values["user"]))
        case operation:
            return Operated(row.at, Action(operation), name)


def _event(row: Row, number: int) -> Happens:
    values: dict[str, Any] = dict(row.values)
    time = values.get("time", row.at)
    return Happens(
        at=row.at,
        id=str(values.get("id", f"row-{number}")),
        user=str(values["user"]),
        event=str(values["event"]),
        time=time if isinstance(time, datetime) else datetime.fromisoformat(str(time)),
        properties=values.get("properties", {}),
        attributes=values.get("attributes", {}),
    )
