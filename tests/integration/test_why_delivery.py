"""
`unless why` and `unless pending` against a stack on moto: messages that wait for their channel, and
what came of those that went out.
"""

from pathlib import Path

import pytest

from tests.integration.test_commands import Typed, typed_on
from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

TIP = """
campaign: tip
trigger: {event: registered}
message: {channel: in_app, text: "Hi", expires: 2d}
"""

HELLO = """
campaign: hello
trigger: {event: registered}
conversions: [{event: purchase, within: 3d}]
"""


@pytest.fixture
def typed(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command, on the stack `unless` with two campaigns."""
    world.publish(TIP, HELLO)
    world.evaluate(world.event("ana", "registered"))
    world.deliver(*world.due())
    return typed_on(world, monkeypatch)


def asked(typed: Typed, *words: str | Path) -> str:
    """What the command answers."""
    result = typed(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_an_in_app_message_waits_for_the_next_session(typed: Typed) -> None:
    """Who asks is told until when, and that it is no matter of time alone."""
    until = "Wed 4 Feb 2026, 10:00 UTC"
    assert f"the in-app message waits for their next session, until {until}" in asked(
        typed, "why", "ana", "tip"
    )
    assert "the next session, at most until then" in asked(typed, "pending", "ana")


def test_an_in_app_message_that_nobody_came_for_says_so(world: AwsWorld, typed: Typed) -> None:
    """The record names its expiry, and the advice what would have helped."""
    world.pass_time(days=2)
    world.deliver(*world.due())
    text = asked(typed, "why", "ana", "tip")
    assert "waited for a session of theirs until 10:00 UTC, and none began. (`too_late`)" in text
    assert "A longer `expires`" in text


def test_what_came_of_a_message_stands_below_it(world: AwsWorld, typed: Typed) -> None:
    """Opened twice and bought: with the message, not as decisions of their own."""
    (sent,) = (r for r in world.records("ana") if r.definition == "hello" and r.outcome == "sent")
    assert sent.send is not None
    about = {"campaign": "hello", "send": sent.send, "channel": "email", "action": "opened"}
    for _ in range(2):
        world.pass_time(minutes=1)
        world.evaluate(world.event("ana", "message_interaction", **about))
    world.pass_time(hours=1)
    world.evaluate(world.event("ana", "purchase"))
    text = asked(typed, "why", "ana", "hello")
    assert "they opened the e-mail, 2 times in all" in text
    assert "they bought 1 hour 2 minutes after the message: a conversion, the first goal" in text
    assert text.count("hello  campaign") == 1


def test_what_should_have_gone_out_is_tried_again(world: AwsWorld, typed: Typed) -> None:
    """Whether the channel is busy or the notice was lost: somebody who waits is told."""
    world.evaluate(world.event("ben", "registered"))
    world.pass_time(minutes=5)
    text = asked(typed, "why", "ben", "hello")
    assert "5 minutes ago; it is tried again every few minutes" in text
    assert "it is tried again every few minutes" in asked(typed, "pending", "ben")
