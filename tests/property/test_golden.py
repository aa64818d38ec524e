"""Histories of earlier versions end as they ended then, to the last detail of each record."""

from collections import Counter

import pytest

from tests.property.golden_histories import Golden, decide_again, stored

HISTORIES = [golden for histories in stored().values() for golden in histories]


@pytest.mark.parametrize("golden", HISTORIES, ids=lambda golden: golden.name)
def test_the_decisions_are_the_stored_ones(golden: Golden) -> None:
    """Outcome, reason, due time, id of the send and detail: all as stored, in the same order."""
    decided = decide_again(golden)
    for number, (now, then) in enumerate(zip(decided, golden.decided, strict=False)):
        assert now == then, f"record {number} of {golden.name}"
    assert len(decided) == len(golden.decided)


def test_the_stored_histories_are_worth_it() -> None:
    """Between them they have every outcome, most reasons, and journeys as well as campaigns."""
    rows = [row for golden in HISTORIES for row in golden.decided]
    outcomes = Counter(row["outcome"] for row in rows)
    assert {"scheduled", "sent", "cancelled", "skipped"} <= set(outcomes)
    assert {"entered", "exited", "completed"} <= set(outcomes)
    assert len({row.get("reason") for row in rows}) > 18
    assert sum("due" in row for row in rows) > 200


def test_another_id_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids are part of it: a version with others would send again what a redelivery repeats."""

    def other(*about: object) -> str:
        return f"s-{len(about)}"

    monkeypatch.setattr("unless.engine.events.send_id", other)
    assert decide_again(HISTORIES[-1]) != HISTORIES[-1].decided
