"""What an event would do and why: all checks that fail, and what would follow from it."""

from dataclasses import replace
from typing import Any

from tests.unit.engine.deciding import LONG_AGO, after, at, defined, event, published, ring
from unless.definitions.models import Kind, Status
from unless.engine.beginnings import Canceller, Entering, Starting
from unless.engine.claims import Hold
from unless.engine.decide import decide
from unless.engine.definitions import Definitions, compile_definitions
from unless.engine.eligibility import Refusal
from unless.engine.explaining import Explained, Explanation, Ignored, explain
from unless.engine.fanout import FANOUT_MAX
from unless.engine.model import UserState
from unless.engine.records import Outcome, Reason

HOUR, DAY = 3600, 86_400


def campaign(name: str = "c", **parts: Any) -> dict[str, Any]:
    """Return a campaign that an `add` triggers."""
    return {"campaign": name, "trigger": {"event": "add"}, "delay": {"after": "1h"}, **parts}


def with_status(definitions: dict[str, Any], status: Status, **also: Any) -> Definitions:
    """Return the one definition in that status."""
    snapshot = published(definitions)
    (name,) = snapshot.definitions
    changed = replace(snapshot.definitions[name], status=status, **also)
    return compile_definitions(replace(snapshot, definitions={name: changed}))


def only(explained: Explained) -> Explanation:
    """Return the one explanation."""
    (explanation,) = explained.explanations
    return explanation


def reasons(explanation: Explanation) -> list[Reason]:
    """Return the reasons of all checks that fail."""
    return [refusal.reason for refusal in explanation.refusals]


def test_every_check_that_fails_is_told_with_its_values() -> None:
    """Not only the first: each one that has to change is there, in the order of C0."""
    definitions = defined(
        campaign(
            trigger={"event": "add", "where": {"value": {"gte": 100}}},
            audience={"attribute": "plan", "eq": "gold"},
            duration={"start": "2026-03-01T00:00"},
            window={"from": "15:00", "to": "16:00", "zone": "UTC"},
        )
    )
    adding = event("add", properties={"value": 50})
    explanation = only(explain(UserState("u"), adding, definitions, at(0)))
    assert reasons(explanation) == [
        Reason.FILTER_MISMATCH,
        Reason.OUTSIDE_DURATION_AT_TRIGGER,
        Reason.NOT_IN_AUDIENCE,
        Reason.OUTSIDE_WINDOW_AT_TRIGGER,
        Reason.OUTSIDE_WINDOW_AT_SEND,
        Reason.OUTSIDE_DURATION_AT_SEND,
    ]
    first, _, audience, *_ = explanation.refusals
    assert first.detail == {"path": "value", "op": "gte", "expected": 100, "actual": 50}
    assert audience.detail == {"path": "plan", "op": "eq", "expected": "gold", "actual": None}
    assert (explanation.outcome, explanation.reason) == (Outcome.SKIPPED, Reason.FILTER_MISMATCH)
    assert explanation.also == explanation.refusals[1:]
    assert explanation.begins is None


def test_every_clause_that_fails_is_told() -> None:
    """Of each trigger row, and of each filter of the audience that must hold."""
    rows = [
        {"event": "add", "where": {"value": {"gte": 100}, "currency": "EUR", "shop": "a"}},
        {"event": "add", "where": {"shop": "b"}},
        {"event": "other"},
    ]
    audience = {
        "all": [
            {"attribute": "plan", "eq": "gold"},
            {"all": [{"attribute": "age", "gte": 18}, {"attribute": "name", "blank": True}]},
            {"any": [{"attribute": "country", "eq": "FR"}, {"event": "visit"}]},
        ]
    }
    adding = event("add", properties={"value": 50, "shop": "a"})
    definitions = defined(campaign(trigger=rows, audience=audience))
    explanation = only(explain(UserState("u"), adding, definitions, at(0)))
    assert [[clause.path for clause in row] for row in explanation.rows] == [
        ["value", "currency"],
        ["shop"],
    ]
    assert [clause.path for clause in explanation.audience] == ["plan", "age", "count of visit"]


