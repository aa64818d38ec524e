"""
An event of the app, taken in: attributes, exceptions, triggers, history, and what all that
derives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from unless.engine.attributes import apply_attributes
from unless.engine.decision import CancelTimer, Decision, Effect, StartTimer
from unless.engine.definitions import CampaignPlan, Definitions
from unless.engine.eligibility import Refusal, zones_of
from unless.engine.engagement import remember_engagement
from unless.engine.exceptions import cancelled_sends, late_for, leave_marks
from unless.engine.history import remember_event
from unless.engine.identity import derived_id, derived_root, send_id
from unless.engine.model import PendingSend, SendStatus, UserEvent, UserState
from unless.engine.records import Outcome, Reason, Record
from unless.engine.timing import due_at, hold, moves_with_user
from unless.engine.triggers import Start, judge_trigger

FANOUT_MAX = 40
"""Most sends that one event, with all that it derives, may start (SPEC K2)."""

ID_MEMORY = timedelta(days=16)
"""How long an event's id is remembered (SPEC V1)."""


def take_event(
    state: UserState, event: UserEvent, definitions: Definitions, now: datetime
) -> Decision:
    """Return what follows from an event of the app that was not applied before."""
    if state.deleted_at is not None and event.time < state.deleted_at:
        return Decision(state)
    fold = Fold(_remember_id(state, event, now), definitions, now)
    with_attributes, derived = apply_attributes(fold.state, event)
    fold.follow_zone(with_attributes)
    fold.take((event, *fold.unseen(derived)))
    return fold.decision(state)


def _remember_id(state: UserState, event: UserEvent, now: datetime) -> UserState:
    """Return the state that remembers an id which an event of the engine could have, too (V1)."""
    if derived_root(event.id) is None:
        return state
    kept = {name: at for name, at in state.derived_like.items() if now - at < ID_MEMORY}
    return replace(state, derived_like={**kept, event.id: now})


