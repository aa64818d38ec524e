"""What publishing and operating make of journeys (SPEC L1, L2, J11)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.definitions.written import campaign, checked, journey
from tests.unit.definitions.written_steps import delay, split, steps, wait_for
from unless.definitions.changes import Verb
from unless.definitions.models import ExceptionRow, Kind, Status
from unless.definitions.operating import Action, Refused, operate
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY, Published, Snapshot, row_name

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

ENTRY = "{trigger: {event: registered}}"


def published(
    text: str = "", before: Snapshot = EMPTY, at: datetime = NOW, entry: str = ENTRY
) -> Snapshot:
    return publish(before, checked(journey(text, entry), before), at)[0]


def one(snapshot: Snapshot) -> Published:
    return snapshot.definitions["v"]


def test_a_new_journey_is_live_from_now() -> None:
    """Without a status and a launch, it works from the moment of publishing."""
    new = one(published())
    assert new.document["journey"] == "v"
    assert (new.kind, new.status, new.generation, new.launch_at) == (
        Kind.JOURNEY, Status.LIVE, 0, NOW,
    )  # fmt: skip
    assert new.heard == ()


def test_campaigns_and_journeys_are_published_together() -> None:
    """Each is added as what it is, and what does not come again is left."""
    text = f"{campaign()}---\n{journey()}"
    before, changes = publish(EMPTY, checked(text), NOW)
    assert [(change.verb, change.kind, change.id) for change in changes] == [
        ("added", "campaign", "c"), ("added", "journey", "v"),
    ]  # fmt: skip
    after, changes = publish(before, checked(campaign("tags: [x]"), before), LATER)
    assert [(change.verb, change.kind, change.id) for change in changes] == [
        ("changed", "campaign", "c"), ("left", "journey", "v"),
    ]  # fmt: skip
    assert one(after) == one(before)


def test_a_changed_journey_says_what_changed() -> None:
    """Each top-level key that differs, and the status, as for a campaign."""
    before = published()
    text = journey("reentry: always\nstatus: paused")
    after, (change,) = publish(before, checked(text, before), LATER)
    assert (change.verb, change.kind, change.id) == (Verb.CHANGED, "journey", "v")
    assert (change.old_status, change.status) == ("live", "paused")
    assert {key.key for key in change.keys} == {"reentry", "status"}
    assert one(after).published_at == LATER
    again, (change,) = publish(after, checked(text, after), LATER)
    assert change.verb is Verb.UNCHANGED
    assert again.version == after.version


def test_the_launch_and_status_stay_when_it_is_published_again() -> None:
    """An edit neither moves the launch nor wakes what was paused."""
    paused = operate(published(), Action.PAUSE, "v", NOW)
    assert isinstance(paused, tuple)
    after = published("reentry: always", paused[0], LATER)
    assert (one(after).status, one(after).launch_at) == (Status.PAUSED, NOW)


def test_an_exit_row_counts_since_it_came() -> None:
    """L2: a new or changed exit event counts from its own publishing, an old one goes on."""
    before = published("exit: {events: [{event: a}]}")
    after = published("exit: {events: [{event: b}, {event: a}]}", before, LATER)
    rows = {name: row_name(ExceptionRow(event=name)) for name in "ab"}
    assert one(after).rows == {rows["a"]: NOW, rows["b"]: LATER}


# --- the events of earlier versions ---


def test_an_edited_journey_still_hears_what_its_earlier_versions_speak_of() -> None:
    """J11: people are still in these, so their events must be kept, however often it is edited."""
    text = "exit: {events: [{event: left}], audience: {event: visit}}\n" + steps(
        delay("1d"), split(wait_for().replace("event: a", "event: opened"))
    )
    second = published("", published(text), LATER)
    assert one(second).heard == ("left", "opened", "registered", "visit")
    third = published("reentry: always", second, LATER, "{trigger: {event: signed_up}}")
    assert one(third).heard == ("left", "opened", "registered", "visit")
    fourth = published("", third, LATER)
    assert one(fourth).heard == ("left", "opened", "registered", "signed_up", "visit")


def test_publishing_the_same_hears_nothing_more() -> None:
    """Without an edit there is no earlier version."""
    before = published()
    assert one(published("", before, LATER)).heard == ()


def test_a_campaign_hears_nothing_of_earlier_versions() -> None:
    """A pending send is judged by the newest definition in everything (L2)."""
    before, _ = publish(EMPTY, checked(campaign()), NOW)
    after, _ = publish(before, checked(campaign("", "{event: other}"), before), LATER)
    assert after.definitions["c"].heard == ()


def test_a_journey_that_is_wrong_now_can_be_published_anew() -> None:
    """What an older version accepted does not stand in the way of its correction."""
    broken = Published({"journey": "v", "steps": "?"}, "h", Status.LIVE, 0, NOW, NOW)
    after = published("", Snapshot(definitions={"v": broken}), LATER)
    assert (one(after).heard, one(after).published_at) == ((), LATER)


# --- operating ---


@pytest.mark.parametrize(
    ("action", "status", "generation"),
    [(Action.PAUSE, "paused", 0), (Action.STOP, "stopped", 1), (Action.ARCHIVE, "archived", 1)],
)
def test_a_journey_is_operated_as_a_campaign(action: Action, status: str, generation: int) -> None:
    """The same statuses, and the change says that it is a journey."""
    result = operate(published(), action, "v", LATER)
    assert isinstance(result, tuple)
    after, change = result
    assert (one(after).status, one(after).generation) == (status, generation)
    assert (change.kind, change.id, change.old_status) == ("journey", "v", "live")


def test_an_unknown_id_is_answered_with_the_nearest_of_both_kinds() -> None:
    """Whoever mistypes a journey's id is offered it."""
    text = f"{campaign()}---\n{journey().replace('journey: v', 'journey: onboarding')}"
    snapshot, _ = publish(EMPTY, checked(text), NOW)
    result = operate(snapshot, Action.PAUSE, "onbording", NOW)
    assert isinstance(result, Refused)
    assert "campaign or journey" in result.message
    assert "`onboarding`" in result.remedy


def test_a_snapshot_with_a_journey_survives_being_written() -> None:
    """Kind, rows and the events of earlier versions are read as they were."""
    first = published("exit: {events: [{event: a, match: cart_id}]}")
    snapshot = published("", first, LATER)
    again = Snapshot.from_json(snapshot.to_json())
    assert again == snapshot
    assert (one(again).kind, one(again).heard) == (Kind.JOURNEY, ("a", "registered"))
    assert one(Snapshot.from_json(first.to_json())).rows == one(first).rows