def test_what_is_said_is_what_decide_does() -> None:
    """The reason of the explanation is that of the record, and nothing is changed by asking."""
    definitions = defined(campaign(), campaign("d", audience={"attribute": "vip", "eq": True}))
    state = after((0, event("add")), definitions=definitions)
    asked = event("add", 60)
    explained = explain(state, asked, definitions, at(60))
    decision = decide(state, asked, definitions, at(60))
    assert explained.consequences.records == decision.records
    assert explained.consequences.effects == decision.effects
    told = [(e.definition, e.outcome, e.reason) for e in explained.explanations]
    assert told == [(r.definition, r.outcome, r.reason) for r in decision.records]


def test_a_start_tells_its_due_time_with_its_holds() -> None:
    """The window moves it first, then quiet hours, and both are told."""
    definitions = defined(
        campaign(
            delay={"after": "10h"},
            window={"from": "07:00", "to": "18:00", "zone": "UTC", "send_outside": "hold"},
            quiet_hours={"from": "22:00", "to": "08:30", "zone": "UTC", "then": "hold"},
        )
    )
    begins = only(explain(UserState("u"), event("add"), definitions, at(0))).begins
    assert isinstance(begins, Starting)
    assert begins.asked == at(10 * HOUR)
    assert begins.holds == (Hold(at(21 * HOUR), "window"), Hold(at(22.5 * HOUR), "quiet_hours"))
    assert begins.due == at(22.5 * HOUR)


def test_a_start_names_what_would_cancel_it() -> None:
    """With the values of this very trigger; a row whose value is missing never matches (E6)."""
    rows = [{"event": "buy", "match": {"order": "cart"}}, {"event": "leave", "match": "shop"}]
    adding = event("add", properties={"cart": 7})
    explanation = only(explain(UserState("u"), adding, defined(campaign(unless=rows)), at(0)))
    assert isinstance(explanation.begins, Starting)
    assert explanation.begins.cancelled_by == (
        Canceller("buy", {}, {"order": 7}),
        Canceller("leave", {}, never=True),
    )


def test_a_start_foresees_what_its_claim_would_say() -> None:
    """Two triggers within one delay make two sends, and a filter may fail when it is due."""
    audience = {"event": "visit", "last": {"within_last": "30m"}}
    definitions = defined(campaign(recheck_audience=True, audience=audience))
    state = after((0, event("visit")), definitions=definitions)
    begins = only(explain(state, event("add", 60), definitions, at(60))).begins
    assert isinstance(begins, Starting)
    (refusal,) = begins.at_claim
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.AUDIENCE_LOST


def test_stopped_draft_and_archived_definitions_are_told_too() -> None:
    """What a stopped one refuses, and what one that does nothing would do if it were live."""
    adding = event("add")
    stopped = only(explain(UserState("u"), adding, with_status(campaign(), Status.STOPPED), at(0)))
    assert reasons(stopped) == [Reason.CAMPAIGN_STOPPED]
    for status in (Status.DRAFT, Status.ARCHIVED):
        explained = explain(UserState("u"), adding, with_status(campaign(), status), at(0))
        explanation = only(explained)
        assert explanation.asleep
        assert explanation.status is status
        assert explanation.outcome is None
        assert isinstance(explanation.begins, Starting)
        assert explained.consequences.records == ()


def test_a_paused_campaign_starts_its_send() -> None:
    """Triggers count while it is paused (L1); the status says that nothing goes out."""
    paused = with_status(campaign(), Status.PAUSED)
    explanation = only(explain(UserState("u"), event("add"), paused, at(0)))
    assert (explanation.status, explanation.outcome) == (Status.PAUSED, Outcome.SCHEDULED)


def test_the_audience_sees_what_the_trigger_would_see() -> None:
    """New attributes, and the history from before the event (V3)."""
    audience = {"all": [{"attribute": "plan", "eq": "gold"}, {"event": "add", "count": {"eq": 0}}]}
    adding = event("add", attributes={"plan": "gold"})
    explained = explain(UserState("u"), adding, defined(campaign(audience=audience)), at(0))
    assert only(explained).outcome is Outcome.SCHEDULED
    change = explained.consequences.attributes["plan"]
    assert (change.before, change.after) == (None, "gold")


def test_what_the_event_derives_is_judged_as_well() -> None:
    """An event that sets an attribute triggers those that wait for the change."""
    of_change = campaign(trigger={"event": "attribute_changed", "where": {"attribute": "plan"}})
    profile = event("profile", attributes={"plan": "gold"})
    explained = explain(UserState("u"), profile, defined(of_change), at(0))
    explanation = only(explained)
    assert explanation.event.name == "attribute_changed"
    assert explanation.outcome is Outcome.SCHEDULED
    assert [item.definition for item in explained.consequences.started] == ["c"]


