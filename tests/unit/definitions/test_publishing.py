"""What publishing makes of what was published before (SPEC L1, L2)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.definitions.written import campaign, checked
from unless.definitions.changes import Verb
from unless.definitions.models import Status
from unless.definitions.operating import Action, operate
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY, Published, Snapshot

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def published(text: str = "", before: Snapshot = EMPTY, at: datetime = NOW) -> Snapshot:
    return publish(before, checked(campaign(text)), at)[0]


def operated(snapshot: Snapshot, *actions: Action, at: datetime = NOW) -> Snapshot:
    for action in actions:
        result = operate(snapshot, action, "c", at)
        assert isinstance(result, tuple)
        snapshot, _ = result
    return snapshot


def state(snapshot: Snapshot) -> tuple[str, int]:
    one = snapshot.definitions["c"]
    return (one.status.value, one.generation)


def test_a_new_campaign_is_live_from_now() -> None:
    """Without a status and a launch, it works from the moment of publishing."""
    new = published().definitions["c"]
    assert new.document == {"campaign": "c", "trigger": {"event": "cart_add"}}
    assert (new.status, new.generation, new.launch_at) == (Status.LIVE, 0, NOW)


@pytest.mark.parametrize("status", list(Status))
def test_a_new_campaign_has_the_written_status(status: Status) -> None:
    """A status in the document is that of a new campaign."""
    assert state(published(f"status: {status}")) == (status, 0)


@pytest.mark.parametrize(
    ("launch", "zone", "instant"),
    [
        ("2026-06-01T09:00", "Europe/Paris", datetime(2026, 6, 1, 7, tzinfo=UTC)),
        ("2026-06-01", "UTC", datetime(2026, 6, 1, tzinfo=UTC)),
        ("2026-06-01T09:00:00+09:00", "Europe/Paris", datetime(2026, 6, 1, tzinfo=UTC)),
        ("9999-12-31T23:59", "America/New_York", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_launch_is_read_in_the_zone_of_the_workspace(
    launch: str, zone: str, instant: datetime
) -> None:
    """Without a zone of its own, a written launch is on the company's clock."""
    text = campaign(f"launch_at: {launch}") + f"---\nworkspace: {{zone: {zone}}}\n"
    snapshot, _ = publish(EMPTY, checked(text), NOW)
    assert snapshot.definitions["c"].launch_at == instant


def test_the_launch_stays_when_a_campaign_is_published_again() -> None:
    """Triggers count since the first publishing, whatever is edited; a written launch wins."""
    before = published("launch_at: 2026-06-01", published())
    assert before.definitions["c"].launch_at == datetime(2026, 6, 1, tzinfo=UTC)
    assert published("", before, LATER).definitions["c"].launch_at == NOW


def test_a_default_launch_can_be_given() -> None:
    """A scenario's first definitions count from the beginning of time."""
    beginning = datetime(1, 1, 1, tzinfo=UTC)
    before, _ = publish(EMPTY, checked(campaign()), NOW, launch_default=beginning)
    assert before.definitions["c"].launch_at == beginning
    assert published("tags: [x]", before, LATER).definitions["c"].launch_at == beginning


@pytest.mark.parametrize(
    ("actions", "text", "after"),
    [
        ([], "", ("live", 0)),
        ([Action.PAUSE], "", ("paused", 0)),
        ([Action.STOP], "", ("stopped", 1)),
        ([Action.ARCHIVE], "", ("archived", 1)),
        ([Action.PAUSE], "status: live", ("live", 0)),
        ([Action.STOP], "status: live", ("live", 1)),
        ([Action.STOP], "status: paused", ("paused", 1)),
        ([Action.ARCHIVE], "status: live", ("live", 1)),
        ([Action.ARCHIVE], "status: paused", ("archived", 1)),
        ([Action.ARCHIVE], "status: draft", ("archived", 1)),
        ([Action.STOP, Action.ARCHIVE], "", ("archived", 1)),
        ([Action.STOP, Action.RESUME, Action.STOP], "", ("stopped", 2)),
        ([], "status: draft", ("draft", 1)),
        ([], "status: stopped", ("stopped", 1)),
        ([Action.PAUSE], "status: archived", ("archived", 1)),
        ([Action.STOP], "status: draft", ("draft", 1)),
    ],
)
def test_a_status_is_kept_unless_written(
    actions: list[Action], text: str, after: tuple[str, int]
) -> None:
    """A stop gives up what is pending once and for all; only `live` revives what is archived."""
    before = operated(published(), *actions)
    assert state(published(text, before, LATER)) == after


