"""
What a trigger would begin: a send with its due time and what could still stop it, or a run.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from unless.definitions.filters import Audience, Where
from unless.definitions.models import ExceptionRow
from unless.engine.claims import Hold
from unless.engine.eligibility import Refusal, zone_detail
from unless.engine.fold import Fold
from unless.engine.identity import run_id, send_id
from unless.engine.journeys.entering import Enter
from unless.engine.model import ExitEvent, PendingSend, UserEvent
from unless.engine.paths import parse_path
from unless.engine.sending import claim_refusals
from unless.engine.timing import hold
from unless.engine.trials import CampaignTrial, JourneyTrial

HOLDS_MAX = 16
"""Most moves of one due time that are told; window and quiet hours agree long before."""


@dataclass(frozen=True, slots=True)
class Canceller:
    """
    An event that would cancel the send, or take the user out of the run.

    `match` holds the values that it must have at its own paths. With `never`, the trigger has no
    value for one of them, and no event can match (E6).
    """

    event: str
    where: Where
    match: Mapping[str, Any] = field(default_factory=dict)
    never: bool = False


@dataclass(frozen=True, slots=True)
class Starting:
    """
    The send that would be scheduled; instants are UTC.

    `asked` is the due time by the delay alone, `holds` what moved it from there to `due`; one that
    is past means at once. `at_claim` is what would keep it from going out when it is due, if
    nothing more happened until then. `zone` says that the workspace's zone stands in.
    """

    send: str
    due: datetime
    asked: datetime
    holds: tuple[Hold, ...] = ()
    cancelled_by: tuple[Canceller, ...] = ()
    at_claim: tuple[Refusal | Hold, ...] = ()
    zone: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entering:
    """
    The run that would begin, and where it would first wait; `due` is UTC.

    `step` and `due` are None when it would end at once, and for a journey that does nothing. `exit`
    is an exit event that is on record already (V4), `exits` and `exit_audience` are what would take
    the user out later.
    """

    run: str
    step: str | None
    due: datetime | None
    exit: ExitEvent | None = None
    exits: tuple[Canceller, ...] = ()
    exit_audience: Audience | None = None
    zone: Mapping[str, Any] = field(default_factory=dict)


def starting(trial: CampaignTrial, fold: Fold) -> Starting:
    """Return the send that the event, which nothing refuses, starts; `fold` has taken it in."""
    plan, event = trial.plan, trial.event
    due = trial.due if trial.due is not None else trial.now
    asked = trial.asked if isinstance(trial.asked, datetime) else due
    send = PendingSend(
        id=send_id(event.user, plan.id, event.id, event.time),
        user=event.user,
        definition=plan.id,
        event=event.id,
        name=event.name,
        triggered_at=event.time,
        due=due,
        properties=event.properties,
        generation=plan.generation,
    )
    then = Fold(fold.state, fold.definitions, max(due, fold.now))
    return Starting(
        send=send.id,
        due=due,
        asked=asked,
        holds=tuple(_holds(trial, asked)),
        cancelled_by=cancellers(plan.campaign.unless, event),
        at_claim=tuple(claim_refusals(then, send, plan)),
        zone=zone_detail(trial.zones, asked=plan.in_user_zone),
    )


def entering(trial: JourneyTrial, how: Enter, fold: Fold) -> Entering:
    """Return the run that the event, which nothing refuses, begins; `fold` has taken it in."""
    plan, event = trial.plan, trial.event
    name = run_id(event.user, plan.id, event.id, event.time)
    run = fold.run(name)
    program = fold.definitions.programs[plan.version]
    return Entering(
        run=name,
        step=program.steps[run.place].name if run else None,
        due=run.due if run else None,
        exit=how.exit,
        exits=cancellers(plan.journey.exit.events, event),
        exit_audience=plan.journey.exit.audience,
        zone=how.detail,
    )


def cancellers(rows: Iterable[ExceptionRow], trigger: UserEvent) -> tuple[Canceller, ...]:
    """Return the exceptions with the values of this trigger that they must match."""
    return tuple(_canceller(row, trigger) for row in rows)


def _canceller(row: ExceptionRow, trigger: UserEvent) -> Canceller:
    wanted: dict[str, Any] = {}
    for of_exception, of_trigger in (row.match or {}).items():
        values = parse_path(of_trigger).values(trigger.properties)
        if not values:
            return Canceller(row.event, row.where, never=True)
        wanted[of_exception] = values[0]
    return Canceller(row.event, row.where, wanted)


def _holds(trial: CampaignTrial, asked: datetime) -> Iterator[Hold]:
    """Yield, in turn, what moves the due time, and until when (D1a)."""
    plan = trial.plan
    is_past = trial.held is not None and trial.held < trial.now
    at = trial.now if is_past else asked
    for _ in range(HOLDS_MAX):
        opening = hold(at, plan.window, None, trial.zones)
        if opening is not None and opening != at:
            yield Hold(opening, "window")
            at = opening
        end = hold(at, None, plan.quiet_hours, trial.zones)
        if end is None or end == at:
            return
        yield Hold(end, "quiet_hours")
        at = end
