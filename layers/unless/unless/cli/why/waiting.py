"""
What is pending, as a sentence: due when, unless what, or held by what.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from unless.cli.console import printable
from unless.cli.why.times import LocalClock, span_words
from unless.cli.why.way import step_now
from unless.cli.words import value
from unless.engine.definitions import Definitions
from unless.engine.model import DueItem, DueStatus, PendingSend, Run
from unless.engine.paths import Path
from unless.engine.plans import CampaignPlan, Plan
from unless.engine.records import instant_text


def pending_sentence(
    item: DueItem, definitions: Definitions, clock: LocalClock, now: datetime
) -> str:
    """Return what the item waits for."""
    plan = definitions.plans.get(item.definition)
    what = "Still to be sent" if isinstance(item, PendingSend) else _where(item, definitions)
    when = _when(item, clock, now)
    if item.status is DueStatus.CLAIMED:
        return f"{what}: it is being sent right now."
    if isinstance(item, PendingSend) and (plan is None or not plan.owns(item)):
        return (
            f"Not to be sent any more: the campaign was stopped. It ends as `campaign_stopped` "
            f"{when} at the latest."
        )
    if plan is not None and plan.holds(item):
        return (
            f"{what}, and held by the pause of {item.definition}: {when}; what falls due meanwhile "
            f"is judged at `unless resume {item.definition}`."
        )
    return f"{what}: {when}{_unless(item, plan)}."


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
    """Yield the properties of the trigger that the item keeps, each with its value."""
    for name, each in item.properties.items():
        yield f"{printable(str(name))} {printable(value(each))}"


def pending_row(item: DueItem, definitions: Definitions) -> dict[str, Any]:
    """Return a pending send or run as a JSON object, in the form of a record."""
    plan = definitions.plans.get(item.definition)
    held = plan is not None and plan.holds(item)
    row: dict[str, Any] = {
        "user": item.user,
        ("journey" if isinstance(item, Run) else "campaign"): item.definition,
        "outcome": "pending",
        "event": item.event,
        "due": instant_text(item.due),
        "detail": {
            "name": item.name,
            "happened": instant_text(item.triggered_at),
            "status": item.status.value,
            **({"held_by": "pause"} if held else {}),
        },
    }
    if isinstance(item, Run):
        row["step"] = definitions.program(item).steps[item.place].name
    else:
        row["send"] = item.id
    return row
