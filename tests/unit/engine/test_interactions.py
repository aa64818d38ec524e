"""What people do with messages is told of the campaign or journey that the event names."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.engine.deciding import answer, at, defined, event, published, ring
from unless.definitions.models import Status
from unless.engine.decide import decide
from unless.engine.definitions import compile_definitions
from unless.engine.explaining import Ignored, explain
from unless.engine.model import UserState
from unless.engine.records import Outcome, Record

CAMPAIGN = {"campaign": "c", "trigger": {"event": "go"}}
JOURNEY = {"journey": "v", "entry": {"trigger": {"event": "in"}}, "steps": [{"message": {}}]}
PUBLISHED = defined(CAMPAIGN, JOURNEY)


def told(**properties: Any) -> list[Record]:
    """Return the records that an interaction with these properties leaves."""
    what = event("message_interaction", properties=properties)
    return list(decide(UserState("u"), what, PUBLISHED, at(0)).records)


@pytest.mark.parametrize(
    "action", ["opened", "clicked", "bounced", "complained", "displayed", "dismissed"]
)
def test_each_action_is_told(action: str) -> None:
    """With the send, where the event names it, and the channel."""
    (record,) = told(campaign="c", channel="email", action=action, send="s-1")
    assert record.outcome is Outcome.INTERACTED
    assert (record.definition, record.kind.value, record.step) == ("c", "campaign", None)
    assert (record.event, record.name) == ("message_interaction-0", "message_interaction")
    assert record.send == "s-1"
    assert record.detail == {"action": action, "channel": "email"}


def test_that_of_a_journey_names_the_step() -> None:
    """As the event does."""
    (record,) = told(journey="v", step="0", channel="push", action="opened")
    assert (record.definition, record.kind.value, record.step) == ("v", "journey", "0")
    assert record.send is None


@pytest.mark.parametrize(
    "properties",
    [
        {"campaign": "c", "action": "received"},
        {"campaign": "c", "action": "anything"},
        {"campaign": "c"},
        {"campaign": "c", "action": ["opened"]},
        {"campaign": "nobody", "action": "opened"},
        {"campaign": "v", "action": "opened"},
        {"journey": "c", "action": "opened"},
        {"campaign": ["c"], "action": "opened"},
        {"action": "opened"},
    ],
)
def test_what_names_no_definition_or_no_action_is_not_told(properties: Any) -> None:
    """A receipt has its own record, and others' messages are not ours to count."""
    assert told(**properties) == []


def test_what_is_loaded_as_history_is_not_told() -> None:
    """It tells of messages that others sent."""
    properties = {"campaign": "c", "action": "opened"}
    loaded = event("message_interaction", properties=properties, backfill=True)
    assert decide(UserState("u"), loaded, PUBLISHED, at(0)).records == ()


def test_our_own_receipt_is_not_told_again() -> None:
    """Its send has a record that says so."""
    state = decide(UserState("u"), event("go"), PUBLISHED, at(0)).state
    sent = answer(ring(state, 0, PUBLISHED).state, 0, PUBLISHED)
    assert [record.outcome for record in sent.records] == [Outcome.SENT]


def test_news_of_a_message_from_before_the_deletion_is_dropped() -> None:
    """The user who was deleted opened it, whenever that becomes known (L3)."""
    deleted = UserState("u", deleted_at=at(100))
    properties = {"campaign": "c", "action": "opened"}
    before = event("message_interaction", 200, properties=properties, about=at(99))
    since = event("message_interaction", 200, properties=properties, about=at(100))
    assert decide(deleted, before, PUBLISHED, at(200)).state is deleted
    assert decide(deleted, before, PUBLISHED, at(200)).records == ()
    assert len(decide(deleted, since, PUBLISHED, at(200)).records) == 1
    assert explain(deleted, before, PUBLISHED, at(200)).ignored is Ignored.BEFORE_DELETION


def test_a_draft_records_nothing() -> None:
    """It may have sent messages before it became one (L1)."""
    live = published(CAMPAIGN)
    draft = replace(live.definitions["c"], status=Status.DRAFT)
    drafted = compile_definitions(replace(live, definitions={"c": draft}))
    opened = event("message_interaction", properties={"campaign": "c", "action": "opened"})
    assert decide(UserState("u"), opened, drafted, at(0)).records == ()