@pytest.mark.parametrize(
    ("actions", "resumed_at"),
    [([], None), ([Action.PAUSE], LATER), ([Action.STOP], LATER), ([Action.ARCHIVE], LATER)],
)
def test_publishing_as_live_resumes(actions: list[Action], resumed_at: datetime | None) -> None:
    """What becomes live again was resumed then, also without the command for it."""
    before = operated(published(), *actions)
    assert published("status: live", before, LATER).definitions["c"].resumed_at == resumed_at


def test_publishing_the_same_changes_nothing() -> None:
    """The same folder an hour later gives the same version."""
    before = published("tags: [x]")
    after, (change,) = publish(before, checked(campaign("tags: [x]")), LATER)
    assert after.version == before.version
    assert change.verb is Verb.UNCHANGED


def test_a_changed_campaign_says_what_changed() -> None:
    """Each top-level key that differs is listed with both values, also 1 and true."""
    before = published("delay: {after: 1h}\ntags: [x]\nunless: [{event: a, where: {n: 1}}]")
    text = "delay: {after: 2h}\nunless: [{event: a, where: {n: true}}]\nstatus: paused"
    after, (change,) = publish(before, checked(campaign(text)), LATER)
    assert (change.verb, change.old_status, change.status) == (Verb.CHANGED, "live", "paused")
    assert [(key.key, key.old, key.new) for key in change.keys] == [
        ("delay", {"after": "1h"}, {"after": "2h"}),
        ("unless", [{"event": "a", "where": {"n": 1}}], [{"event": "a", "where": {"n": True}}]),
        ("status", None, "paused"),
        ("tags", ["x"], None),
    ]
    assert after.definitions["c"].published_at == LATER


def test_what_is_not_in_the_folder_stays() -> None:
    """A definition that is gone from the folder stays published, and that is said."""
    segment = "segment: s\naudience: {attribute: a, eq: 1}\n"
    workspace = "---\nworkspace: {zone: Europe/Paris}\n"
    before, changes = publish(EMPTY, checked(campaign() + "---\n" + segment + workspace), NOW)
    assert {(change.verb, change.kind) for change in changes} == {
        ("added", "campaign"), ("added", "segment"), ("added", "workspace"),
    }  # fmt: skip
    other = "campaign: d\ntrigger: {event: b}\nlaunch_at: 2026-06-01T09:00\n"
    after, changes = publish(before, checked(other, before), LATER)
    assert [(change.verb, change.kind, change.id) for change in changes] == [
        ("left", "segment", "s"), ("left", "campaign", "c"), ("added", "campaign", "d"),
    ]  # fmt: skip
    assert after.definitions["c"] == before.definitions["c"]
    assert (after.segments, after.workspace) == (before.segments, {"zone": "Europe/Paris"})
    assert after.definitions["d"].launch_at == datetime(2026, 6, 1, 7, tzinfo=UTC)


def test_nothing_is_published_of_definitions_with_errors() -> None:
    """One error refuses everything, so that no half of a change goes live."""
    with pytest.raises(ValueError, match="errors"):
        published("dealy: {after: 1h}")


def test_warnings_do_not_refuse() -> None:
    """What is only probably not meant is published."""
    assert isinstance(published("audience: {event: cart_add}").definitions["c"], Published)
