"""
A case for every reason: the first scenario that leads to it, or a record made by hand where the
engine cannot come to it yet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from unless.cli.why.matters import Matter, matters
from unless.definitions.models import Kind
from unless.engine.records import OPEN, Outcome, Reason, Record
from unless.sim.runner import run_scenario
from unless.sim.scenario import Scenario, read_scenarios
from unless.sim.world import PureWorld

TESTS = Path(__file__).resolve().parents[2]
FILES = (
    *sorted((TESTS / "scenarios").glob("*.yaml")),
    TESTS / "scenario_runs" / "edges.yaml",
    TESTS / "scenario_runs" / "journey_edges.yaml",
    Path(__file__).with_name("why_scenarios.yaml"),
)

AT = datetime(2026, 2, 2, 11, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """A decision that is to be told, and where it comes from."""

    title: str
    matter: Matter


def cases() -> list[Case]:
    """Return a case for each way in which a reason, or none, ends or skips something."""
    found: dict[str, Case] = {}
    for scenario in (each for file in FILES for each in read_scenarios(file)):
        for matter in _decided(scenario):
            for record in matter.records:
                if record.outcome in OPEN:
                    continue
                found.setdefault(_title(record), Case(f"scenario: {scenario.name}", matter))
    for record in made_by_hand():
        found.setdefault(_title(record), Case("made by hand", *matters([record])))
    for title, records in followed():
        found[f"what came of it: {title}"] = Case("made by hand", *matters(records))
    return [Case(f"{title}\n   {case.title}", case.matter) for title, case in sorted(found.items())]


def _title(record: Record) -> str:
    what = f"step of a {record.kind}" if record.step else str(record.kind)
    detail = record.detail
    late = ", arrived before" if detail.get("arrived") else ""
    agreed = ", with match" if "match" in detail else ""
    by_hand = ", by hand" if "by" in detail and "name" not in detail else ""
    also = ", and more" if detail.get("also") else ""
    more = "".join(_more(detail))
    more += f", per {detail['per']}" if detail.keys() == {"per", "max"} else ""
    told = f"{late}{agreed}{by_hand}{more}{also}"
    return f"{record.reason or 'no reason'}: {record.outcome}, {what}{told}"


def _more(detail: Mapping[str, Any]) -> Iterator[str]:
    """Yield what of a message's detail makes another sentence."""
    yield from (f", {key}" for key in ("bounced", "group", "expired") if key in detail)
    if "confirmed" in detail:
        yield f", confirmed by {detail['confirmed']['by']}"
    if detail.get("per", "day") not in ("day", "week", "user"):
        yield ", rolling"


def _decided(scenario: Scenario) -> Iterator[Matter]:
    if scenario.expect is None:
        return
    world = PureWorld()
    run_scenario(scenario, lambda: world)
    for user in world.users:
        own = [record for record in world.records() if record.user == user]
        yield from matters(sorted(own, key=lambda record: record.at)[::-1])[::-1]


