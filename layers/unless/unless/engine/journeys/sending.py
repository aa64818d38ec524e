"""
A run whose step is over: a wait that has lasted its time, or a message that is due (SPEC J6, J8).
"""

from collections.abc import Iterator
from dataclasses import replace

from unless.engine.claims import Hold, Outgoing, outgoing_of
from unless.engine.eligibility import Refusal, lateness, quiet_at, zone_detail
from unless.engine.fold import Fold
from unless.engine.identity import step_id
from unless.engine.in_app import expired, keep_for_session
from unless.engine.journeys.exits import leave, reason_to_leave
from unless.engine.journeys.records import message_record
from unless.engine.journeys.walking import Departure, Happened, depart, planned_step
from unless.engine.message_checks import Check, MessageTrial
from unless.engine.model import Receipt, Run
from unless.engine.records import Outcome
from unless.engine.timing import hold


def step_is_due(fold: Fold, run: Run) -> Iterator[Happened]:
    """Let a run whose due time has come go on: after a wait at once, else with its message."""
    planned = planned_step(fold, run)
    outgoing = outgoing_of(run, fold.definitions)
    if outgoing is None:
        send = step_id(run.id, planned.number)
        yield from depart(fold, run, Departure(planned.onward, run.due), send)
    else:
        yield from _judge_message(fold, run, outgoing)


def _judge_message(fold: Fold, run: Run, outgoing: Outgoing) -> Iterator[Happened]:
    """Claim the message, hold it, or skip it and go on (J8); exit criteria come first."""
    leaving = reason_to_leave(fold, run)
    if leaving is not None:
        leave(fold, run, leaving)
        return
    trial = MessageTrial(fold, run, outgoing)
    verdict = next((found for check in _checks(trial, run) if (found := check())), None)
    if verdict is None and trial.waits_for_session:
        keep_for_session(fold, run, outgoing.message)
    elif verdict is None:
        trial.claim(_receipt(fold, outgoing))
    elif isinstance(verdict, Hold):
        # What is kept goes back to wait: when the hold is over, the session may be, too.
        fold.wait_on(run, run.kept.until if run.kept else verdict.until)
    else:
        yield from message_is_over(fold, run, Outcome.SKIPPED, verdict)


def _checks(trial: MessageTrial, run: Run) -> Iterator[Check]:
    """Yield the checks of T3 after the exit criteria, in their order."""
    fold = trial.fold
    yield lambda: expired(fold, run) or lateness(run.due, fold.now, fold.definitions)
    yield from trial.checks(lambda: _quiet(fold, run))


def _quiet(fold: Fold, run: Run) -> Refusal | Hold | None:
    quiet = fold.definitions.program(run).quiet_hours
    refusal = quiet_at(quiet, fold.now, fold.zones)
    if refusal is None or quiet is None or quiet.then == "drop":
        return refusal
    return Hold(hold(fold.now, None, quiet, fold.zones) or run.due, "quiet_hours")


def _receipt(fold: Fold, outgoing: Outgoing) -> Receipt:
    return Receipt(
        send=outgoing.send,
        definition=outgoing.definition,
        time=fold.now,
        channel=outgoing.message.channel,
        tags=outgoing.tags,
    )


def record_message(fold: Fold, run: Run, outcome: Outcome, refusal: Refusal | None) -> Run:
    """Record what became of the run's message; return the run, whose steps so far are now told."""
    planned = planned_step(fold, run)
    program = fold.definitions.program(run)
    zone = zone_detail(fold.zones, asked=program.in_user_zone)
    reason = refusal.reason if refusal else None
    detail = {**zone, **(refusal.detail if refusal else {})}
    send = step_id(run.id, planned.number)
    fold.records.append(message_record(run, planned.name, send, fold.now, outcome, reason, detail))
    told = replace(run, trail=())
    fold.keep(told)
    return told


def message_is_over(
    fold: Fold, run: Run, outcome: Outcome, refusal: Refusal | None
) -> Iterator[Happened]:
    """Record what became of the run's message, and let it go on: a message moves everyone on."""
    told = record_message(fold, run, outcome, refusal)
    planned = planned_step(fold, told)
    send = step_id(run.id, planned.number)
    yield from depart(fold, told, Departure(planned.onward, fold.now), send)
