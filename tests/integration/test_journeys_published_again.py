"""
Journeys that change while people are inside, through the real handlers (SPEC J11, L2).
"""

import pytest

from tests.integration.journeys import (
    WAITING,
    WELCOME,
    asked,
    pass_and_ring,
    ring_until_quiet,
    the_run,
    told,
)
from tests.integration.world import AwsWorld
from unless.aws.definitions_store import PARTITION

pytestmark = pytest.mark.slow

READ = "dynamodb.GetItem"


def version(number: int, wait: str = "10m") -> str:
    """A journey of a wait and a message that names the version."""
    return (
        "{journey: j, entry: {trigger: {event: registered}},"
        f" steps: [{{delay: {{after: {wait}}}}}, {{message: {{id: v{number}}}}}]}}"
    )


def enter_each_version(world: AwsWorld, count: int) -> None:
    """Publish so many versions one after the other, and let a user enter each."""
    for number in range(1, count + 1):
        world.publish(version(number))
        world.pass_time(seconds=31)  # so far behind evaluate may be
        assert world.evaluate(world.event(f"u{number}", "registered")) == []


def test_each_run_keeps_the_version_with_which_it_entered(world: AwsWorld) -> None:
    """Also when that has been replaced twice since."""
    enter_each_version(world, 3)
    pass_and_ring(world, minutes=10)
    requests = {request["user_id"]: request["step"] for request in world.requests()}
    assert requests == {"u1": "v1", "u2": "v2", "u3": "v3"}


def test_a_removed_step_is_still_walked_by_those_who_were_promised_it(world: AwsWorld) -> None:
    """Places of one version mean nothing in another; the old one leads on to its own end."""
    world.publish(WELCOME)
    world.evaluate(world.event("u", "registered"))
    pass_and_ring(world, minutes=10)
    world.publish(version(2).replace("journey: j", "journey: welcome"))
    world.pass_time(seconds=31)
    world.evaluate(world.event("u", "session_start"))
    ring_until_quiet(world)
    pass_and_ring(world, minutes=10)
    assert asked(world) == ["hello", "seen", "bye"]
    assert told(world)[-1] == "completed"


def test_an_earlier_version_is_read_once_by_a_process(world: AwsWorld) -> None:
    """Evaluate and deliver read its document by its hash when a user first needs it."""
    world.publish(WAITING)
    users = [f"u{number}" for number in range(4)]
    world.evaluate(*(world.event(user, "registered") for user in users))
    world.publish(WAITING.replace("10m", "20m"))
    world.pass_time(seconds=31)
    world.evaluate(world.event("x", "anything"))
    with world.wire.counting() as calls:
        assert world.evaluate(*(world.event(user, "session_start") for user in users)) == []
    assert calls.count(READ) == 1
    with world.wire.counting() as calls:
        assert world.evaluate(world.event("u0", "anything")) == []
    assert READ not in calls


def test_a_new_process_finds_the_earlier_version_as_well(world: AwsWorld) -> None:
    """Nothing of it has to be known before: a timer rings in a process that has just begun."""
    enter_each_version(world, 2)
    world.pass_time(minutes=10)
    with world.from_real_environment():
        ring_until_quiet(world)
    assert sorted(asked(world)) == ["v1", "v2"]


def test_a_version_published_between_read_and_commit_changes_nothing(world: AwsWorld) -> None:
    """Who is behind lets users enter the version that it knows; they keep that one."""
    world.publish(version(1))
    world.evaluate(world.event("warm", "up"))
    world.publish(version(2))
    assert world.evaluate(world.event("u", "registered")) == []
    pass_and_ring(world, minutes=10)
    assert asked(world) == ["v1"]


def test_a_version_may_come_between_a_message_and_its_answer(world: AwsWorld) -> None:
    """The answer is judged by the version of the run, which has been replaced meanwhile."""
    world.publish(WELCOME)
    world.evaluate(world.event("u", "registered"))
    once = iter([WELCOME.replace("visit", "other")])

    def meanwhile(moment: str) -> None:
        if moment == "after events.PutEvents" and (text := next(once, None)):
            world.publish(text)

    world.wire.moments.append(meanwhile)
    pass_and_ring(world, minutes=10)
    assert told(world) == ["entered", "sent hello"]
    pass_and_ring(world, minutes=10)
    assert asked(world) == ["hello", "missed"]


def lose(world: AwsWorld, name: str) -> None:
    """Let the document of an earlier version be gone from the table."""
    key = {"PK": PARTITION, "SK": {"S": f"J#{name}"}}
    world.client("dynamodb").delete_item(TableName="Table", Key=key)


def test_a_version_that_is_gone_is_told_with_the_remedy(
    world: AwsWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """The message goes back, for a person has to mend that; nobody is moved in silence."""
    enter_each_version(world, 1)
    lost = the_run(world, "u1").version
    world.publish(version(2))
    lose(world, lost)
    world.pass_time(minutes=10)
    (notice,) = world.due()
    event = world.event("u1", "anything")
    assert world.deliver(notice) == [notice]
    assert world.evaluate(event) == [event]
    (why,) = {record.__dict__["why"] for record in caplog.records}
    assert why == (
        f"ConfigurationError: version {lost} of a journey is not in the table, and users are still"
        " in it; publish that version of the journey once more, then the present one again"
    )


def test_the_remedy_brings_the_run_back(world: AwsWorld) -> None:
    """After publishing that version and the present one again, the run goes on as it was."""
    enter_each_version(world, 1)
    lost = the_run(world, "u1").version
    world.publish(version(2))
    lose(world, lost)
    world.pass_time(minutes=10)
    (notice,) = world.due()
    assert world.deliver(notice) == [notice]
    world.publish(version(1))
    world.publish(version(2))
    assert world.deliver(notice, receives=2) == []
    ring_until_quiet(world)
    assert asked(world) == ["v1"]


def test_a_gone_version_spares_the_other_users(world: AwsWorld) -> None:
    """Only who is in it waits."""
    enter_each_version(world, 2)
    lose(world, the_run(world, "u1").version)
    world.pass_time(minutes=10)
    assert len(world.deliver(*world.due())) == 1
    ring_until_quiet(world)
    assert asked(world) == ["v2"]


def test_a_gone_version_keeps_nobody_from_being_deleted(world: AwsWorld) -> None:
    """Who asks to be forgotten is, whatever is missing (L3)."""
    enter_each_version(world, 2)
    lose(world, the_run(world, "u1").version)
    assert world.aws.deletion.delete("u1").ended == 1
    assert told(world, "u1")[-1] == "exited user_not_found"
    assert not world.aws.store.load("u1").state.pending


def test_what_only_an_earlier_version_waits_for_is_not_ignored(world: AwsWorld) -> None:
    """Under `record: named` an event counts as long as anybody may wait for it."""
    world.publish(WAITING, "workspace: {record: named}")
    world.evaluate(world.event("u", "registered"))
    world.publish(version(2).replace("journey: j", "journey: waiting"))
    world.publish(version(3).replace("journey: j", "journey: waiting"))
    world.pass_time(seconds=31)
    assert world.evaluate(world.event("u", "session_start")) == []
    ring_until_quiet(world)
    assert asked(world) == ["seen"]
