"""Actions used are actions granted: nothing that is not, and nothing that nobody needs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from functions.unsubscribe import app as unsubscribe
from tests.integration.grants import ACCOUNT, Asked, Grant, Need, grants, listening
from tests.integration.journeys import answer_with, pass_and_ring
from tests.integration.test_feedback import said
from tests.integration.test_unsubscribe import KEY, request
from tests.integration.wire import REGION
from tests.integration.world import FUNCTIONS, AwsWorld
from tests.unit.events.ses_events import ADDRESS
from unless.channels.links import Unsubscribe, make_link
from unless.definitions.models import Kind
from unless.engine.decision import Answer
from unless.sim.moto_cloud import texts_are_taken

pytestmark = pytest.mark.slow

BY_LAMBDA = {
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
}
"""
What Lambda itself does in a function's role: it writes the log and reads the queue.

Source: Lambda Developer Guide, "Permissions for event source mappings" of SQS (read 2026-11).
"""

LARGE = [f"item number {number}" for number in range(1000)]
PERSON = {"email": ADDRESS, "phone": "+33612345678", "time_zone": "Europe/Paris"}
CHANNELS = """
campaign: {channel}
trigger: {{event: cart}}
message: {{channel: {channel}, text: Still there}}
"""
EMAIL = """
campaign: email
trigger: {event: cart}
message: {channel: email, subject: Your cart, text: Still there}
"""
LATER = """
campaign: later
trigger: {event: left}
delay: {after: 2h}
unless: [{event: purchase}]
"""
MORNING = """
campaign: morning
trigger: {event: seen}
delay: {days: 30, at: "09:00"}
"""
STEPS = """
journey: moves
entry: {trigger: {event: registered}}
steps:
  - delay: {after: 5m}
  - message: {id: hello}
  - update: {attributes: {plan: gold}}
  - delay: {after: 2h}
  - message: {id: bye}
