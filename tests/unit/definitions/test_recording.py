"""
Since when the history of which events is kept, from one publishing to the next.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from unless.definitions.checks import check_values
from unless.definitions.publishing import publish
from unless.definitions.recording import unkept, with_loaded
from unless.definitions.snapshot import EMPTY, Snapshot

type Document = dict[str, Any]

START = datetime(2026, 2, 2, 10, tzinfo=UTC)
ALL: Document = {"workspace": {}}
NAMED: Document = {"workspace": {"record": "named"}}
VISITS: Document = {"campaign": "visits", "trigger": {"event": "visit"}}
CARTS: Document = {
    "campaign": "carts",
    "trigger": {"event": "cart"},
    "audience": {"event": "purchase", "count": {"gte": 1}},
}


def day(number: int) -> datetime:
    """Return that many days after the start."""
    return START + timedelta(days=number)


def history(*steps: tuple[int, list[Document]]) -> Snapshot:
    """Return what is published after these documents were, each time on its day."""
    snapshot = EMPTY
    for number, documents in steps:
        checked = check_values(documents, published=snapshot)
        assert checked.ok, checked.issues
        snapshot, _ = publish(snapshot, checked, day(number))
    return snapshot


def test_everything_is_kept_since_the_first_publishing() -> None:
    """Under `record: all`, whoever speaks of it when."""
    snapshot = history((0, [ALL, VISITS]), (5, [ALL, CARTS]))
    assert snapshot.recorded.since("purchase") == snapshot.recorded.since("any") == day(0)


def test_a_named_event_is_kept_since_somebody_spoke_of_it() -> None:
    """Under `record: named`; of any other nothing is known."""
    snapshot = history((0, [NAMED, VISITS]), (5, [CARTS]), (9, [{**CARTS, "tags": ["promo"]}]))
    assert snapshot.recorded.since("visit") == day(0)
    assert snapshot.recorded.since("purchase") == snapshot.recorded.since("cart") == day(5)
    assert snapshot.recorded.since("any") is None


def test_from_all_to_named_the_named_ones_go_on() -> None:
    """The others break off, and begin anew when all are kept again."""
    snapshot = history((0, [ALL, VISITS]), (5, [NAMED, VISITS]), (9, [ALL]))
    assert snapshot.recorded.since("visit") == day(0)
    assert snapshot.recorded.since("any") == day(9)


def test_an_event_that_nobody_named_for_a_while_begins_anew() -> None:
    """What happened meanwhile is not in its history."""
    archived, live = {**CARTS, "status": "archived"}, {**CARTS, "status": "live"}
    snapshot = history((0, [NAMED, CARTS]), (5, [archived]), (9, [live]))
    assert snapshot.recorded.since("purchase") == day(9)


def test_what_was_loaded_reaches_back() -> None:
    """As far as its earliest event, for good; of what is not kept nothing was remembered."""
    snapshot = with_loaded(history((0, [NAMED, VISITS])), {"visit": day(-400), "any": day(-400)})
    assert snapshot.recorded.since("visit") == day(-400)
    assert snapshot.recorded.since("any") is None
    again = publish(snapshot, check_values([CARTS], published=snapshot), day(5))[0]
    assert again.recorded.since("visit") == day(-400)
    assert with_loaded(again, {"visit": day(-10)}).recorded == again.recorded


def test_it_survives_being_written() -> None:
    """And a snapshot of an earlier release, which does not say, is read as well."""
    snapshot = with_loaded(history((0, [NAMED, VISITS])), {"visit": day(-400)})
    assert Snapshot.from_json(snapshot.to_json()) == snapshot
    text = snapshot.to_json()
    start = text.index(',"recorded"')
    older = text[:start] + text[text.index(',"segments"') :]
    assert Snapshot.from_json(older).recorded.since("visit") is None


def test_events_of_which_nothing_is_kept() -> None:
    """Loading their past would be for nothing."""
    names = frozenset({"visit", "purchase", "any"})
    assert unkept(history((0, [NAMED, VISITS])), names) == {"purchase", "any"}
    assert unkept(history((0, [ALL])), names) == frozenset()
