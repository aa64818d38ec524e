"""
What to say where a user is known and nothing was decided: never triggered, not yet, or long ago.
"""

from collections.abc import Iterator
from datetime import datetime

from unless.cli.console import count, printable
from unless.cli.why.sources import Known
from unless.cli.why.times import LocalClock, span_words
from unless.definitions.models import Status
from unless.engine.definitions import Definitions
from unless.engine.model import History, UserState
from unless.engine.plans import Plan

EVENTS_SHOWN_MAX = 10
"""Most names of events that are listed, the most frequent first."""


def nothing_decided(known: Known, name: str | None, since: datetime | None) -> Iterator[str]:
    """Yield sentences that say why there is no decision to tell, of one definition if named."""
    clock = LocalClock(known.zone)
    if since is not None and known.records:
        last = clock.when(known.records[0].at)
        yield f"Nothing was decided since {clock.when(since)}; the last decision is of {last}."
    elif known.definitions is None or known.state is None:
        about = f" for {name}" if name else ""
        yield f"{known.where} holds no decision about {known.who}{about}."
    elif known.state.deleted_at is not None:
        at = clock.at(known.state.deleted_at)
        yield f"{known.who} was deleted {at}, with all that had been decided until then."
    elif name is not None:
        plan = known.definitions.plans[name]
        yield from _of_definition(known, plan, known.definitions, known.state)
    else:
        kept = span_words(known.definitions.workspace.ledger.keep)
        yield (
            f"No decision about {known.who} is on record: no event of theirs is the trigger of "
            f"anything, or that was longer ago than records are kept ({kept})."
        )
        yield _events_so_far(known.state)


def _of_definition(
    known: Known, plan: Plan, definitions: Definitions, state: UserState
) -> Iterator[str]:
    """Yield why a published definition has no record about the user."""
    if plan.status in (Status.DRAFT, Status.ARCHIVED):
        status = "a draft" if plan.status is Status.DRAFT else "archived"
        yield f"{plan.id} is {status}: it judges no event and leaves no record."
        return
    names = list(plan.triggers)
    seen = {name: state.history[name] for name in names if name in state.history}
    triggers = " or ".join(map(printable, names))
    if seen:
        yield from _without_record(known, plan, definitions, seen)
    elif all(map(definitions.remembers, names)):
        yield (
            f"{plan.id} was never triggered for {known.who}: no event of theirs had the name "
            f"{triggers}."
        )
        yield _events_so_far(state)
    else:
        yield (
            f"No decision of {plan.id} about {known.who} is on record, and the workspace "
            f"remembers no {triggers} (`record`)."
        )


def _without_record(
    known: Known, plan: Plan, definitions: Definitions, seen: dict[str, History]
) -> Iterator[str]:
    """Yield why events that have happened left no record."""
    clock, keeping = LocalClock(known.zone), definitions.workspace.ledger
    for name, history in seen.items():
        last = f", last {clock.at(history.last)}" if history.last else ""
        yield (
            f"No decision of {plan.id} about {known.who} is on record, though the event "
            f"{printable(name)} happened {count(history.count, 'time')}{last}."
        )
    causes = [
        f"before {plan.id} was published",
        f"longer ago than records are kept ({span_words(keeping.keep)})",
    ]
    if keeping.filter_mismatch != "all":
        causes.append(
            "without passing the trigger's filter, which `ledger.filter_mismatch: "
            f"{keeping.filter_mismatch}` does not put on record"
        )
    yield f"It happened {', or '.join(causes)}."
    yield "`unless why USER --event FILE` judges such an event now, and changes nothing."


def _events_so_far(state: UserState) -> str:
    """Return what the user did so far, the most frequent first."""
    often = sorted(state.history.items(), key=lambda each: -each[1].count)
    said = [f"{printable(name)} ({history.count:,})" for name, history in often]
    if not said:
        return "No event of theirs is remembered."
    rest = len(said) - EVENTS_SHOWN_MAX
    more = f" and {rest} more" if rest > 0 else ""
    return f"Their events so far: {', '.join(said[:EVENTS_SHOWN_MAX])}{more}."