def made_by_hand() -> Iterator[Record]:
    """Yield what channels and templates say, and what else no scenario comes to."""
    cap = {"max": 2, "per": "week", "channel": "email", "tag": "promo", "also": []}
    yield _record(Reason.FREQUENCY_CAPPED, Outcome.CANCELLED, cap)
    rolling = {"max": 1, "per": "36h", "also": []}
    yield _record(Reason.FREQUENCY_CAPPED, Outcome.CANCELLED, rolling)
    yield _record(Reason.TEMPLATE_ABORT, Outcome.CANCELLED, {"said": "no stock", "also": []})
    error = {"said": "unknown filter “eur”", "where": "cart.liquid, line 3"}
    yield _record(Reason.TEMPLATE_ERROR, Outcome.CANCELLED, error | {"also": ["unsubscribed"]})
    no_address = {"channel": "email", "attribute": "email", "also": []}
    yield _record(Reason.UNREACHABLE, Outcome.CANCELLED, no_address)
    yield _record(Reason.UNREACHABLE, Outcome.CANCELLED, no_address | {"bounced": True})
    yield _record(Reason.UNSUBSCRIBED, Outcome.CANCELLED, {"channel": "email", "also": []})
    group = {"channel": "push", "group": "newsletter", "also": []}
    yield _record(Reason.UNSUBSCRIBED, Outcome.CANCELLED, group)
    yield _record(Reason.CONTROL_GROUP, Outcome.SKIPPED, {"percent": 10})
    yield _record(Reason.DELIVERY_FAILED, Outcome.CANCELLED, {"said": "550 no such mailbox"})
    yield _record(Reason.DELIVERY_UNKNOWN, Outcome.SENT, {"said": "read timeout"})
    for by in ("SEND", "DELIVERY"):
        confirmed = {"said": "read timeout", "confirmed": {"at": "2026-02-02T11:04:00Z", "by": by}}
        yield _record(Reason.DELIVERY_UNKNOWN, Outcome.SENT, confirmed)
    expired = {"expired": "2026-02-02T11:00:00+00:00", "also": []}
    yield _record(Reason.TOO_LATE, Outcome.CANCELLED, expired)
    yield _record(Reason.LOOP_LIMIT, Outcome.SKIPPED, {"hops": 6})
    for per, most in (("day", 1000), ("user", 2000)):
        yield _record(Reason.FANOUT_CAPPED, Outcome.SKIPPED, {"per": per, "max": most})
    by_hand = {"by": "unless cancel", "also": []}
    yield _record(Reason.CAMPAIGN_STOPPED, Outcome.CANCELLED, by_hand)
    for reason in (Reason.FREQUENCY_CAPPED, Reason.UNREACHABLE, Reason.DELIVERY_FAILED):
        yield _record(reason, Outcome.SKIPPED, {"channel": "email"}, Kind.JOURNEY)


def followed() -> Iterator[tuple[str, Sequence[Record]]]:
    """Yield messages, and triggers of the control group, with what came of them; newest first."""
    sent = _record(None, Outcome.SENT, {})
    opened = [_later(minutes, {"action": "opened", "channel": "email"}) for minutes in (5, 6, 9)]
    clicked = _later(7, {"action": "clicked", "channel": "email"})
    goals = [
        _later(minutes, {"row": row, "primary": row == 0, "after_s": 60 * minutes}, name)
        for minutes, row, name in ((120, 0, "purchase"), (180, 1, "newsletter_joined"))
    ]
    after = sorted((*opened, clicked, *goals), key=lambda each: each.at, reverse=True)
    yield "campaign", [*after, sent]
    bounced = _later(1, {"action": "bounced", "channel": "email"})
    yield "it bounced", [bounced, sent]
    told = _later(3, {"action": "complained", "channel": "email"})
    yield "the message is not on record", [told]
    step: dict[str, Any] = {"kind": Kind.JOURNEY, "definition": "j", "step": "day5"}
    shown = _later(4, {"action": "displayed", "channel": "in_app"})
    entered = replace(sent, outcome=Outcome.ENTERED, **step | {"step": None}, send=None, due=None)
    yield "journey", [replace(shown, **step), replace(sent, **step), entered]
    held_back = _record(Reason.CONTROL_GROUP, Outcome.SKIPPED, {"percent": 10})
    bought = replace(goals[0], reason=Reason.CONTROL_GROUP, send=None)
    yield "control group", [bought, held_back]


def _later(minutes: int, detail: dict[str, Any], name: str = "message_interaction") -> Record:
    """Return what came of the message so many minutes after it was sent."""
    is_goal = "row" in detail
    return replace(
        _record(None, Outcome.CONVERTED if is_goal else Outcome.INTERACTED, detail),
        at=AT + timedelta(minutes=minutes),
        event=f"{name}-{minutes}",
        name=name,
        due=None,
    )


def _record(
    reason: Reason | None, outcome: Outcome, detail: dict[str, Any], kind: Kind = Kind.CAMPAIGN
) -> Record:
    has_send = outcome is not Outcome.SKIPPED
    return Record(
        at=AT,
        user="u",
        definition="c" if kind is Kind.CAMPAIGN else "j",
        kind=kind,
        step="day5" if kind is Kind.JOURNEY else None,
        outcome=outcome,
        event="evt-1",
        reason=reason,
        send="s-1" if has_send else None,
        due=AT - timedelta(seconds=3) if has_send else None,
        detail=detail,
    )
