"""
The engine beside the oracle: what each says of a scenario, what differs, and the smallest case.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.property.oracle.clock import utc
from tests.property.oracle.oracle import Oracle
from tests.property.oracle.plain import with_instants
from unless.engine.records import Record
from unless.sim.expectations import pending_rows, terminal_rows
from unless.sim.runner import broken_invariants, run_scenario
from unless.sim.scenario import read_scenarios
from unless.sim.world import PureWorld

STATED = ("user", "campaign", "journey", "outcome", "reason", "event", "at", "row", "after_s")
STATED_BY_BOTH = ("step", "due")
"""What is compared only where both sides state it."""

type Row = dict[str, Any]


class Refused(Exception):
    """`unless check` refuses the scenario's definitions, so there is nothing to compare."""


def of_oracle(scenario: Mapping[str, Any]) -> list[Row]:
    """Return the terminal records and what is pending, by the oracle."""
    oracle = Oracle(with_instants(scenario)).run()
    rows = [*oracle.records, *oracle.converted, *oracle.pending()]
    return [row | {"event": re.sub(r"<update>\d+", "<update>", row["event"])} for row in rows]


def of_engine(scenario: Mapping[str, Any]) -> list[Row]:
    """
    Return the terminal records and what is pending, by the engine in memory.

    Raises:
        Refused: a definition is not valid.
    """
    return _rows(_played(scenario))


def _rows(world: PureWorld) -> list[Row]:
    made = world.records()
    rows = [*terminal_rows(made), *_conversions(made)]
    rows += pending_rows(world.pending(), world.step_of)
    sends = {row["send"]: row for row in map(Record.as_json, made) if row["outcome"] == "sent"}
    return [_plain(row, sends) for row in rows]


def _conversions(made: Sequence[Record]) -> Iterator[Row]:
    """Yield the conversions of receipts; what those without a message do is no matter of SPEC."""
    for row in map(Record.as_json, made):
        if row["outcome"] == "converted" and row.get("reason") is None:
            yield row | {key: row["detail"][key] for key in ("row", "after_s")}


def _played(scenario: Mapping[str, Any]) -> PureWorld:
    worlds: list[PureWorld] = []
    with TemporaryDirectory() as directory:
        path = Path(directory) / "scenario.yaml"
        path.write_text(json.dumps(scenario))
        [read] = read_scenarios(path)
    result = run_scenario(read, lambda: _kept(worlds))
    if not worlds:
        raise Refused("; ".join(result.problems))
    return worlds[-1]


def _kept(worlds: list[PureWorld]) -> PureWorld:
    worlds.append(PureWorld())
    return worlds[-1]


def _plain(row: Mapping[str, Any], sends: Mapping[str, Row]) -> Row:
    """Return what both sides state; ids that are hashes are named by what they were made of."""

    def named(event: str) -> str:
        root, sharp, rest = event.partition("#")
        if not sharp or re.match(r"(e|row )\d+$", root):
            return event
        if (of := sends.get(root)) is None:  # no event and no send
            return f"<update>#{rest}"
        owner = of["campaign"] if "campaign" in of else f"{of['journey']} {of['step']}"
        return f"<{owner} {named(of['event'])}>#{rest}"

    times = {key: utc(row[key]) for key in ("at", "due") if row.get(key)}
    stated = {key: row.get(key) for key in (*STATED, *STATED_BY_BOTH)}
    stated["also"] = (row.get("detail") or {}).get("also")
    return stated | {"event": named(str(row["event"]))} | times


def differences(scenario: Mapping[str, Any]) -> list[str]:
    """
    Return a sentence for each row that only one side has, and each trigger that did not end once;
    none when they agree.
    """
    until = utc(scenario.get("until"))
    world = _played(scenario)
    wanted, got = of_oracle(scenario), _rows(world)
    for row in [*wanted, *got]:
        if _was_stopped(row):  # The record comes at the stop or as late as the due time (L1).
            row["at"] = None
    sentences = []
    for row in wanted:
        twin = next((other for other in got if _agree(row, other)), None)
        if twin is not None:
            got.remove(twin)
        elif not _may_come_later(row, until):
            sentences.append(f"only the oracle: {_sentence(row)}")
    sentences += [f"only the engine: {_sentence(row)}" for row in got]
    return sentences + broken_invariants(world)


def _agree(row: Row, other: Row) -> bool:
    both = [key for key in STATED_BY_BOTH if row.get(key) and other.get(key)]
    also = row.get("also")  # of the oracle, which states it for what fails at the claim
    return all(row.get(key) == other.get(key) for key in (*STATED, *both)) and (
        also is None or also == (other.get("also") or [])
    )


def _was_stopped(row: Row) -> bool:
    return bool(row["outcome"] == "cancelled" and row["reason"] == "campaign_stopped")


def _may_come_later(row: Row, until: Any) -> bool:
    return _was_stopped(row) and bool(until) and bool(row["due"] > until)


def _sentence(row: Row) -> str:
    return " ".join(
        f"{key}={value.isoformat() if hasattr(value, 'isoformat') else value}"
        for key in (*STATED, *STATED_BY_BOTH, "also")
        if (value := row.get(key)) is not None
    )


def differ(scenario: Row) -> bool:
    """Whether the two disagree on a scenario whose definitions `unless check` accepts."""
    published = [row["define"] for row in scenario["when"] if row.get("do") == "publish"]
    segments = [one for one in scenario["define"] if "segment" in one]
    try:
        for definition in published:
            rows = definition if isinstance(definition, list) else [definition]
            of_engine({**scenario, "when": [], "define": [*segments, *rows]})
        return bool(differences(scenario))
    except Refused:
        return False


def shrink(scenario: Row, still: Callable[[Row], bool] = differ) -> Row:
    """Return a scenario of which nothing more can be taken away while the two still disagree."""
    while True:
        for smaller in _smaller(scenario):
            try:
                found = still(smaller)
            except Exception:  # noqa: S112 (half a scenario may be none at all)
                continue
            if found:
                scenario = smaller
                break
        else:
            return scenario


def _smaller(value: Row) -> Iterator[Row]:
    """Yield copies of the scenario without one of its parts, large parts first."""
    paths = sorted(_paths(value, ()), key=len)
    for path in paths:
        if path[-1] in ("expect", "scenario", "id"):
            continue
        copy = deepcopy(value)
        place: Any = copy
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        yield copy


def _paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    steps = list(value) if isinstance(value, dict) else []
    if isinstance(value, list):
        steps = list(range(len(value)))
    for step in steps:
        yield (*path, step)
        yield from _paths(value[step], (*path, step))
