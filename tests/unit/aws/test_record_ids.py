"""The id of a record is the same however often it is made, and that of no other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from unless.aws.record_json import record_id
from unless.engine.records import Outcome, Record

AT = datetime(2026, 2, 2, 10, tzinfo=UTC)
SCHEDULED = Record(AT, "u", "c", Outcome.SCHEDULED, "e", send="s-1", due=AT)


def test_a_move_in_the_instant_of_the_first_record_has_an_id_of_its_own() -> None:
    """Both have the same key otherwise, and the later one would take the place of the first."""
    moves = [
        replace(SCHEDULED, detail={"moved_by": by})
        for by in ("in_app", "window", "quiet_hours", "time_zone")
    ]
    assert len({record_id(record) for record in (SCHEDULED, *moves)}) == 5


def test_the_same_decision_told_again_has_the_same_id() -> None:
    """What it compared and when does not matter."""
    again = replace(SCHEDULED, at=AT + timedelta(seconds=1), detail={"zone": "UTC"})
    assert record_id(again) == record_id(SCHEDULED)


def test_what_came_of_a_message_is_told_once_for_each_event() -> None:
    """Two clicks on one message are two."""
    clicked = Record(AT, "u", "c", Outcome.INTERACTED, "e1", send="s-1")
    ids = {record_id(replace(clicked, event=event)) for event in ("e1", "e2")}
    assert len(ids | {record_id(replace(clicked, outcome=Outcome.CONVERTED))}) == 3
