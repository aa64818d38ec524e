"""The audit of a stack: what is on record and pending adds up, and what does not is named."""

from datetime import timedelta

import pytest

from tests.integration.audits import CAMPAIGN, CART, JOURNEY, audit_of, busy, forget, run
from tests.integration.journeys import pass_and_ring
from tests.integration.world import AwsWorld
from unless.app import audit, audited
from unless.app.audited import Progress
from unless.definitions.models import Kind
from unless.engine.balance import Broken, Counts
from unless.engine.records import Outcome

pytestmark = pytest.mark.slow

SLOW = "{campaign: slow, trigger: {event: cart_updated}, delay: {after: 60d}}"
PICKY = "{campaign: picky, trigger: {event: cart_updated, where: {value: {gte: 9}}}}"


def test_an_empty_stack_holds(world: AwsWorld) -> None:
    """Nothing on record, nothing pending, nothing wrong."""
    found = run(world)
    assert found.holds
    assert (found.counts, found.records, found.due_items) == ({}, 0, 0)


def test_what_happened_adds_up(world: AwsWorld) -> None:
    """Triggers = sent + cancelled + skipped + pending, entered = exited + completed + running."""
    busy(world)
    found = run(world)
    assert found.holds
    assert found.counts[CAMPAIGN] == Counts(4, 0, {Outcome.SENT: 2, Outcome.CANCELLED: 1}, 1)
    journey = found.counts[JOURNEY]
    assert (journey.began, journey.waiting, dict(journey.ended)) == (3, 2, {Outcome.EXITED: 1})
    assert all(counts.balanced for counts in found.counts.values())
    assert found.due_items == 3
    assert found.unsettled == found.unexamined == 0


def test_a_lost_end_is_named(world: AwsWorld) -> None:
    """A send that went out without a record of it is a violation, with what is known of it."""
    busy(world)
    forget(world, "a", Outcome.SENT)
    found = run(world)
    assert found.violations == {Broken.LOST: 1}
    (example,) = found.examples
    assert (example.user, example.definition) == ("a", "cart")
    assert [record.outcome for record in example.records] == [Outcome.SCHEDULED]
    assert not found.counts[CAMPAIGN].balanced


def test_a_run_without_a_beginning_is_named(world: AwsWorld) -> None:
    """The index tells only which journey it is; looked at again, it is this one."""
    busy(world)
    forget(world, "a", Outcome.ENTERED)
    found = run(world)
    assert found.violations == {Broken.NOT_BEGUN: 1}
    (example,) = found.examples
    assert (example.user, example.kind, example.definition) == ("a", *JOURNEY)
    assert example.event is not None


def test_a_send_whose_item_vanished_is_named(world: AwsWorld) -> None:
    """A pending send that is not there any more, and of which nobody says why."""
    busy(world)
    (item,) = (i for i in world.aws.store.load("c").state.pending.values() if i.id[0] == "s")
    key = {"PK": {"S": "USER#c"}, "SK": {"S": f"A#DUE#{item.id}"}}
    world.client("dynamodb").delete_item(TableName="Table", Key=key)
    found = run(world)
    assert found.violations == {Broken.LOST: 1}
    assert found.examples[0].send == item.id


def test_what_is_on_its_way_is_no_violation(world: AwsWorld) -> None:
    """A record that is written after the commit is there when the user is looked at again."""
    busy(world)
    (sent,) = (r for r in world.records("a") if r.outcome is Outcome.SENT and r.step is None)
    forget(world, "a", Outcome.SENT)
    message = [r for r in world.records("a") if r.outcome is Outcome.SENT]
    assert message == []
    found = audit_of(world, meanwhile=lambda: world.aws.ledger.write([sent])).run()
    assert found.holds
    assert found.suspects == 1
    assert found.counts[CAMPAIGN].balanced


def test_what_begins_while_the_audit_runs_is_no_violation(world: AwsWorld) -> None:
    """What is wrong only at the second look was not there at the first, and is under way."""
    busy(world)
    forget(world, "a", Outcome.SENT)

    def meanwhile() -> None:
        world.evaluate(world.event("a", "cart_updated"))
        (new,) = (r for r in world.records("a") if r.at == world.aws.clock())
        assert new.outcome is Outcome.SCHEDULED
        forget(world, "a", Outcome.SCHEDULED)

    found = audit_of(world, meanwhile).run()
    assert found.violations == {}
    assert (found.suspects, found.unsettled) == (1, 1)