"""
CANCELLED_BY_A_STEP = """
campaign: nudge
trigger: {event: registered}
delay: {after: 2h}
unless: [{event: attribute_changed, where: {attribute: plan}}]
"""


@dataclass
class Full:
    """A deployment with every channel, and somebody whom all of them reach."""

    world: AwsWorld
    person: dict[str, str]


@pytest.fixture
def full(world: AwsWorld) -> Iterator[Full]:
    """A deployment with every channel."""
    sns = world.client("sns")
    application = sns.create_platform_application(Name="shop", Platform="GCM", Attributes={})
    arn = application["PlatformApplicationArn"]
    device = sns.create_platform_endpoint(PlatformApplicationArn=arn, Token="device")
    ses = world.client("sesv2")
    ses.create_email_identity(EmailIdentity="shop@shop.example")
    ses.create_configuration_set(ConfigurationSetName="set")
    secret = world.client("secretsmanager").create_secret(Name="key", SecretString=KEY)
    world.queues["messages"] = world.client("sqs").create_queue(QueueName="messages")["QueueUrl"]
    world.aws.settings = replace(
        world.aws.settings,
        email_from='"Acme" <shop@shop.example>',
        configuration_set="set",
        sms_identity=f"arn:aws:sms-voice:{REGION}:{ACCOUNT}:phone-number/unless",
        push_application="GCM/shop",
        message_queue_url=world.queues["messages"],
        signing_secret=secret["ARN"],
        unsubscribe_url="https://page.example/",
    )
    others = (CHANNELS.format(channel=channel) for channel in ("sms", "push", "queue", "event"))
    world.publish(EMAIL, *others, LATER, MORNING, STEPS, CANCELLED_BY_A_STEP)
    with texts_are_taken():
        yield Full(world, {**PERSON, "push_endpoint": device["EndpointArn"]})


def live(full: Full) -> Asked:
    """Let everything happen once that a deployment is there for; return what was asked."""
    world = full.world
    with listening(*FUNCTIONS, unsubscribe) as asked, pytest.MonkeyPatch.context() as patch:
        patch.setattr(unsubscribe, "from_environment", lambda: world.aws)
        messages(full)
        timers(world)
        deletion(world)
        unsubscribes()
        unclear(world)
    return asked


def messages(full: Full) -> None:
    """One by each channel; a repeat, what nobody can read, and what SES says of the e-mail."""
    world = full.world
    assert world.evaluate("no event") == []
    trigger = world.event("u", "cart", "e1", attributes=full.person)
    assert world.evaluate(trigger) == world.evaluate(trigger, receives=2) == []
    assert world.ring() == []
    assert world.deliver("no notice") == []
    (mail,) = [r for r in world.records("u") if (r.definition, r.outcome) == ("email", "sent")]
    assert world.evaluate(said("Delivery", mail)) == []


def timers(world: AwsWorld) -> None:
    """Short and long ones, cancelled by events and by a step of a journey; one is overdue."""
    world.evaluate(world.event("u", "left"))
    world.evaluate(world.event("u", "purchase"))
    world.evaluate(world.event("u", "seen", items=LARGE))
    world.evaluate(world.event("u", "moved", attributes={"time_zone": "America/New_York"}))
    world.evaluate(world.event("u", "registered", items=LARGE))
    world.publish(LATER.replace("2h", "3h"))
    pass_and_ring(world, minutes=5)
    world.evaluate(world.event("u", "left"))
    world.pass_time(hours=4)
    world.sweep()


def deletion(world: AwsWorld) -> None:
    """Somebody is deleted, and what was written of them meanwhile once more."""
    world.evaluate(world.event("gone", "left"))
    world.aws.deletion.delete("gone")
    pass_and_ring(world, hours=1)


def unclear(world: AwsWorld) -> None:
    """A channel gives no clear answer."""
    answer_with(world, Answer.UNKNOWN)
    world.evaluate(world.event("v", "left"))
    world.pass_time(hours=4)
    assert world.ring() == []


def unsubscribes() -> None:
    """Somebody presses the button."""
    leaves = Unsubscribe("u", None, "s-abc", Kind.CAMPAIGN, "email")
    token = make_link("https://page.example/", leaves, KEY.encode()).split("?t=")[1]
    assert unsubscribe.handler(request("POST", token), None)["statusCode"] == 200


@pytest.fixture
def used(full: Full) -> tuple[list[tuple[str, Need]], list[Grant]]:
    """What each role was used for, and all that is granted."""
    asked = live(full)
    assert asked.refused(full.world.aws.settings) == set()
    used = asked.needs
    for channel in ("email", "sms", "push", "queue", "event"):
        assert [r.definition for r in full.world.records("u") if r.outcome == "sent"].count(channel)
    return used, grants(full.world.aws.settings)


def test_actions_used_are_actions_granted(used: tuple[list[tuple[str, Need]], list[Grant]]) -> None:
    """
    Nothing is used that is not granted to that role (`used`, and after each test with a `world`),
    and nothing granted that nobody uses.
    """
    needs, granted = used
    unused = {
        (grant.role, grant.sid, grant.action)
        for grant in granted
        if not any(grant.role == role and grant.allows(need) for role, need in needs)
    }
    assert {each for each in unused if each[2] not in BY_LAMBDA} == set()


def test_a_role_may_not_do_what_another_one_does(
    used: tuple[list[tuple[str, Need]], list[Grant]],
) -> None:
    """What is granted is told apart: sweep writes no user, evaluate sends nothing."""
    needs, granted = used

    def may(role: str, need: Need) -> bool:
        return any(grant.role == role and grant.allows(need) for grant in granted)

    puts = [need for role, need in needs if role == "DeliverRole" and "PutEvents" in need.action]
    writes = [need for role, need in needs if need.action == "dynamodb:PutItem"]
    assert puts
    assert writes
    assert not any(may("EvaluateRole", need) for need in puts)
    assert not any(may("UnsubscribeRole", need) for need in puts)
    assert not any(may("SweepRole", need) for need in writes)
    definitions = (("dynamodb:LeadingKeys", "DEFINITIONS"),)
    for role in ("EvaluateRole", "DeliverRole", "SweepRole"):
        assert not may(role, replace(writes[0], context=definitions))
