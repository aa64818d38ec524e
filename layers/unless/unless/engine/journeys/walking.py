"""
From step to step: what each one does, how long it keeps a run, and where it leads (SPEC J6 to J9).
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from unless.definitions.delays import AfterDelay
from unless.definitions.steps import (
    BranchStep,
    DelayStep,
    ExitStep,
    ExperimentStep,
    MessageStep,
    SplitStep,
    UpdateStep,
    WaitFor,
    WaitForStep,
)
from unless.engine.attributes import apply_attributes
from unless.engine.decision import CancelTimer
from unless.engine.eligibility import Refusal
from unless.engine.fold import Fold
from unless.engine.identity import step_id
from unless.engine.journeys.exits import complete, leave, leave_if_exited, reason_to_leave
from unless.engine.journeys.program import END, PlannedStep, Way
from unless.engine.journeys.records import with_visit
from unless.engine.model import DueStatus, Run, UserEvent, Visit
from unless.engine.records import Reason
from unless.engine.timing import due_at, hold
from unless.engine.zone_change import follow_zone

type Happened = tuple[UserEvent, ...]
"""What a step of a run has derived, to be taken in before the run goes on."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A step is over: the way on, and the instant at which the run arrives there."""

    way: Way
    at: datetime


def wake(fold: Fold, event: UserEvent, entered: Container[str]) -> Iterator[str]:
    """
    Move each run on whose `wait_for` the event ends, and yield its id if it has not left (J9).

    Runs that have `entered` by the same event, or are on their way, are not waiting yet.
    """
    for run in fold.runs():
        way = None if run.id in entered or run.id in fold.walking else _opened(fold, run, event)
        if way is not None:
            fold.effects.append(CancelTimer(run))
            moved = _end_step(fold, run, Departure(way, event.time), event.root)
            if moved is not None:
                fold.keep(moved)
                yield moved.id


def _opened(fold: Fold, run: Run, event: UserEvent) -> Way | None:
    """Return the way that the event opens for the run, None when it opens none."""
    planned = planned_step(fold, run)
    is_waiting = isinstance(planned.step, WaitForStep) and run.moved_by != event.root
    if not is_waiting or not run.arrived <= event.time <= run.due:
        return None
    for way in planned.ways:
        awaited = way.awaited
        if awaited is None or awaited.event != event.name:
            continue
        if awaited.filter.mismatch(event.properties, fold.now) is None:
            return way
    return None


def depart(fold: Fold, run: Run, departure: Departure, moved_by: str) -> Iterator[Happened]:
    """End the run's step, and let it walk to the next one that keeps it."""
    moved = _end_step(fold, run, departure, moved_by)
    if moved is not None:
        yield from arrive(fold, moved)


def arrive(fold: Fold, run: Run) -> Iterator[Happened]:
    """Let a run that has arrived at its step walk on until a step keeps it, or it ends."""
    is_new = run.turn == 0 and fold.definitions.program(run).immediate
    going: Run | None = None if is_new and leave_if_exited(fold, run) else run
    while going is not None:
        planned = planned_step(fold, going)
        if isinstance(planned.step, UpdateStep):
            fold.keep(going)
            yield _update(fold, going, planned, planned.step)
            going = fold.run(going.id)
            if going is None:
                return
        departure = _begin(fold, going, planned)
        if departure is None:
            return
        going = _end_step(fold, going, departure, going.moved_by)


def planned_step(fold: Fold, run: Run) -> PlannedStep:
    """Return the step in which the run is."""
    return fold.definitions.program(run).steps[run.place]


def _end_step(fold: Fold, run: Run, departure: Departure, moved_by: str) -> Run | None:
    """
    Return the run in front of its next step: first the exit criteria, then the result (J6).

    None when it has left the journey, or there is no next step.
    """
    planned = planned_step(fold, run)
    visited = with_visit(run, Visit(planned.name, run.arrived, departure.way.took))
    refusal = reason_to_leave(fold, run)
    if refusal is None and isinstance(planned.step, ExitStep):
        refusal = Refusal(Reason.EXIT_STEP)
    if refusal is not None:
        leave(fold, visited, refusal)
        return None
    if departure.way.to == END:
        complete(fold, visited)
        return None
    return replace(
        visited,
        place=departure.way.to,
        arrived=departure.at,
        moved_by=moved_by,
        status=DueStatus.WAITING,
        turn=run.turn + 1,
        lease_until=None,
        kept=None,
    )