def test_records_that_have_expired_are_no_violation(world: AwsWorld) -> None:
    """A send that waits longer than records are kept has no beginning left, and may end."""
    world.publish(SLOW, CART)
    world.evaluate(world.event("u", "cart_updated"))
    pass_and_ring(world, minutes=11)
    world.pass_time(days=40)
    waiting = run(world)
    assert waiting.holds
    assert waiting.records == 0  # they are still there: TTL has not yet deleted them
    assert waiting.counts[Kind.CAMPAIGN, "slow"] == Counts(1, 0, {}, 1)
    pass_and_ring(world, days=20)
    ended = run(world)
    assert ended.holds
    assert ended.counts == {(Kind.CAMPAIGN, "slow"): Counts(1, 0, {Outcome.SENT: 1}, 0)}


def test_a_shorter_keep_time_is_no_violation(world: AwsWorld) -> None:
    """The end expires before the beginning, which was written when records were kept longer."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated"))
    world.publish("workspace: {ledger: {keep: 2d}}", CART)
    pass_and_ring(world, minutes=11)
    world.pass_time(days=3)
    assert run(world).holds


def test_a_record_that_has_two_places_is_one_trigger(world: AwsWorld) -> None:
    """One that is kept as the last of its sort, and again by a repetition, was decided once."""
    world.publish("workspace: {ledger: {filter_mismatch: last}}", PICKY)
    body = world.event("u", "cart_updated", "e1", value=1)
    world.evaluate(body)
    world.evaluate(body, receives=2)
    assert len(world.client("dynamodb").scan(TableName="LedgerTable")["Items"]) == 2
    found = run(world)
    assert found.holds
    assert found.counts[Kind.CAMPAIGN, "picky"] == Counts(0, 1, {}, 0)


def test_a_deleted_user_is_no_violation(world: AwsWorld) -> None:
    """The records from before are gone with the profile; the ends that it made are there."""
    busy(world)
    world.pass_time(seconds=1)
    world.aws.deletion.delete("c")
    found = run(world)
    assert found.holds
    assert all(counts.balanced for counts in found.counts.values())


def test_parked_and_stopped_sends_are_pending(world: AwsWorld) -> None:
    """A pause holds, and a stop is recorded when the send is due: neither loses a trigger."""
    busy(world)
    world.operate("pause", "cart")
    pass_and_ring(world, minutes=11)
    assert run(world).counts[CAMPAIGN].waiting == 1
    world.operate("stop", "cart")
    assert run(world).holds
    pass_and_ring(world, minutes=1)
    stopped = run(world)
    assert stopped.holds
    assert stopped.counts[CAMPAIGN].ended == {Outcome.SENT: 2, Outcome.CANCELLED: 2}


def test_everything_is_read_page_by_page(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many users every one is counted, and progress is told on the way."""
    monkeypatch.setattr(audited, "PROGRESS_EVERY", 10)
    world.publish(CART)
    for user in range(30):
        world.evaluate(world.event(f"u{user}", "cart_updated"))
    client = world.aws.clients.get("dynamodb")
    scan = client.scan
    monkeypatch.setattr(client, "scan", lambda **request: scan(**request, Limit=7))
    told: list[Progress] = []
    with world.wire.counting() as calls:
        found = audit_of(world).run(told.append)
    assert found.counts[CAMPAIGN] == Counts(30, 0, {}, 30)
    assert calls.count("dynamodb.Scan") == 10
    assert [each.due_items for each in told[:3]] == [10, 20, 30]
    assert told[-1].records == 30


def test_beyond_a_number_suspects_are_only_counted(
    world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ledger that has lost everything is said in time, and that not all was looked at."""
    monkeypatch.setattr(audit, "SUSPECTS_MAX", 1)
    busy(world)
    for user in ("a", "b"):
        forget(world, user, Outcome.SENT, Outcome.CANCELLED, Outcome.EXITED)
    found = run(world)
    assert found.unexamined == 1
    assert sum(found.violations.values()) == 1


def test_the_stack_makes_its_audit(world: AwsWorld) -> None:
    """The composition root hands out the audit of its tables."""
    world.publish(CART)
    world.evaluate(world.event("u", "cart_updated"))
    found = world.aws.audit.run()
    assert found.holds
    assert found.since == world.aws.clock()  # nothing older is on record
    assert found.since > world.aws.clock() - timedelta(days=30)
