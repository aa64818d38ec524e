"""
What is pending, as a sentence: due when, unless what, or held by what.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from unless.cli.console import printable
from unless.cli.journeys.filter_words import VALUE_MAX, shortened
from unless.cli.pending_words import as_json, late_words
from unless.cli.why.times import LocalClock, span_words
from unless.cli.why.way import step_now
from unless.cli.words import value
from unless.definitions.models import Status
from unless.engine.definitions import Definitions
from unless.engine.model import DueItem, DueStatus, PendingSend, Run
from unless.engine.paths import Path
from unless.engine.plans import CampaignPlan, Plan

PROPERTIES_SHOWN_MAX = 6
"""Most properties of a trigger that are told; `unless pending --json` has all that are kept."""


def pending_sentence(
    item: DueItem, definitions: Definitions, clock: LocalClock, now: datetime
) -> str:
    """Return what the item waits for."""
    plan = definitions.plans.get(item.definition)
    what = "Still to be sent" if isinstance(item, PendingSend) else _where(item, definitions)
    when = _when(item, clock, now)
    if item.status is DueStatus.CLAIMED:
        return f"{what}: it is being sent right now."
    if plan is None or not plan.working or not plan.owns(item):
        return _ending(item, when)
    if plan.status is Status.PAUSED:
        return (
            f"{what}, and held by the pause of {item.definition}: {when}; what falls due meanwhile "
            f"is judged at `unless resume {item.definition}`."
        )
    if item.status is DueStatus.PARKED:
        return f"{what}: {when}, held by a pause that is over; it is judged any moment now."
    if item.kept is not None and item.due == item.kept.until:
        until = clock.when(item.kept.until, now)
        return (
            f"{what}: the in-app message waits for their next session, until {until}"
            f"{_unless(item, plan)}."
        )
    late = late_words(item, now)
    return f"{what}: {when}{_unless(item, plan)}{f'; {late}' if late else ''}."


def _ending(item: DueItem, when: str) -> str:
    if isinstance(item, Run):
        return (
            f"On their way no longer: {item.definition} was stopped, and the step in which they "
            f"are, {when}, ends as `journey_stopped`."
        )
    return (
        f"Not to be sent any more: {item.definition} was stopped. It ends as `campaign_stopped`, "
        "at the latest when it is due."
    )


def _when(item: DueItem, clock: LocalClock, now: datetime) -> str:
    due = clock.when(item.due, now)
    if item.due > now:
        return f"due {due}, in {span_words(item.due - now)}"
    return f"due {due}, {span_words(now - item.due)} ago"


def _where(item: DueItem, definitions: Definitions) -> str:
    if not isinstance(item, Run):
        return "Pending"
    planned = definitions.program(item).steps[item.place]
    seen = step_now(item, definitions)
    words = f" ({seen.words})" if seen else ""
    return f"On their way, in step {planned.name}{words}"


def _unless(item: DueItem, plan: Plan | None) -> str:
    """Return which events would still cancel the send, with what they must agree on."""
    if not isinstance(plan, CampaignPlan):
        return ""
    rows = [
        f"{printable(rule.event)}{_agreeing(rule.pairs, item.properties)}"
        for rule in plan.rules
        if rule.trigger_match(item.properties) is not None
    ]
    return f", unless {' or '.join(dict.fromkeys(rows))} comes first" if rows else ""


def _agreeing(pairs: Iterable[tuple[Path, Path]], properties: Mapping[str, Any]) -> str:
    """Return the values that the exception must carry, as its match says."""
    said = [
        f"{exception.text} {value(found[0])}"
        for exception, trigger in pairs
        if (found := trigger.values(properties))
    ]
    return f" ({', '.join(said)})" if said else ""


def trigger_facts(item: DueItem) -> Iterator[str]:
    """Yield the first of the trigger's properties that the item keeps, with their values."""
    for name, each in islice(item.properties.items(), PROPERTIES_SHOWN_MAX):
        yield f"{shortened(str(name), VALUE_MAX)} {shortened(value(each), VALUE_MAX)}"
    if len(item.properties) > PROPERTIES_SHOWN_MAX:
        yield f"and {len(item.properties) - PROPERTIES_SHOWN_MAX} more"


def pending_row(item: DueItem, definitions: Definitions) -> dict[str, Any]:
    """Return a pending send or run as `unless pending --json` does, with the outcome `pending`."""
    return {"outcome": "pending", **as_json(item, definitions)}
