"""
Audiences that look further back than the history reaches: which filters, and by how much.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from unless.definitions.checks import check_values
from unless.definitions.history_gaps import Gap, history_gaps
from unless.definitions.publishing import publish
from unless.definitions.recording import with_loaded
from unless.definitions.snapshot import EMPTY

START = datetime(2026, 2, 2, 10, tzinfo=UTC)
EMPTY_WORKSPACE: dict[str, Any] = {"workspace": {}}


def campaign(audience: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A campaign for this audience."""
    return {"campaign": "c", "trigger": {"event": "go"}, "audience": audience, **more}


def gaps(
    *documents: dict[str, Any], days: int = 10, loaded: dict[str, datetime] | None = None
) -> list[Gap]:
    """The gaps of these documents, published so many days after the first publishing of all."""
    snapshot, _ = publish(EMPTY, check_values([EMPTY_WORKSPACE]), START)
    snapshot = with_loaded(snapshot, loaded or {})
    now = START + timedelta(days=days)
    checked = check_values(documents, published=snapshot)
    assert checked.ok, checked.issues
    after, changes = publish(snapshot, checked, now)
    return list(history_gaps(after, checked, changes, now))


@pytest.mark.parametrize(
    ("audience", "written"),
    [
        ({"event": "e"}, "count"),
        ({"event": "e", "count": {"eq": 0}}, "count"),
        ({"event": "e", "first": {"within_last": "1d"}}, "first"),
        ({"event": "e", "last": {"more_than_ago": "1d"}}, "last"),
        ({"event": "e", "last": {"before": "2026-02-11"}}, "last"),
        ({"event": "e", "last": {"within_last": "1d"}, "count": {"gte": 2}}, "count"),
        ({"event": "e", "count": {"gte": 2}, "in_last": "10d"}, "in_last: 10d"),
        ({"event": "e", "in_last": "30d"}, "in_last: 30d"),
        ({"event": "e", "in_last": "3d", "last": {"within_last": "11d"}}, "last: within_last 11d"),
        ({"event": "e", "last": {"within_last": "241h"}}, "last: within_last 10d1h"),
        ({"event": "e", "last": {"after": "2026-02-01"}}, "last: after 2026-02-01"),
        ({"event": "e", "last": {"gte": "2026-02-01"}}, "last: gte 2026-02-01"),
    ],
)
def test_who_asks_for_more_than_there_is_is_told(audience: dict[str, Any], written: str) -> None:
    """Ten days are there; without a bound a filter asks for all there ever was."""
    (gap,) = gaps(campaign(audience))
    assert (gap.kind, gap.id, gap.event, gap.since) == ("campaign", "c", "e", START)
    assert gap.look_back.written == written
    assert (gap.complete is None) == (written in ("count", "first", "last"))


@pytest.mark.parametrize(
    "audience",
    [
        {"event": "e", "in_last": "9d"},
        {"event": "e", "last": {"within_last": "10d"}},
        {"event": "e", "last": {"within_last": "3d", "more_than_ago": "1d"}},
        {"event": "e", "last": {"after": "2026-02-03"}},
        {"attribute": "plan", "eq": "gold"},
        {"received": "other"},
    ],
)
def test_who_asks_for_less_is_not(audience: dict[str, Any]) -> None:
    """The history of ten days is long enough, and receipts are our own."""
    assert gaps(campaign(audience)) == []


def test_when_it_will_be_long_enough_is_told() -> None:
    """The history grows; a filter of calendar days asks from the beginning of its first day."""
    (gap,) = gaps(campaign({"event": "e", "last": {"within_last": "14d"}}))
    assert gap.complete == START + timedelta(days=14)


def test_every_place_of_an_audience_is_looked_at() -> None:
    """Inside others, in segments, at the entry and the exit of a journey, and in its steps."""
    nested = {"all": [{"any": [{"not": {"event": "a"}}, {"purchase_total": {"gte": 5}}]}]}
    journey = {
        "journey": "j",
        "entry": {"trigger": {"event": "go"}, "audience": {"event": "b"}},
        "exit": {"audience": {"event": "c"}},
        "steps": [
            {"split": {"if": {"event": "d"}, "then": [{"message": {}}]}},
            {"branch": {"paths": [{"audience": {"event": "e"}, "steps": [{"message": {}}]}]}},
        ],
    }
    segment = {"segment": "s", "audience": {"event": "f"}}
    by_segment = campaign({"segment": "s"}, campaign="named")
    found = [(gap.kind, gap.event) for gap in gaps(campaign(nested), journey, segment, by_segment)]
    assert found == [
        ("segment", "f"), ("campaign", "a"), ("campaign", "purchase"),
        *(("journey", event) for event in "bcde"),
    ]  # fmt: skip


def test_a_filter_that_stands_twice_is_told_once() -> None:
    """One line is enough for somebody to act."""
    twice = {"any": [{"event": "e", "count": {"gte": 2}}, {"event": "e", "count": {"eq": 0}}]}
    assert len(gaps(campaign(twice))) == 1


def test_what_does_nothing_counts_nobody() -> None:
    """A draft is told of when it is published as live."""
    assert gaps(campaign({"event": "e"}, status="draft")) == []


@pytest.mark.parametrize(
    ("audience", "short"),
    [
        ({"event": "e"}, False),
        ({"event": "e", "in_last": "12d"}, False),
        ({"event": "e", "in_last": "30d"}, True),
        ({"event": "other"}, True),
    ],
)
def test_what_was_loaded_is_history(audience: dict[str, Any], short: bool) -> None:
    """A load is all there is to know, or at least as old as its earliest event."""
    loaded = {"e": START - timedelta(days=5)}
    assert bool(gaps(campaign(audience), loaded=loaded)) == short
