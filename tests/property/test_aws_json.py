"""
Whatever a user's state, a pending send, a run, a record or a marker holds comes back from its JSON.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unless.aws.item_json import INLINE_BYTES_MAX, Excerpt, excerpt, is_large
from unless.aws.items import (
    SHARDS,
    due_item,
    due_item_of,
    due_shard,
    marker_item,
    marker_of,
)
from unless.aws.record_json import record_from_json, record_id, record_to_json
from unless.aws.state_json import compact, state_from_json, state_to_json
from unless.definitions.models import (
    AfterDelay,
    BestTimeDelay,
    DaysDelay,
    Delay,
    Kind,
    NextDelay,
    UntilDelay,
)
from unless.engine.decision import Marker
from unless.engine.model import (
    Attribute,
    ControlEntry,
    DueItem,
    DueStatus,
    Entries,
    EventMark,
    ExitEvent,
    History,
    Kept,
    PendingSend,
    Purchases,
    Receipt,
    Run,
    Starts,
    UserState,
    Visit,
)
from unless.engine.records import Outcome, Reason, Record

pytestmark = pytest.mark.slow

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
INSTANTS = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001 - made aware below
    datetime(9999, 12, 31, 23, 59, 59),  # noqa: DTZ001 - made aware below
).map(lambda naive: naive.replace(tzinfo=UTC))
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
ATTRIBUTES = st.dictionaries(TEXTS, st.builds(Attribute, VALUES, INSTANTS), max_size=3)
COUNTS = st.integers(0, 10**6)
HISTORIES = st.dictionaries(
    TEXTS,
    st.builds(
        History,
        COUNTS,
        st.none() | INSTANTS,
        st.none() | INSTANTS,
        st.dictionaries(st.dates(date(2000, 1, 1)), COUNTS, max_size=3),
    ),
    max_size=3,
)
RECEIPTS = st.builds(
    Receipt,
    TEXTS,
    TEXTS,
    INSTANTS,
    TEXTS,
    st.lists(TEXTS).map(tuple),
    st.none() | st.builds(History, COUNTS, st.none() | INSTANTS, st.none() | INSTANTS),
    st.none() | INSTANTS,
    st.lists(TEXTS).map(tuple),
    st.lists(TEXTS).map(tuple),
)
CONTROL = st.builds(ControlEntry, INSTANTS, st.lists(TEXTS, max_size=2).map(tuple))
MARKS = st.builds(EventMark, TEXTS, TEXTS, TEXTS, INSTANTS, TEXTS, TEXTS)
ENTRIES = st.builds(Entries, COUNTS, INSTANTS, st.lists(COUNTS, max_size=3).map(tuple))
STATES = st.builds(
    UserState,
    user=st.just("u"),
    attributes=ATTRIBUTES,
    groups=ATTRIBUTES,
    history=HISTORIES,
    purchases=st.builds(Purchases, st.sampled_from(["0", "12.50", "-1E+30"]), HISTORIES),
    received=HISTORIES,
    receipts=st.lists(RECEIPTS, max_size=3).map(tuple),
    control=st.dictionaries(TEXTS, CONTROL, max_size=2),
    entries=st.dictionaries(TEXTS, ENTRIES, max_size=2),
    marks=st.lists(MARKS, max_size=3).map(tuple),
    starts=st.none() | st.builds(Starts, st.dates(), st.integers(1, 1000)),
    hours=st.dictionaries(st.integers(0, 23), COUNTS, max_size=3),
    derived_like=st.dictionaries(TEXTS, INSTANTS, max_size=2),
    deleted_at=st.none() | INSTANTS,
    next_order=COUNTS,
)
DELAYS: st.SearchStrategy[Delay | None] = st.sampled_from(
    [
        None,
        AfterDelay.model_validate({"after": "90m"}),
        DaysDelay.model_validate({"days": 1, "at": "09:00", "zone": "Europe/Paris"}),
        NextDelay.model_validate({"next": "monday", "at": "00:00"}),
        BestTimeDelay.model_validate({"best_time": True, "fallback": "10:00"}),
        UntilDelay.model_validate({"until": "starts_at", "minus": "24h"}),
    ]
)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=4)
DUE_ITEM: dict[str, st.SearchStrategy[Any]] = {
    "id": st.text("abcdefgh234567", min_size=1).map("s-{}".format),
    "user": st.just("u"),
    "definition": NAMES,
    "event": NAMES,
    "name": NAMES,
    "triggered_at": INSTANTS,
    "due": INSTANTS,
    "properties": OBJECTS,
    "status": st.sampled_from(DueStatus),
    "turn": COUNTS,
    "order": COUNTS,
    "version": TEXTS,
    "hops": COUNTS,
    "root": TEXTS,
    "lease_until": st.none() | INSTANTS,
    "kept": st.none() | st.builds(Kept, INSTANTS, INSTANTS),
}
SENDS = st.builds(PendingSend, **DUE_ITEM, generation=COUNTS, delay=DELAYS)
RUNS = st.builds(
    Run,
    **DUE_ITEM,
    place=NAMES,
    arrived=INSTANTS,
    moved_by=TEXTS,
    exit=st.none() | st.builds(ExitEvent, TEXTS, TEXTS, INSTANTS, st.booleans()),
    trail=st.lists(st.builds(Visit, TEXTS, INSTANTS, TEXTS), max_size=3).map(tuple),
)
RECORDS = st.builds(
    Record,
    at=INSTANTS,
    user=TEXTS,
    definition=TEXTS,
    kind=st.sampled_from(Kind),
    step=st.none() | TEXTS,
    outcome=st.sampled_from(Outcome),
    event=TEXTS,
    reason=st.none() | st.sampled_from(Reason),
    send=st.none() | TEXTS,
    due=st.none() | INSTANTS,
    detail=OBJECTS,
)


@given(STATES)
def test_a_state_comes_back(state: UserState) -> None:
    """Nothing that is known about a user is lost or changed by being stored."""
    assert state_from_json(state_to_json(state), "u", {}) == state


@given(SENDS | RUNS)
def test_a_due_item_comes_back(due: DueItem) -> None:
    """Neither is anything of a pending send or a run, wherever it is on the index."""
    item = due_item(due, due.due)
    assert due_item_of(item, "u") == due
    parked = item["due_shard"]["S"].startswith("PARKED#")
    assert parked == (due.status is DueStatus.PARKED) == ("ttl" not in item)


def test_an_ordinary_run_is_one_write_unit() -> None:
    """Most of what a run has may be left out, so that a step costs no more than a send."""
    now = datetime(2026, 2, 2, 10, tzinfo=UTC)
    visits = tuple(Visit(f"{place}.then.0", now) for place in range(6))
    name, version = "r-" + "a" * 32, "0123456789abcdef"
    run = Run(
        name, "u-17", "onboarding", "evt-1", "registered", now, now, {"plan": "gold"},
        version=version, root="evt-1", place="3.then.1", arrived=now, trail=visits,
    )  # fmt: skip
    assert (
        sum(len(key) + len(next(iter(v.values()))) for key, v in due_item(run, now).items()) < 1024
    )


@given(RECORDS)
def test_a_record_comes_back(record: Record) -> None:
    """And nothing of a record, in the very words of SPEC section 6."""
    written = json.loads(compact(record_to_json(record)))
    assert record_from_json(written) == record
    assert record_id(record_from_json(written)) == record_id(record)


@given(st.lists(RECORDS, max_size=3), st.lists(TEXTS, max_size=3), INSTANTS)
def test_a_marker_comes_back(records: list[Record], texts: list[str], at: datetime) -> None:
    """What an event did is there to be repeated."""
    marker = Marker("e#1", at, tuple(texts), tuple(records), tuple(texts))
    assert marker_of(marker_item("u", marker)) == marker


@given(st.dictionaries(TEXTS, VALUES | st.text(min_size=3000, max_size=3000), max_size=9))
def test_an_excerpt_is_small_and_true(properties: dict[str, Any]) -> None:
    """It fits, adds nothing, and drops no top-level value while there is room."""
    kept = excerpt(properties)
    assert not is_large(kept)
    assert len(compact(dict(kept)).encode()) <= 2 * INLINE_BYTES_MAX
    _is_part(kept, properties)
    if not is_large(properties):
        single = {k: v for k, v in properties.items() if not isinstance(v, list | dict)}
        assert single.items() <= kept.items() or is_large(single)


def _is_part(part: dict[str, Any], whole: dict[str, Any]) -> None:
    for name, value in part.items():
        if isinstance(value, dict):
            _is_part(value, whole[name])
        else:
            assert value == whole[name]


def test_a_large_trigger_keeps_what_match_and_until_need() -> None:
    """The values beside a long list stay with the send; the list does not."""
    properties = {"items": ["x" * 500] * 20, "cart": {"id": "c-1"}, "at": "2026-02-02"}
    kept = excerpt(properties)
    assert isinstance(kept, Excerpt)
    assert kept == {"cart": {"id": "c-1"}, "at": "2026-02-02"}


def test_the_shards_share_the_sends() -> None:
    """No shard of the index gets much more than its part."""
    shards = [due_shard(f"s-{number}") for number in range(16_000)]
    assert len(set(shards)) == SHARDS
    assert max(map(shards.count, set(shards))) < 1_300


def test_a_record_made_again_keeps_its_id() -> None:
    """The id is what the record is about, so a later decision about another send differs."""
    record = Record(datetime.now(UTC), "u", "c", Outcome.SENT, "e", send="s-1")
    later = replace(record, at=record.at + timedelta(1), detail={"x": 1})
    assert record_id(later) == record_id(record)
    assert record_id(replace(record, send="s-2")) != record_id(record)


def test_all_records_of_a_run_differ() -> None:
    """Also those that are made at one instant: its beginning, each message, and its end."""
    run = Record(datetime.now(UTC), "u", "j", Outcome.ENTERED, "e", kind=Kind.JOURNEY)
    several = [
        run,
        *(
            replace(run, outcome=outcome, step=step, send=f"r-1.{step}")
            for outcome in (Outcome.SENT, Outcome.SKIPPED)
            for step in ("0", "1")
        ),
        replace(run, outcome=Outcome.EXITED, reason=Reason.EXIT_EVENT),
        replace(run, outcome=Outcome.COMPLETED),
        replace(run, kind=Kind.CAMPAIGN),
    ]
    assert len({record_id(record) for record in several}) == len(several)
