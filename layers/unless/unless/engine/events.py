"""
An event of the app, taken in: attributes, exceptions and exits, triggers, history, then the runs
that it has begun or woken, and what all that derives.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from unless.engine.attributes import apply_attributes
from unless.engine.control import remember_control
from unless.engine.conversions import convert
from unless.engine.decision import CancelTimer, Decision
from unless.engine.definitions import Definitions
from unless.engine.eligibility import Refusal, filters_at, happened_detail
from unless.engine.engagement import remember_engagement
from unless.engine.exceptions import agreed_values, cancelled_sends, late_for, leave_marks
from unless.engine.fanout import count_starts, no_room
from unless.engine.fold import ID_MEMORY, Fold, flags_of, record_of
from unless.engine.history import PROFILE, remember_event
from unless.engine.identity import derived_id, derived_root, send_id
from unless.engine.in_app import remember_display, wake_kept
from unless.engine.interactions import record_interaction
from unless.engine.journeys.entering import Enter, enter
from unless.engine.journeys.exits import remember_exits
from unless.engine.journeys.walking import Happened, arrive, wake
from unless.engine.model import PendingSend, UserEvent, UserState
from unless.engine.plans import CampaignPlan, JourneyPlan
from unless.engine.records import Outcome, Reason, Record
from unless.engine.timing import moves_with_user, settled
from unless.engine.triggers import Start, judge_trigger
from unless.engine.zone_change import follow_zone


def take_event(
    state: UserState, event: UserEvent, definitions: Definitions, now: datetime
) -> Decision:
    """Return what follows from an event of the app that was not applied before."""
    return fold_event(state, event, definitions, now).decision(state)


def fold_event(state: UserState, event: UserEvent, definitions: Definitions, now: datetime) -> Fold:
    """Return the user with the event taken in, and how that came about."""
    if of_deleted(state, event):
        return Fold(state, definitions, now)
    fold = Fold(_remember_id(state, event, now), definitions, now)
    with_attributes, derived = apply_attributes(fold.state, event)
    follow_zone(fold, with_attributes)
    take(fold, (event, *fold.unseen(derived)))
    return fold


def of_deleted(state: UserState, event: UserEvent) -> bool:
    """
    Whether the event belongs to the user's life before the deletion (L3): it happened then, or
    tells of a message that went out then.
    """
    deleted_at, about = state.deleted_at, event.about or event.time
    return deleted_at is not None and min(event.time, about) < deleted_at


def _remember_id(state: UserState, event: UserEvent, now: datetime) -> UserState:
    """Return the state that remembers an id which an event of the engine could have, too (V1)."""
    if derived_root(event.id) is None:
        return state
    kept = {name: at for name, at in state.derived_like.items() if now - at < ID_MEMORY}
    return replace(state, derived_like={**kept, event.id: now})


def take(fold: Fold, events: Sequence[UserEvent]) -> None:
    """
    Take in events that happened as one: exceptions and exits, then triggers, then history (V3).

    The audience of each sees the history from before all of them. What they bring about follows as
    events of their own; runs go on once all that is known.
    """
    cancelled = [(send, event) for event in events for send in _cancel(fold, event)]
    for event in events:
        remember_exits(fold, event)
    for event in events:
        wake_kept(fold, event)
    converted = [conversion for event in events for conversion in convert(fold, event)]
    begun = [name for event in events for name in _trigger(fold, event)]
    performed: dict[tuple[str, str], UserEvent] = {}
    for send, event in cancelled:
        restarted = send.definition in begun
        _record_cancelled(fold, send, event, restarted=restarted)
        if not restarted:
            performed[send.definition, event.id] = _performed(send.definition, event)
    shown: list[UserEvent] = []
    for event in events:
        record_interaction(fold, event)
        shown += remember_display(fold, event)
        _remember(fold, event)
    _let_runs_walk(fold, events, [name for name in begun if fold.run(name)])
    if fresh := fold.unseen((*converted, *performed.values(), *shown)):
        take(fold, fresh)


def _let_runs_walk(fold: Fold, events: Sequence[UserEvent], entered: list[str]) -> None:
    """
    Let the runs walk that the events have begun or woken.

    Whom they wake is settled before the first of them walks: what one derives on its way comes
    after that.
    """
    woken = [name for event in events for name in wake(fold, event, entered)]
    fold.walking |= {*entered, *woken}
    for name in (*entered, *woken):
        fold.walking.discard(name)
        if (run := fold.run(name)) is not None:
            go_on(fold, arrive(fold, run))


def go_on(fold: Fold, walk: Iterator[Happened]) -> None:
    """Let a run walk, and take in what happens on its way before it takes the next step."""
    for happened in walk:
        if fresh := fold.unseen(happened):
            take(fold, fresh)


def _cancel(fold: Fold, event: UserEvent) -> list[PendingSend]:
    sends = list(cancelled_sends(fold.state, event, fold.definitions, fold.now))
    fold.late += late_for(fold.state, event, fold.definitions, fold.now)
    fold.state = leave_marks(fold.state, event, fold.definitions, fold.now)
    for send in sends:
        fold.drop(send)
    fold.effects.extend(CancelTimer(send) for send in sends)
    return sends


def _record_cancelled(fold: Fold, send: PendingSend, by: UserEvent, *, restarted: bool) -> None:
    reason = Reason.RESCHEDULED if restarted else Reason.EXCEPTION_EVENT
    agreed = agreed_values(send, by, fold.definitions, fold.now)
    detail = {**happened_detail(by.id, by.name, by.time, agreed), "also": []}
    fold.records.append(record_of(send, fold.now, Outcome.CANCELLED, reason, detail))


def _trigger(fold: Fold, event: UserEvent) -> list[str]:
    """
    Judge the event as a trigger of all that it concerns; return the ids of the campaigns that it
    started a send of, and of the runs that it began. What is loaded as history is no trigger.
    """
    if event.backfill:
        return []
    begun: list[str] = []
    fold.judged.append((event, fold.state))
    for plan in fold.definitions.triggered_by(event):
        verdict = judge_trigger(plan, event, fold.state, fold.definitions, fold.now)
        if not isinstance(verdict, Refusal):
            count = len(begun)
            verdict = no_room(fold.state, fold.now, fold.started + count, count) or verdict
        match verdict:
            case Refusal():
                _record_skipped(fold, plan, event, verdict)
                if verdict.reason is Reason.CONTROL_GROUP and isinstance(plan, CampaignPlan):
                    fold.state = remember_control(fold.state, plan, event)
            case Start() if isinstance(plan, CampaignPlan):
                _start(fold, plan, event, verdict)
                begun.append(plan.id)
            case Enter() if isinstance(plan, JourneyPlan):
                begun.append(enter(fold, plan, event, verdict).id)
    fold.started += len(begun)
    fold.state = count_starts(fold.state, fold.now, len(begun))
    return begun


def _record_skipped(
    fold: Fold, plan: CampaignPlan | JourneyPlan, event: UserEvent, refusal: Refusal
) -> None:
    if not fold.definitions.mismatch_records and filters_at(plan, event, fold.now):
        return  # also when a check before the filter refused: whom the index rules out, it hides
    fold.records.append(
        Record(
            at=fold.now,
            user=event.user,
            definition=plan.id,
            kind=plan.kind,
            outcome=Outcome.SKIPPED,
            event=event.id,
            name=event.name,
            reason=refusal.reason,
            detail={**refusal.detail, **flags_of(event)},
        )
    )


def _start(fold: Fold, plan: CampaignPlan, event: UserEvent, start: Start) -> None:
    rule = settled(plan.campaign.delay, fold.state.hours)
    send = fold.schedule(
        PendingSend(
            id=send_id(event.user, plan.id, event.id, event.time),
            user=event.user,
            definition=plan.id,
            event=event.id,
            name=event.name,
            triggered_at=event.time,
            due=start.due,
            properties=event.properties,
            generation=plan.generation,
            version=plan.version,
            hops=event.hops,
            root=event.root,
            delay=rule if moves_with_user(rule, event.properties) else None,
        )
    )
    detail = {**start.detail, **flags_of(event)}
    fold.records.append(record_of(send, fold.now, Outcome.SCHEDULED, None, detail))


def _remember(fold: Fold, event: UserEvent) -> None:
    if event.name != PROFILE and fold.definitions.remembers(event.name):
        fold.state = remember_event(fold.state, event)
        fold.state = remember_engagement(fold.state, event, fold.zones.resolve("user"))


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
        backfill=event.backfill,
    )
