"""
I1: no claim commits when an exception with a later event time is already committed.
"""

from collections.abc import Iterator

from unless.definitions.models import ExceptionRow
from unless.engine.exceptions import MARK_LIFE
from unless.engine.model import DueItem, PendingSend, UserEvent
from unless.sim.faults.observed import Commit, Decided
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim


def exceptions_win(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the claims that came after an exception was known."""
    for claim in claims:
        if not isinstance(claim.item, PendingSend) or claim.again:
            continue
        for decided in _events_before(pipeline, claim.commit):
            event = decided.what
            if isinstance(event, UserEvent) and _forbids(decided, event, claim):
                yield Breach(
                    "I1",
                    event.user,
                    f"{claim.item.definition} was claimed for trigger {claim.item.event} of "
                    f"{claim.item.triggered_at:%H:%M:%S}, though {event.id} ({event.name}) of "
                    f"{event.time:%H:%M:%S} was known since {decided.at:%H:%M:%S}",
                    claim.commit.at,
                )


def _events_before(pipeline: Pipeline, claim: Commit) -> Iterator[Decided]:
    """Yield the events of the user that were committed before the claim, from its last deletion."""
    for commit in pipeline.observed.of_user(claim.after.user):
        if commit.number < claim.number:
            yield from commit.way or ()


def _forbids(decided: Decided, event: UserEvent, claim: Claim) -> bool:
    """Whether the event is an exception of the claimed send, by what people wrote."""
    item = claim.item
    if event.time <= item.triggered_at or event.id == item.event:
        return False
    if claim.commit.at - event.time > MARK_LIFE or decided.at - event.time > MARK_LIFE:
        return False
    deleted_at = claim.commit.before.state.deleted_at
    if deleted_at is not None and decided.at <= deleted_at:
        return False
    now, then = claim.definitions.campaign(item.definition), None
    then = decided.definitions.campaign(item.definition)
    if now is None or then is None:
        return False
    known = {rule.key for rule in then.rules}  # a row counts from when it was published (L2)
    return any(
        _agrees(row, event, item)
        for row, rule in zip(now.campaign.unless, _rules(claim), strict=True)
        if rule in known
    )


def _rules(claim: Claim) -> list[str]:
    """Return the keys of the campaign's rows, in their order."""
    plan = claim.definitions.campaign(claim.item.definition)
    if plan is None:
        return []
    by_event = {event: list(rules) for event, rules in plan.exceptions.items()}
    return [by_event[row.event].pop(0).key for row in plan.campaign.unless]


def _agrees(row: ExceptionRow, event: UserEvent, item: DueItem) -> bool:
    if row.event != event.name or row.where:
        return False
    return all(
        event.properties.get(theirs) is not None
        and event.properties.get(theirs) == item.properties.get(ours)
        for theirs, ours in (row.match or {}).items()
    )
