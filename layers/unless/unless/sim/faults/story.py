"""
A history told line by line: who did what, which call was hit, and which promise broke.
"""

from collections.abc import Iterator
from datetime import datetime

from unless.engine.records import Record
from unless.sim.faults.faults import Fault
from unless.sim.faults.history import (
    Cancelled,
    Deleted,
    Happening,
    Happens,
    Operated,
    Published,
)
from unless.sim.faults.observed import Call, Decided
from unless.sim.faults.running import Outcome


def story_of(outcome: Outcome, *, all_calls: bool = False) -> Iterator[str]:
    """
    Yield the lines of the story of a history that was run with `keep_calls`.

    Of the calls those are told that went wrong, or changed something; or, with `all_calls`, all.
    """
    history = outcome.history
    yield f"seed {history.seed}, sweeper {'on' if history.sweeper else 'off'}"
    for document in history.documents:
        yield f"  defined: {document}"
    told: list[tuple[datetime, int, str]] = []
    told.extend((happening.at, 0, _happening(happening)) for happening in history.happenings)
    told.extend((c.at, 1, _call(c)) for c in outcome.observed.calls if all_calls or _matters(c))
    for decided in outcome.observed.decided:
        told.extend((decided.at, 2, _record(decided, r)) for r in decided.decision.records)
    for at, _, line in sorted(told, key=lambda each: each[:2]):
        yield f"{at:%d %H:%M:%S.%f}"[:-3] + "  " + line
    for breach in outcome.breaches:
        yield f"BROKEN {breach.promise}, user {breach.user}: {breach.sentence}"


def _happening(happening: Happening) -> str:
    match happening:
        case Happens():
            again = f", again after {[str(a) for a in happening.again]}" if happening.again else ""
            late = f", happened at {happening.time:%H:%M:%S}"
            about = f"{dict(happening.properties)} {dict(happening.attributes) or ''}"
            return f"-> {happening.user} {happening.event} ({happening.id}){late}{again} {about}"
        case Operated():
            return f"-> operator: {happening.action} {happening.name}"
        case Published():
            return f"-> operator: publish {happening.document}"
        case Deleted():
            return f"-> operator: delete {happening.user}"
        case Cancelled():
            return f"-> operator: cancel all of {happening.user}"


def _matters(call: Call) -> bool:
    if call.fault is not None:
        return True
    return call.name in ("store.commit", "snapshots.write", "ledger.erase") or call.name.endswith(
        ".send"
    )


def _call(call: Call) -> str:
    fault = f"  <== {call.fault.upper()}" if isinstance(call.fault, Fault) else ""
    said = f" = {call.said}" if call.said else ""
    return f"   {call.process.name} #{call.number}: {call.name} {call.about}{said}{fault}"


def _record(decided: Decided, record: Record) -> str:
    reason = f" ({record.reason})" if record.reason else ""
    about = f"{record.user} {record.definition} of {record.event}: {record.outcome}{reason}"
    return f"      {decided.process} decides: {about}"