class Fold:
    """
    The state of one user while one input is taken in, with the effects and records gathered so
    far.
    """

    def __init__(self, state: UserState, definitions: Definitions, now: datetime) -> None:
        """Begin with the state as it was read."""
        self.state = state
        self.effects: list[Effect] = []
        self.records: list[Record] = []
        self.derived: list[str] = []
        self._definitions = definitions
        self._now = now
        self._started = 0
        self._late = 0

    def decision(self, before: UserState) -> Decision:
        """Return what was gathered; the state is the very same object when nothing changed."""
        state = before if self.state == before else self.state
        return Decision(
            state, tuple(self.effects), tuple(self.records), tuple(self.derived), self._late
        )

    def unseen(self, events: Sequence[UserEvent]) -> tuple[UserEvent, ...]:
        """Return the derived events that matter and whose id no event of the app has had (V1)."""
        fresh = tuple(
            event
            for event in events
            if self._definitions.concerns(event)
            and not (
                event.id in self.state.derived_like
                and self._now - self.state.derived_like[event.id] < ID_MEMORY
            )
        )
        self.derived.extend(event.id for event in fresh)
        return fresh

    def take(self, events: Sequence[UserEvent]) -> None:
        """
        Take in events that happened as one: exceptions, then triggers, then history (V3).

        The audience of each sees the history from before all of them. What they bring about follows
        as events of their own.
        """
        cancelled = [(send, event) for event in events for send in self._cancel(event)]
        started = {plan.id for event in events for plan in self._trigger(event)}
        performed: dict[tuple[str, str], UserEvent] = {}
        for send, event in cancelled:
            restarted = send.campaign in started
            self._record_cancelled(send, event, restarted=restarted)
            if not restarted:
                performed[send.campaign, event.id] = _performed(send.campaign, event)
        for event in events:
            if self._definitions.remembers(event.name):
                zone = zones_of(self.state, self._definitions).resolve("user")
                self.state = remember_event(self.state, event)
                self.state = remember_engagement(self.state, event, zone)
        if fresh := self.unseen(tuple(performed.values())):
            self.take(fresh)

    def _cancel(self, event: UserEvent) -> list[PendingSend]:
        sends = list(cancelled_sends(self.state, event, self._definitions, self._now))
        self._late += late_for(self.state, event, self._definitions, self._now)
        self.state = leave_marks(self.state, event, self._definitions, self._now)
        if sends:
            gone = {send.id for send in sends}
            pending = {key: send for key, send in self.state.pending.items() if key not in gone}
            self.state = replace(self.state, pending=pending)
            self.effects.extend(CancelTimer(send) for send in sends)
        return sends

    def _record_cancelled(self, send: PendingSend, by: UserEvent, *, restarted: bool) -> None:
        reason = Reason.RESCHEDULED if restarted else Reason.EXCEPTION_EVENT
        detail = {"by": by.id, "name": by.name, "also": []}
        self.records.append(record_of(send, self._now, Outcome.CANCELLED, reason, detail))

    def _trigger(self, event: UserEvent) -> list[CampaignPlan]:
        """
        Judge the event as a trigger of every campaign that it concerns; return those it
        started.
        """
        started = []
        for plan in self._definitions.triggered_by(event):
            verdict = judge_trigger(plan, event, self.state, self._definitions, self._now)
            if isinstance(verdict, Start) and self._started >= FANOUT_MAX:
                verdict = Refusal(Reason.FANOUT_CAPPED, {"max": FANOUT_MAX})
            if isinstance(verdict, Refusal):
                self._record_skipped(plan, event, verdict)
            else:
                self._start(plan, event, verdict)
                started.append(plan)
        return started

    def _record_skipped(self, plan: CampaignPlan, event: UserEvent, refusal: Refusal) -> None:
        if refusal.reason is Reason.FILTER_MISMATCH and not self._definitions.mismatch_records:
            return
        self.records.append(
            Record(
                at=self._now,
                user=event.user,
                campaign=plan.id,
                outcome=Outcome.SKIPPED,
                event=event.id,
                reason=refusal.reason,
                detail={**refusal.detail, **_flags(event)},
            )
        )

    def _start(self, plan: CampaignPlan, event: UserEvent, start: Start) -> None:
        delay = plan.campaign.delay
        send = PendingSend(
            id=send_id(event.user, plan.id, event.id, event.time),
            user=event.user,
            campaign=plan.id,
            event=event.id,
            name=event.name,
            triggered_at=event.time,
            due=start.due,
            properties=event.properties,
            order=self.state.next_order,
            generation=plan.generation,
            version=plan.version,
            hops=event.hops,
            root=event.root,
            delay=delay if moves_with_user(delay, event.properties) else None,
        )
        self._started += 1
        self._keep(send, next_order=self.state.next_order + 1)
        self.effects.append(StartTimer(send))
        detail = {**start.detail, **_flags(event)}
        self.records.append(record_of(send, self._now, Outcome.SCHEDULED, None, detail))

    def _keep(self, send: PendingSend, next_order: int) -> None:
        pending = {**self.state.pending, send.id: send}
        self.state = replace(self.state, pending=pending, next_order=next_order)

    def follow_zone(self, after: UserState) -> None:
        """
        Take over the new attributes; a changed zone moves the clock-time delays that wait
        (T2).
        """
        before = zones_of(self.state, self._definitions)
        self.state = after
        zones = zones_of(after, self._definitions)
        if before.resolve("user") == zones.resolve("user"):
            return
        for send in after.pending.values():
            plan = self._definitions.campaign(send.campaign)
            if send.delay is None or send.status is SendStatus.CLAIMED:
                continue
            if plan is None or not plan.owns(send):
                continue
            due = due_at(send.delay, send.triggered_at, send.properties, zones)
            if due is Reason.DELAY_INVALID:  # no date can hold it in the new zone: it stays
                continue
            due = self._now if isinstance(due, Reason) else max(due, self._now)
            due = hold(due, plan.campaign.window, plan.quiet_hours, zones) or due
            if due != send.due:
                self._move(send, due)

    def _move(self, send: PendingSend, due: datetime) -> None:
        moved = replace(send, due=due, turn=send.turn + 1)
        self._keep(moved, next_order=self.state.next_order)
        self.effects.extend((CancelTimer(send), StartTimer(moved)))
        detail = {"moved_by": "time_zone"}
        self.records.append(record_of(moved, self._now, Outcome.SCHEDULED, None, detail))


def _flags(event: UserEvent) -> dict[str, Any]:
    """Return what a record says of an event whose time lay in the future (V2)."""
    return {"time_clamped": True} if event.clamped else {}


def record_of(
    send: PendingSend,
    at: datetime,
    outcome: Outcome,
    reason: Reason | None,
    detail: Mapping[str, Any],
) -> Record:
    """Return the record of what became of a pending send."""
    return Record(
        at=at,
        user=send.user,
        campaign=send.campaign,
        outcome=outcome,
        event=send.event,
        reason=reason,
        send=send.id,
        due=send.due,
        detail=detail,
    )


def _performed(campaign: str, event: UserEvent) -> UserEvent:
    return UserEvent(
        id=derived_id(event.id, "exception_performed", campaign),
        user=event.user,
        name="exception_performed",
        time=event.time,
        arrived=event.arrived,
        properties={"campaign": campaign},
        hops=event.hops + 1,
        root=event.root,
    )
