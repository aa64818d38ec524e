"""
I6: every event is accounted for, every decision is in the ledger, and nothing else is.
"""

from collections.abc import Iterator
from datetime import datetime

from unless.app.ports import Committed
from unless.aws.record_json import record_id
from unless.definitions.models import Status
from unless.engine.decision import DeleteUser
from unless.engine.fold import ID_MEMORY
from unless.engine.invariants import balance, open_item
from unless.engine.model import UserEvent
from unless.engine.records import Record
from unless.sim.faults.history import Happens
from unless.sim.faults.observed import Decided
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim

ON_RECORD = (Status.LIVE, Status.PAUSED, Status.STOPPED)
"""The statuses in which a trigger leaves a record."""


def events_accounted(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the events that were lost, applied twice, or left no word of what they triggered."""
    del claims
    applied: dict[tuple[str, str], datetime] = {}
    for commit in pipeline.observed.commits:
        for decided in commit.way or () if commit.changed else ():
            if isinstance(decided.what, UserEvent):
                event = decided.what
                before = applied.get((event.user, event.id))
                if before is not None and commit.at - before < ID_MEMORY:
                    yield Breach("I6", event.user, f"{event.id} was applied again", commit.at)
                applied[event.user, event.id] = commit.at
                yield from _triggers_told(decided, event)
    seen = {
        (d.what.user, d.what.id) for d in pipeline.observed.decided if isinstance(d.what, UserEvent)
    }
    refused = "".join(body for body, _ in pipeline.ports.quarantine.kept)
    ignorable = pipeline.history.workspace.get("record", "all") != "all"
    for told in pipeline.history.happenings:
        if not isinstance(told, Happens) or told.broken or (ignorable and not told.attributes):
            continue
        if (told.user, told.id) not in seen and f'"{told.id}"' not in refused:
            yield Breach("I6", told.user, f"{told.id} ({told.event}) was lost")


def _triggers_told(decided: Decided, event: UserEvent) -> Iterator[Breach]:
    """Yield the definitions of whose trigger no word was said."""
    deleted_at = decided.before.deleted_at
    if deleted_at is not None and event.time < deleted_at:
        return
    told = {record.definition for record in decided.decision.records if record.event == event.id}
    for name, plan in decided.definitions.plans.items():
        if event.name in plan.triggers and plan.status in ON_RECORD and name not in told:
            sentence = f"{event.id} triggers {name}, and no record says what became of it"
            yield Breach("I6", event.user, sentence, decided.at)


type Key = tuple[str, datetime, str]


def ledger_complete(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the records that were decided and are not there, or there and were not decided."""
    del claims
    decided = _decided(pipeline)
    kept = pipeline.ports.ledger.kept
    deleted = _deleted(pipeline)
    for key, record in decided.items():
        if key not in kept and not _is_erased(record, deleted):
            yield Breach("I6", record.user, f"not in the ledger: {_told(record)}", record.at)
    for key, record in kept.items():
        if key not in decided:
            told = f"in the ledger, and never decided: {_told(record)}"
            yield Breach("I6", record.user, told, record.at)
        elif decided[key] != record:
            told = f"another record than was decided: {_told(record)}"
            yield Breach("I6", record.user, told, record.at)


def _decided(pipeline: Pipeline) -> dict[Key, Record]:
    found: dict[Key, Record] = {}
    for commit in pipeline.observed.commits:
        if not isinstance(commit.answer, Committed):
            continue
        of_markers = (record for marker in commit.markers for record in marker.records)
        of_way = (r for d in commit.way or () for r in d.decision.records)
        for record in (*of_markers, *(of_way if commit.changed else ())):
            found[record.user, record.at, record_id(record)] = record
    return found


def _deleted(pipeline: Pipeline) -> dict[str, datetime]:
    """Return when each deleted user was deleted last."""
    return {
        decided.what.user: decided.at
        for commit in pipeline.observed.commits
        if commit.changed
        for decided in commit.way or ()
        if isinstance(decided.what, DeleteUser)
    }


def _is_erased(record: Record, deleted: dict[str, datetime]) -> bool:
    at = deleted.get(record.user)
    return at is not None and record.at <= at


def _told(record: Record) -> str:
    return f"{record.outcome} {record.reason or ''} {record.definition} of {record.event}"


def ledger_true(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the triggers that did not end exactly once and are not pending (SPEC section 6)."""
    del claims
    deleted = _deleted(pipeline)
    kept = {**pipeline.ports.ledger.kept}
    # What a deletion erased was there until then: conservation is judged over all of it.
    kept |= {k: r for k, r in _decided(pipeline).items() if _is_erased(r, deleted)}
    waiting = [
        open_item(item)
        for loaded in pipeline.ports.store.users.values()
        for item in loaded.state.pending.values()
    ]
    for violation in balance(kept.values(), waiting).violations:
        yield Breach("I6", violation.user, violation.sentence)
