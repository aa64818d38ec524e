"""
Looking on while the application decides: `decide` is pure, so whoever looks on changes nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from unless.app import cancelling, deletion, dispatch, folding
from unless.aws import cached_definitions
from unless.definitions.snapshot import Snapshot
from unless.engine.decision import Decision, DueNotice, Input
from unless.engine.definitions import Definitions, compile_definitions
from unless.engine.model import DueStatus, UserState
from unless.sim.faults.observed import Decided
from unless.sim.faults.pipeline import Pipeline

DECIDERS = (folding, dispatch, deletion, cancelling)
"""The modules of the application that decide."""

type Decide = Callable[[UserState, Input, Definitions, datetime], Decision]


@contextmanager
def watching(pipeline: Pipeline) -> Iterator[None]:
    """Write down every decision while this lasts."""
    before: list[Decide] = [module.decide for module in DECIDERS]
    setattr(cached_definitions, "compile_definitions", _compiled_once())  # noqa: B010
    for module, decide in zip(DECIDERS, before, strict=True):
        setattr(module, "decide", _watched(decide, pipeline))  # noqa: B010 - mypy: it is imported
    try:
        yield
    finally:
        setattr(cached_definitions, "compile_definitions", compile_definitions)  # noqa: B010
        for module, decide in zip(DECIDERS, before, strict=True):
            setattr(module, "decide", decide)  # noqa: B010


def _compiled_once() -> Callable[[Snapshot], Definitions]:
    """Compile a snapshot once for all runs of a history; each compiles it itself in reality."""
    known: dict[int, tuple[Snapshot, Definitions]] = {}

    def compiled(snapshot: Snapshot) -> Definitions:
        if id(snapshot) not in known:
            known[id(snapshot)] = (snapshot, compile_definitions(snapshot))
        return known[id(snapshot)][1]

    return compiled


def _watched(decide: Decide, pipeline: Pipeline) -> Decide:
    observed, calls, scheduler = pipeline.observed, pipeline.calls, pipeline.scheduler

    def watched(state: UserState, what: Input, definitions: Definitions, now: datetime) -> Decision:
        decision = decide(state, what, definitions, now)
        process = calls.running
        stale = definitions.version != pipeline.ports.snapshots.present.version
        observed.decides(
            Decided(
                scheduler.now,
                now,
                process.name if process else "",
                state,
                what,
                definitions,
                decision,
                stale,
            )
        )
        if stale:
            observed.rare["stale definitions"] += 1
        if isinstance(what, DueNotice):
            item = state.pending.get(what.item)
            if item is not None and item.status is DueStatus.CLAIMED and item.lease_until:
                observed.rare["lease expired"] += now >= item.lease_until
        return decision

    return watched