def test_what_it_would_do_to_what_is_pending_is_told() -> None:
    """A send that it cancels, a run that it wakes, and one that it takes out."""
    wait = {"wait_for": {"within": "1d", "paths": [{"event": "buy", "steps": [LATER, MESSAGE]}]}}
    definitions = defined(
        campaign(unless=[{"event": "buy"}]),
        journey("woken", wait),
        journey("left", LATER, MESSAGE, exit={"when": "immediate", "events": [{"event": "buy"}]}),
    )
    state = after((0, event("add")), definitions=definitions)
    follows = explain(state, event("buy", 60), definitions, at(60)).consequences
    assert {item.definition for item in follows.ended} == {"c", "left"}
    ended = {item.definition: follows.record_of(item) for item in follows.ended}
    assert {name: record.reason for name, record in ended.items() if record} == {
        "c": Reason.EXCEPTION_EVENT,
        "left": Reason.EXIT_EVENT,
    }
    (moved,) = follows.moved
    assert (moved.before.definition, moved.after.due) == ("woken", at(60 + DAY))
    assert state.pending.keys() >= {item.id for item in follows.ended}


MESSAGE = {"message": {"id": "m"}}
LATER = {"delay": {"after": "1d"}}


def journey(name: str, *steps: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Return a journey that an `add` enters."""
    return {"journey": name, "entry": {"trigger": {"event": "add"}}, "steps": [*steps], **parts}


def test_an_entry_tells_where_the_run_would_wait() -> None:
    """Which step, until when, and what would take the user out."""
    exits = {"events": [{"event": "buy", "match": "cart"}]}
    definitions = defined(journey("j", LATER, MESSAGE, exit=exits))
    adding = event("add", properties={"cart": 1})
    explanation = only(explain(UserState("u"), adding, definitions, at(0)))
    begins = explanation.begins
    assert isinstance(begins, Entering)
    assert (explanation.kind, explanation.outcome) == (Kind.JOURNEY, Outcome.ENTERED)
    assert (begins.step, begins.due) == ("0", at(DAY))
    assert begins.exits == (Canceller("buy", {}, {"cart": 1}),)
    state = after((0, event("add")), definitions=definitions)
    again = only(explain(state, event("add", 60), definitions, at(60)))
    assert reasons(again) == [Reason.ALREADY_ENTERED]


def test_a_receipt_and_an_exception_on_record_are_both_told() -> None:
    """A late trigger finds that the campaign was received and that its exception came first."""
    definitions = defined(campaign(unless=[{"event": "buy"}]))
    state = after((0, event("add")), definitions=definitions)
    state = ring(state, HOUR, definitions).state
    state = decide(state, event("buy", 2 * HOUR), definitions, at(2 * HOUR)).state
    late = replace(event("add", 1.5 * HOUR), arrived=at(2.1 * HOUR))
    explanation = only(explain(state, late, definitions, at(2.1 * HOUR)))
    assert reasons(explanation) == [Reason.ALREADY_RECEIVED, Reason.EXCEPTION_EVENT]


def test_the_forty_first_is_capped() -> None:
    """What one event has no room for is said as the record says it (K2)."""
    definitions = defined(*(campaign(f"c{n:02}") for n in range(FANOUT_MAX + 1)))
    *_, last = explain(UserState("u"), event("add"), definitions, at(0)).explanations
    assert reasons(last) == [Reason.FANOUT_CAPPED]
    assert last.begins is None


def test_what_would_not_be_taken_in_says_so() -> None:
    """An event from before the user's deletion, and one that nobody asks for."""
    definitions = defined(campaign())
    deleted = UserState("u", deleted_at=at(60))
    explained = explain(deleted, event("add"), definitions, at(90))
    assert (explained.ignored, explained.explanations) == (Ignored.BEFORE_DELETION, ())
    named = defined({"workspace": {"record": "named"}}, campaign())
    assert named.plans["c"].launch_at == LONG_AGO
    ignored = explain(UserState("u"), event("page"), named, at(0))
    assert ignored.ignored is Ignored.NOT_REMEMBERED
    assert ignored.consequences.records == ()
