"""
`unless why` against a stack on moto: the records, and what is pending now, as sentences.
"""

import json
from pathlib import Path

import pytest

from tests.integration.test_commands import Typed, typed_on
from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

CART = """
campaign: cart
trigger: {event: cart_updated, where: {cart_value: {gte: 100}}}
delay: {after: 1h}
unless: [{event: purchase, match: cart_id}, {event: session_start}]
"""

TOUR = """
journey: tour
entry: {trigger: {event: registered}}
exit: {events: [{event: purchase}]}
steps:
  - message: {id: hello}
  - delay: {id: two_days, after: 2d}
  - message: {id: later}
"""

PARIS = {"time_zone": "Europe/Paris"}


@pytest.fixture
def typed(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command, on the stack `unless` with a campaign and a journey."""
    world.publish(CART, TOUR)
    return typed_on(world, monkeypatch)


def asked(typed: Typed, *words: str | Path) -> str:
    """What the command answers."""
    result = typed("why", *words)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(typed: Typed, *words: str | Path) -> str:
    """What the command says instead of an answer."""
    result = typed("why", *words)
    assert result.exit_code == 1, result.output
    assert not result.stdout
    return result.stderr


def cart(world: AwsWorld, name: str = "c-9", value: int = 150) -> str:
    """An event of Ana's, who lives in Paris."""
    return world.event("ana", "cart_updated", cart_id=name, cart_value=value, attributes=PARIS)


def test_who_bought_in_time_is_told_so_on_their_own_clock(world: AwsWorld, typed: Typed) -> None:
    """When they bought, how long before the due time, and on which cart the events agreed."""
    world.evaluate(cart(world))
    world.pass_time(minutes=45)
    world.evaluate(world.event("ana", "purchase", "order-2", cart_id="c-9"))
    text = asked(typed, "ana")
    assert "times of Europe/Paris" in text
    assert "they bought at 11:45 (10:45 UTC), 15 minutes before the message was due." in text
    assert "(`exception_event`: purchase order-2, cart_id c-9)" in text
    assert "(cart_updated), taken in at 11:00 (10:00 UTC), message due at 12:00 (11:00 UTC)" in text


def test_what_is_pending_says_when_and_unless_what(world: AwsWorld, typed: Typed) -> None:
    """Beside the records stands what is still to come, with the values that would cancel it."""
    world.evaluate(cart(world))
    world.pass_time(minutes=20)
    text = asked(typed, "ana", "cart")
    assert (
        "Still to be sent: due 12:00 (11:00 UTC), in 40 minutes, "
        "unless purchase (cart_id c-9) or session_start comes first."
    ) in text
    assert "Event e-0 (cart_updated), happened at 11:00 (10:00 UTC), cart_id c-9, " in text
    rows = [json.loads(line) for line in asked(typed, "ana", "--json").splitlines()]
    assert [row["outcome"] for row in rows] == ["pending", "scheduled"]
    assert rows[0]["due"] == "2026-02-02T11:00:00Z"


def test_a_pause_and_a_stop_are_said_of_what_is_pending(world: AwsWorld, typed: Typed) -> None:
    """Nobody waits in vain for a message that is held, or that will not come."""
    world.evaluate(cart(world))
    world.operate("pause", "cart")
    assert "held by the pause of cart" in asked(typed, "ana")
    world.operate("stop", "cart")
    assert "Not to be sent any more: cart was stopped." in asked(typed, "ana")


def test_a_run_is_told_step_by_step(world: AwsWorld, typed: Typed) -> None:
    """Where somebody is, what each step was, and in the end why they left."""
    world.evaluate(world.event("ana", "registered", "reg"))
    world.ring()
    text = asked(typed, "ana", "tour")
    assert "On their way, in step two_days (wait 2d): due Wed 4 Feb 2026, 10:00 UTC" in text
    assert "hello  sent" in text
    world.pass_time(days=1)
    world.evaluate(world.event("ana", "purchase", "order-2"))
    world.pass_time(days=1)
    world.ring()
    text = asked(typed, "ana", "tour")
    assert "Left the journey: they bought on Tue 3 Feb 2026, 10:00 UTC while they were in" in text
    assert "two_days  wait 2d" in text


def test_who_never_triggered_is_told_that(world: AwsWorld, typed: Typed) -> None:
    """The commonest question has an answer also where there is no record."""
    world.evaluate(world.event("ben", "session_start"), world.event("ben", "page_viewed"))
    text = asked(typed, "ben", "tour")
    assert "tour was never triggered for ben: no event of theirs had the name registered." in text
    assert "page_viewed (1), session_start (1)" in text or "session_start (1)" in text
    assert "No decision about ben is on record" in asked(typed, "ben")


def test_records_that_are_kept_no_more_are_said_to_be_gone(world: AwsWorld, typed: Typed) -> None:
    """An event that is remembered and has no decision was judged too long ago."""
    world.evaluate(cart(world, value=10))
    world.aws.ledger.erase("ana", world.aws.clock().replace(year=2027))
    text = asked(typed, "ana", "cart")
    assert "though the event cart_updated happened 1 time" in text
    assert "longer ago than records are kept (30 days)" in text


def test_a_deleted_user_is_said_to_be_deleted(world: AwsWorld, typed: Typed) -> None:
    """What was known is gone, and what was pending ended by that."""
    world.evaluate(cart(world))
    world.pass_time(minutes=5)
    world.aws.deletion.delete("ana")
    text = asked(typed, "ana")
    assert "the user was deleted at 10:05 UTC. (`user_not_found`)" in text


def test_unknown_names_and_denied_reads_are_clear_sentences(world: AwsWorld, typed: Typed) -> None:
    """Each says what is wrong and what to do, and prints no half answer."""
    assert "Nothing is known of the user anna" in refused(typed, "anna")
    world.evaluate(cart(world))
    said = refused(typed, "ana", "card")
    assert "There is no campaign or journey card" in said
    assert "Did you mean cart?" in said
    assert "there is no stack 'none'" in refused(typed, "ana", "--stack", "none").lower()


def test_who_may_not_read_is_told_which_permission_is_missing(
    world: AwsWorld, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call that AWS denies is named, and there is no half answer."""
    world.evaluate(cart(world))
    session = world.aws.clients._session
    monkeypatch.setattr("unless.cli.deployment.botocore.session.get_session", lambda: session)
    world.wire.refuse("dynamodb.Query", "AccessDeniedException")
    said = refused(typed, "ana")
    assert "AWS denies Query" in said
    assert "Ask for the permission" in said


def test_a_stack_without_definitions_says_so(
    world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first publish there is nothing to ask about."""
    typed = typed_on(world, monkeypatch)
    world.evaluate(world.event("ben", "page_viewed"))
    assert "Nothing is published yet" in refused(typed, "ben", "cart")
