"""
In-app messages: kept until the user is in the app, and received when the app says it showed them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from unless.definitions.journeys import Journey
from unless.definitions.messages import Channel, Message
from unless.definitions.models import Campaign, Kind
from unless.engine.eligibility import Refusal, age
from unless.engine.fold import Fold
from unless.engine.history import RECEIPTS_KEPT, remember_receipt
from unless.engine.identity import received_id
from unless.engine.interactions import MESSAGE_INTERACTION, plan_of, text_of
from unless.engine.model import DueItem, DueStatus, Kept, Receipt, UserEvent
from unless.engine.plans import CampaignPlan, JourneyPlan, Plan
from unless.engine.records import Reason
from unless.engine.triggers import TRIGGER_AGE_MAX

IN_APP: Channel = "in_app"

SESSION_START = "session_start"


def keep_for_session[Item: DueItem](fold: Fold, item: Item, message: Message) -> Item:
    """Return the item, whose message may go out, kept for the user's next session or its expiry."""
    until = fold.now + message.expires
    return fold.wait_on(replace(item, kept=Kept(fold.now, until)), until)


def expired(fold: Fold, item: DueItem) -> Refusal | None:
    """Return `too_late` when the time for which the item's message was kept is over."""
    if item.kept is None or fold.now < item.kept.until:
        return None
    return Refusal(Reason.TOO_LATE, {"expired": item.kept.until.isoformat()})


def wake_kept(fold: Fold, event: UserEvent) -> None:
    """
    Make what is kept for the user's next session due at once, if the event is one.

    It must have begun since then, and not be loaded as history or older than 72 hours. Of a
    campaign that a user receives once only, or not again so soon, one message is enough: the others
    wait for the next session, to be judged by what was received until then.
    """
    is_session = event.name == SESSION_START and not event.backfill
    if not is_session or age(event, fold.now) > TRIGGER_AGE_MAX:
        return
    enough: set[str] = set()
    for item in sorted(fold.state.pending.values(), key=lambda item: item.order):
        kept = item.kept
        if kept is None or item.definition in enough:
            continue
        on_its_way = _is_on_its_way(item, kept)
        if not on_its_way and kept.since <= event.time and fold.now < kept.until:
            fold.move(item, fold.now)
            on_its_way = True
        if on_its_way and not _may_come_together(fold, item):
            enough.add(item.definition)


def _is_on_its_way(item: DueItem, kept: Kept) -> bool:
    is_due = item.due < kept.until and item.status is DueStatus.WAITING
    return is_due or item.status is DueStatus.CLAIMED


def _may_come_together(fold: Fold, item: DueItem) -> bool:
    """Whether one user may get two messages of the item's definition at once."""
    plan = fold.definitions.campaign(item.definition)
    return plan is None or plan.campaign.reeligible == "always"


def remember_display(fold: Fold, event: UserEvent) -> Iterator[UserEvent]:
    """
    Remember the receipt of the in-app message that the app says it showed, once for each send, and
    yield the event that tells of it.
    """
    about = _shown(fold, event)
    if about is None:
        return
    plan, send, step = about
    receipt = Receipt(send, plan.id, event.time, IN_APP, _definition(plan).tags)
    fold.state = remember_receipt(fold.state, receipt)
    of: dict[str, Any] = {plan.kind.value: plan.id}
    yield UserEvent(
        id=received_id(send),
        user=event.user,
        name=MESSAGE_INTERACTION,
        time=event.time,
        arrived=event.arrived,
        properties=of
        | ({"step": step} if step else {})
        | {"channel": IN_APP, "action": "received", "send": send},
        hops=event.hops + 1,
        root=event.root,
    )


def _shown(fold: Fold, event: UserEvent) -> tuple[Plan, str, str | None] | None:
    """Return of which definition, send and step the event says for the first time it was shown."""
    if event.name != MESSAGE_INTERACTION or event.backfill:
        return None
    if (text_of(event, "channel"), text_of(event, "action")) != (IN_APP, "displayed"):
        return None
    plan, send = plan_of(fold, event), text_of(event, "send")
    if plan is None or send is None or age(event, fold.now) > RECEIPTS_KEPT:
        return None
    if any(receipt.send == send for receipt in fold.state.receipts):
        return None
    return plan, send, text_of(event, "step") if plan.kind is Kind.JOURNEY else None


def _definition(plan: Plan) -> Campaign | Journey:
    match plan:
        case CampaignPlan(campaign=campaign):
            return campaign
        case JourneyPlan(journey=journey):
            return journey
    raise TypeError(f"no kind of plan: {type(plan).__name__}")