def _begin(fold: Fold, run: Run, planned: PlannedStep) -> Departure | None:
    """Return the departure from a step that takes no time; None when it keeps the run."""
    step = planned.step
    match step:
        case DelayStep():
            return _delay(fold, run, planned, step)
        case WaitForStep():
            return _wait_for(fold, run, planned, step.wait_for)
        case MessageStep():
            quiet = fold.definitions.program(run).quiet_hours
            due = hold(run.arrived, None, quiet, fold.zones) or run.arrived
            fold.schedule(replace(run, due=due))
            return None
        case SplitStep() | BranchStep():
            return Departure(_first_that_fits(fold, planned), run.arrived)
        case ExperimentStep():
            return Departure(_assigned(run, planned), run.arrived)
        case _:
            return Departure(planned.onward, run.arrived)


def _delay(fold: Fold, run: Run, planned: PlannedStep, step: DelayStep) -> Departure | None:
    if planned.onward.to == END:  # nothing follows, so there is nothing to wait for (J12)
        return Departure(planned.onward, run.arrived)
    due = due_at(step.delay, run.arrived, run.properties, fold.zones, fold.state.hours)
    if isinstance(due, Reason):
        leave(fold, run, reason_to_leave(fold, run) or Refusal(due))
    else:
        fold.schedule(replace(run, due=due))
    return None


def _wait_for(fold: Fold, run: Run, planned: PlannedStep, wait: WaitFor) -> Departure | None:
    due = due_at(AfterDelay(after=wait.within), run.arrived, run.properties, fold.zones)
    if isinstance(due, Reason):  # beyond the last year that a calendar has
        leave(fold, run, Refusal(due))
        return None
    known = _known_departure(fold, run, planned, due)
    if known is None:
        fold.schedule(replace(run, due=due))
    return known


def _known_departure(fold: Fold, run: Run, planned: PlannedStep, due: datetime) -> Departure | None:
    """
    Return the way of the first event on record after the arrival; it came before it (V4).

    What the run itself has derived on its way is not what it waits for.
    """
    own = f"{run.id}."
    times = [
        (mark.time, place)
        for place, way in enumerate(planned.ways)
        if way.awaited is not None
        for mark in fold.state.marks
        if (mark.definition, mark.row) == (run.definition, way.awaited.key)
        and run.arrived < mark.time <= due
        and not mark.event.startswith(own)
    ]
    if not times:
        return None
    at, place = min(times)
    return Departure(planned.ways[place], at)


def _first_that_fits(fold: Fold, planned: PlannedStep) -> Way:
    return next(
        way
        for way in planned.ways
        if way.audience is None or way.audience.mismatch(fold.state, fold.now) is None
    )


def _assigned(run: Run, planned: PlannedStep) -> Way:
    """Return the user's way of an experiment: the same one at every entry."""
    about = "\x1f".join((run.user, run.definition, planned.name))
    digest = sha256(about.encode("utf-8", "surrogatepass")).digest()
    # 64 bits against weights of at most some millions: uniform to a trillionth.
    left = int.from_bytes(digest[:8]) % sum(way.weight for way in planned.ways)
    for way in planned.ways:
        left -= way.weight
        if left < 0:
            return way
    raise AssertionError("the weights do not add up")


def _update(fold: Fold, run: Run, planned: PlannedStep, step: UpdateStep) -> Happened:
    """Change the profile now, and return what that derives."""
    name = step_id(run.id, planned.number)
    update = UserEvent(
        id=name,
        user=run.user,
        name="update",
        time=fold.now,
        arrived=fold.now,
        attributes=step.update.attributes,
        hops=run.hops,
        root=name,
    )
    changed, derived = apply_attributes(fold.state, update)
    follow_zone(fold, changed)
    return derived
