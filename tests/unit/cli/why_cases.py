"""
A case for every reason: the first scenario that leads to it, or a record made by hand where the
engine cannot come to it yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from unless.cli.why.matters import Matter, matters
from unless.definitions.checks import check
from unless.definitions.documents import Document
from unless.definitions.models import Kind
from unless.engine.records import OPEN, Outcome, Reason, Record
from unless.sim.runner import play
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
    return [Case(f"{title}\n   {case.title}", case.matter) for title, case in sorted(found.items())]


def _title(record: Record) -> str:
    what = f"step of a {record.kind}" if record.step else str(record.kind)
    detail = record.detail
    late = ", arrived before" if detail.get("arrived") else ""
    agreed = ", with match" if "match" in detail else ""
    by_hand = ", by hand" if "by" in detail and "name" not in detail else ""
    also = ", and more" if detail.get("also") else ""
    return f"{record.reason or 'no reason'}: {record.outcome}, {what}{late}{agreed}{by_hand}{also}"


def _decided(scenario: Scenario) -> Iterator[Matter]:
    around = [{"workspace": scenario.workspace}] if scenario.workspace is not None else []
    checked = check(map(Document, (*around, *scenario.define)))
    if scenario.expect is None or not checked.ok:
        return
    world = PureWorld()
    play(scenario, checked, world)
    for user in world.users:
        own = [record for record in world.records() if record.user == user]
        yield from matters(sorted(own, key=lambda record: record.at)[::-1])[::-1]


def made_by_hand() -> Iterator[Record]:
    """Yield what channels, templates and caps will decide, with what their details will hold."""
    cap = {"max": 2, "per": "week", "channel": "email", "tag": "promo", "also": []}
    yield _record(Reason.FREQUENCY_CAPPED, Outcome.CANCELLED, cap)
    yield _record(Reason.TEMPLATE_ABORT, Outcome.CANCELLED, {"said": "no stock", "also": []})
    error = {"said": "cart.liquid, line 3: unknown filter “eur”", "also": ["unsubscribed"]}
    yield _record(Reason.TEMPLATE_ERROR, Outcome.CANCELLED, error)
    yield _record(Reason.UNREACHABLE, Outcome.CANCELLED, {"channel": "email", "also": []})
    yield _record(Reason.UNSUBSCRIBED, Outcome.CANCELLED, {"channel": "email", "also": []})
    yield _record(Reason.CONTROL_GROUP, Outcome.SKIPPED, {"percent": 10})
    yield _record(Reason.DELIVERY_FAILED, Outcome.CANCELLED, {"said": "550 no such mailbox"})
    yield _record(Reason.DELIVERY_UNKNOWN, Outcome.SENT, {"said": "read timeout"})
    yield _record(Reason.LOOP_LIMIT, Outcome.SKIPPED, {"hops": 6})
    by_hand = {"by": "unless cancel", "also": []}
    yield _record(Reason.CAMPAIGN_STOPPED, Outcome.CANCELLED, by_hand)
    for reason in (Reason.FREQUENCY_CAPPED, Reason.UNREACHABLE, Reason.DELIVERY_FAILED):
        yield _record(reason, Outcome.SKIPPED, {"channel": "email"}, Kind.JOURNEY)


def _record(
    reason: Reason, outcome: Outcome, detail: dict[str, Any], kind: Kind = Kind.CAMPAIGN
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
