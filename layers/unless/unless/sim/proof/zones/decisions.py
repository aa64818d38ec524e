"""
The same times through `decide`: what is scheduled, refused, and sent around a change of a clock.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any

from unless.definitions.checks import check_values
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY
from unless.engine.decide import decide
from unless.engine.decision import Decision, Dispatch, DueNotice
from unless.engine.definitions import Definitions, compile_definitions
from unless.engine.model import Attribute, Run, UserEvent, UserState
from unless.engine.records import Outcome, Reason, Record
from unless.sim.proof.zones.clock import Clock
from unless.sim.proof.zones.day_parts import TODAY, DayPart, day_part, first_fit
from unless.sim.proof.zones.forms import FORMS, properties_at
from unless.sim.proof.zones.judging import due_or_past, moments

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

HELD, DROPPED, WALKED = "held", "dropped", "walked"
"""The events: of campaigns whose window holds, of such whose window drops, of journeys."""

NIGHT = (time(22), time(2, 30))
EARLY = (time(2, 15), time(5))
"""Quiet hours and a window that meet where clocks change, and leave room every day."""

type Expected = datetime | Reason


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the day that the definitions have, near one change of a clock."""

    night: DayPart
    early: DayPart


@cache
def _definitions() -> Definitions:
    documents: list[dict[str, Any]] = []
    for place, form in enumerate(FORMS):
        delay = dict(form.document)
        if form.of_journeys:
            steps = [{"delay": delay}, {"message": {"id": "m"}}]
            entry = {"trigger": {"event": WALKED}}
            documents.append({"journey": f"{WALKED}{place}", "entry": entry, "steps": steps})
            continue
        for event, window_does, quiet_does in (
            (HELD, {"trigger_outside": "hold", "send_outside": "hold"}, "hold"),
            (DROPPED, {"trigger_outside": "hold", "send_outside": "drop"}, "drop"),
        ):
            documents.append(
                {
                    "campaign": f"{event}{place}",
                    "trigger": {"event": event},
                    "delay": delay,
                    "window": {"from": _text(EARLY[0]), "to": _text(EARLY[1]), **window_does},
                    "quiet_hours": {"from": _text(NIGHT[0]), "to": _text(NIGHT[1])}
                    | {"then": quiet_does},
                    "reeligible": "always",
                }
            )
    checked = check_values(documents)
    if not checked.ok:
        raise ValueError(f"definitions with errors: {checked.errors}")
    return compile_definitions(publish(EMPTY, checked, LONG_AGO, launch_default=LONG_AGO)[0])


def _text(clock: time) -> str:
    return f"{clock:%H:%M}"


def wrong_decisions(zone: str, clock: Clock, change: datetime, seen: Counter[str]) -> Iterator[str]:
    """Yield a sentence for every decision around that change that is not as it must be."""
    parts = Parts(day_part(clock, *NIGHT, change), day_part(clock, *EARLY, change))
    for at in moments(change):
        for event in (HELD, DROPPED, WALKED):
            state, decision = _take(zone, clock, event, at)
            seen["decisions"] += 1 + len(state.pending)
            for place, form in enumerate(FORMS):
                if form.of_journeys is not (event == WALKED):
                    continue
                name = f"{event}{place}"
                due = _expected(event, due_or_past(form, clock, at), clock, parts)
                yield from _wrong(f"{dict(form.document)}, {event}", name, due, decision, at)
            yield from _wrong_ends(state, event, clock)


def _take(zone: str, clock: Clock, event: str, at: datetime) -> tuple[UserState, Decision]:
    user = UserState("u", attributes={"time_zone": Attribute(zone, LONG_AGO)})
    happened = UserEvent("e", "u", event, at, at, properties_at(clock, at), root="e")
    decision = decide(user, happened, _definitions(), at)
    return decision.state, decision


def _expected(event: str, due: Expected, clock: Clock, parts: Parts) -> Expected:
    """Return when it must be scheduled for, or why it is not."""
    if isinstance(due, Reason) or event == WALKED:
        return due
    night, early = parts.night, parts.early
    if not early.spans[0][0] < due < early.spans[-1][1] - timedelta(days=2):
        night, early = (day_part(clock, *part, due) for part in (NIGHT, EARLY))
    if event == DROPPED:
        return due if early.covers(due) else Reason.OUTSIDE_WINDOW_AT_SEND
    held = first_fit(due, early, night)
    return held if held is not None else Reason.OUTSIDE_WINDOW_AT_SEND


def _wrong(
    what: str, name: str, expected: Expected, decision: Decision, at: datetime
) -> Iterator[str]:
    first = next(record for record in decision.records if record.definition == name)
    found = _said(first, decision.state)
    if found != expected:
        yield f"{what}, triggered at {at}: {found}, expected {expected}"


def _said(record: Record, state: UserState) -> Expected | None:
    if record.outcome is Outcome.SCHEDULED:
        return record.due
    if record.outcome is Outcome.ENTERED:
        runs = (i for i in state.pending.values() if isinstance(i, Run))
        return next((run.due for run in runs if run.definition == record.definition), None)
    return record.reason


def _wrong_ends(state: UserState, event: str, clock: Clock) -> Iterator[str]:
    """At its due time each one is sent, in its window and out of quiet hours, or dropped."""
    for item in state.pending.values():
        if event == WALKED:
            continue  # its due time is the end of a delay; the message has none of its own
        decision = decide(state, DueNotice("u", item.id, item.turn), _definitions(), item.due)
        sent = any(isinstance(effect, Dispatch) for effect in decision.effects)
        night = day_part(clock, *NIGHT, item.due, TODAY)
        early = day_part(clock, *EARLY, item.due, TODAY)
        may_be_sent = early.covers(item.due) and not night.covers(item.due)
        if sent is not may_be_sent:
            yield f"{item.definition}, due {item.due}: {'sent' if sent else 'not sent'}"
