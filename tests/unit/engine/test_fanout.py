"""A flood of one user's triggers: how much it starts, and that nothing else of it is lost."""

import pytest

from tests.unit.engine.deciding import at, defined, event
from unless.engine.decide import decide
from unless.engine.definitions import Definitions
from unless.engine.fanout import FANOUT_MAX, PENDING_MAX, STARTS_PER_DAY_MAX
from unless.engine.model import Starts, UserState
from unless.engine.records import Outcome, Reason

DAY = 86_400
PER_DAY = {"per": "day", "max": STARTS_PER_DAY_MAX}
ORDER = {
    "campaign": "order",
    "trigger": {"event": "go"},
    "delay": {"after": "2d"},
    "unless": [{"event": "purchase"}],
    "reeligible": "always",
}
CHANGE = {"campaign": "change", "trigger": {"event": "attribute_changed"}, "reeligible": "always"}
TRIP = {
    "journey": "trip",
    "entry": {"trigger": {"event": "go"}},
    "reentry": "always",
    "steps": [{"delay": {"after": "2d"}}, {"message": {"id": "hello"}}],
}


@pytest.fixture
def definitions() -> Definitions:
    """A campaign that may be received again and again, and a journey that may be entered so."""
    return defined(ORDER, TRIP)


def begun_today(number: int) -> UserState:
    """A user for whom so much was started on the first day."""
    return UserState("u", starts=Starts(at(0).date(), number))


def test_what_a_user_starts_is_counted_by_the_day(definitions: Definitions) -> None:
    """Sends and entries alike; the next UTC day begins at nothing."""
    state = decide(UserState("u"), event("go"), definitions, at(0)).state
    assert state.starts == Starts(at(0).date(), 2)
    state = decide(state, event("go", 60), definitions, at(60)).state
    assert state.starts == Starts(at(0).date(), 4)
    state = decide(state, event("go", DAY), definitions, at(DAY)).state
    assert state.starts == Starts(at(DAY).date(), 2)


def test_an_event_that_starts_nothing_counts_nothing(definitions: Definitions) -> None:
    """Whoever only looks around never comes to the limit."""
    assert decide(UserState("u"), event("view"), definitions, at(0)).state.starts is None


def test_the_last_of_a_day_is_started_and_the_next_is_not(definitions: Definitions) -> None:
    """At the limit the first by id goes, and the other is skipped with what the limit is."""
    decision = decide(begun_today(STARTS_PER_DAY_MAX - 1), event("go"), definitions, at(0))
    told = [(record.definition, record.outcome, record.reason) for record in decision.records]
    assert told == [
        ("order", Outcome.SCHEDULED, None),
        ("trip", Outcome.SKIPPED, Reason.FANOUT_CAPPED),
    ]
    assert decision.records[-1].detail == PER_DAY
    assert decision.state.starts == Starts(at(0).date(), STARTS_PER_DAY_MAX)


def test_the_clock_says_which_day_it_is(definitions: Definitions) -> None:
    """A flood whose times are spread over the last days is one flood."""
    full = begun_today(STARTS_PER_DAY_MAX)
    late = event("go", -DAY)
    assert {record.detail["per"] for record in decide(full, late, definitions, at(0)).records} == {
        "day"
    }


def test_a_flood_starts_so_many_and_each_trigger_has_its_record() -> None:
    """Three thousand triggers, a thousand pending sends, and two thousand that say why not."""
    campaigns = [{**ORDER, "campaign": f"c{number:02}"} for number in range(FANOUT_MAX)]
    definitions, state, skipped, scheduled = defined(*campaigns), UserState("u"), 0, 0
    for number in range(3 * STARTS_PER_DAY_MAX // FANOUT_MAX):
        decision = decide(state, event("go", number), definitions, at(number))
        state = decision.state
        scheduled += sum(record.outcome is Outcome.SCHEDULED for record in decision.records)
        skipped += sum(dict(record.detail) == PER_DAY for record in decision.records)
    assert (scheduled, skipped) == (STARTS_PER_DAY_MAX, 2 * STARTS_PER_DAY_MAX)
    assert len(state.pending) == STARTS_PER_DAY_MAX


def test_the_days_of_a_flood_do_not_add_up() -> None:
    """With a long delay, two thousand wait at most; when some are gone, there is room again."""
    campaigns = [
        {**ORDER, "campaign": f"c{number:02}", "delay": {"after": "30d"}}
        for number in range(FANOUT_MAX)
    ]
    definitions, state = defined(*campaigns), UserState("u")
    for number in range(3 * STARTS_PER_DAY_MAX // FANOUT_MAX):
        at_once = number * DAY // (STARTS_PER_DAY_MAX // FANOUT_MAX)
        state = (last := decide(state, event("go", at_once), definitions, at(at_once))).state
    assert len(state.pending) == PENDING_MAX
    assert {str(dict(record.detail)) for record in last.records} == {
        str({"per": "user", "max": PENDING_MAX})
    }
    state = decide(state, event("purchase", 3 * DAY), definitions, at(3 * DAY)).state
    state = decide(state, event("go", 3 * DAY + 1), definitions, at(3 * DAY + 1)).state
    assert len(state.pending) == FANOUT_MAX


def test_a_flood_loses_no_exception(definitions: Definitions) -> None:
    """What is pending is cancelled though nothing may be started any more."""
    before = decide(begun_today(STARTS_PER_DAY_MAX - 1), event("go"), definitions, at(0)).state
    decision = decide(before, event("purchase", 60), definitions, at(60))
    assert [record.reason for record in decision.records] == [Reason.EXCEPTION_EVENT]
    assert decision.state.pending == {}


def test_a_trigger_that_is_its_own_exception_still_cancels() -> None:
    """E4: a later trigger that starts nothing ends what was pending, as an exception."""
    definitions = defined({**ORDER, "unless": [{"event": "go"}]})
    before = decide(begun_today(STARTS_PER_DAY_MAX - 1), event("go"), definitions, at(0)).state
    decision = decide(before, event("go", 60), definitions, at(60))
    reasons = {record.reason for record in decision.records}
    assert reasons == {Reason.FANOUT_CAPPED, Reason.EXCEPTION_EVENT}
    assert decision.state.pending == {}


def test_a_flood_loses_no_attribute_and_no_history() -> None:
    """The profile follows, and what the change would have triggered says why it did not."""
    full, definitions = begun_today(STARTS_PER_DAY_MAX), defined(CHANGE)
    decision = decide(full, event("seen", attributes={"plan": "gold"}), definitions, at(0))
    assert decision.state.attributes["plan"].value == "gold"
    assert decision.state.history["seen"].count == 1
    (record,) = decision.records
    assert (record.reason, dict(record.detail)) == (Reason.FANOUT_CAPPED, PER_DAY)


def test_one_event_is_capped_by_its_own_limit_first() -> None:
    """Who has both reached is told of the event's (K2), which a person can mend."""
    names = [{"campaign": f"c{n:02}", "trigger": {"event": "go"}} for n in range(FANOUT_MAX + 1)]
    full = begun_today(STARTS_PER_DAY_MAX - FANOUT_MAX)
    decision = decide(full, event("go"), defined(*names), at(0))
    assert decision.records[-1].detail == {"max": FANOUT_MAX}
