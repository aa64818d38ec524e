"""
E-mail through the whole of deliver: what each answer of SES ends in.
"""

from dataclasses import replace

import pytest

from tests.integration.world import AwsWorld
from unless.aws.queue_event import messages_of
from unless.engine.records import Reason

pytestmark = pytest.mark.slow

SES, SMS = "sesv2.SendEmail", "pinpoint-sms-voice-v2.SendTextMessage"
SENDER = "shop@example.test"
MAIL = """
campaign: mail
trigger: {event: cart}
message: {channel: email, subject: Your cart, text: Still there.}
"""
ATTRIBUTES = {"email": "ann@example.test", "phone": "+33612345678"}


@pytest.fixture(autouse=True)
def mail(world: AwsWorld) -> None:
    """A deployment that sends e-mail, and whose sender is verified."""
    world.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    world.aws.settings = replace(world.aws.settings, email_from=SENDER)
    world.publish(MAIL)


def begin(world: AwsWorld, user: str = "u") -> list[str]:
    """Let the trigger happen, and return the due notice that rings at once."""
    world.evaluate(world.event(user, "cart", attributes=ATTRIBUTES))
    return world.due()


def asked(world: AwsWorld) -> int:
    """How many requests SES has had."""
    return world.wire.calls.count(SES)


def test_a_mail_that_is_taken_is_sent(world: AwsWorld) -> None:
    """One request, and the record and the receipt say so."""
    assert world.deliver(*begin(world)) == []
    assert asked(world) == 1
    assert ended(world) == ["sent"]
    assert received(world)


def test_a_throttled_mail_is_not_failed(world: AwsWorld) -> None:
    """Its claim and its receipt are given back, it comes again, and goes out once."""
    notices = begin(world)
    world.wire.refuse(SES, "TooManyRequestsException", times=2)
    for _ in range(2):
        assert world.deliver(*notices) == notices
        assert ended(world) == []
        assert not received(world)
    assert world.deliver(*notices) == []
    assert ended(world) == ["sent"]
    assert asked(world) == 3  # two definite no, one yes
    assert world.deliver(*notices) == []
    assert asked(world) == 3


def test_a_deployment_that_is_broken_sends_nothing_and_loses_nothing(world: AwsWorld) -> None:
    """While SES has paused the account, the message waits in its queue."""
    notices = begin(world)
    world.wire.refuse(SES, "SendingPausedException")
    assert world.deliver(*notices) == notices
    assert not received(world)
    assert world.deliver(*notices) == []
    assert ended(world) == ["sent"]


def test_a_refused_mail_is_cancelled(world: AwsWorld) -> None:
    """A definite no for good ends it, with no receipt, and it is not asked again. (K3)"""
    notices = begin(world)
    world.wire.refuse(SES, "MessageRejected")
    assert world.deliver(*notices) == []
    assert ended(world) == ["cancelled delivery_failed"]
    (record,) = [each for each in world.records("u") if each.reason is Reason.DELIVERY_FAILED]
    assert record.detail["said"] == "MessageRejected"
    assert not received(world)
    assert world.deliver(*notices) == []
    assert asked(world) == 1


def test_a_mail_without_a_clear_answer_is_never_repeated(world: AwsWorld) -> None:
    """It counts as sent, with a receipt, and is not asked again. (K3, I3)"""
    notices = begin(world)
    with world.wire.out(SES, "InternalFailure"):
        assert world.deliver(*notices) == []
    assert ended(world) == ["sent delivery_unknown"]
    assert received(world)
    assert world.deliver(*notices) == []
    assert asked(world) == 1


def test_an_address_that_is_none_is_refused_before_anybody_is_asked(world: AwsWorld) -> None:
    """Whoever sets their address to two gets no mail, and nor does the other."""
    two = {"email": "ann@example.test,eve@example.test"}
    world.evaluate(world.event("u", "cart", attributes=two))
    assert world.ring() == []
    assert ended(world) == ["cancelled delivery_failed"]
    assert asked(world) == 0


def test_a_channel_that_the_deployment_has_not_waits_for_it(world: AwsWorld) -> None:
    """The message goes back to its queue, and no provider is asked."""
    world.publish("{campaign: text, trigger: {event: other}, message: {channel: sms, text: Hi}}")
    world.evaluate(world.event("u", "other", attributes=ATTRIBUTES))
    notices = world.due()
    assert world.deliver(*notices) == notices
    assert ended(world) == []
    assert SMS not in world.wire.calls


@pytest.mark.parametrize(
    "code", ["", "TooManyRequestsException", "MessageRejected", "SendingPausedException", "Other"]
)
def test_nothing_of_the_person_stands_in_logs_or_records(
    world: AwsWorld, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    """Whatever SES answers: no address, no name, no word of the mail in any line or record."""
    world.publish("""{campaign: named, trigger: {event: cart},
        message: {channel: email, subject: "For {{ user.name }}", text: "Dear {{ user.name }}"}}""")
    person = {"email": "canary@example.test", "name": "Canary"}
    world.evaluate(world.event("u", "cart", attributes=person))
    if code:
        world.wire.refuse(SES, code, times=2)
    world.ring()
    assert asked(world) == 2
    told = capsys.readouterr()
    for text in (told.out, told.err, repr(world.records("u"))):
        assert "canary" not in text.lower()


def ended(world: AwsWorld) -> list[str]:
    """How the user's messages have ended."""
    return [said for said in world.said("u") if said != "scheduled"]


def test_a_message_without_time_for_its_answer_comes_again(world: AwsWorld) -> None:
    """A user's second mail is not begun when the answer to the first has taken all the time."""
    world.publish(MAIL.replace("campaign: mail", "campaign: second"))
    notices = begin(world)
    slow = iter([30.0, 30.0])
    report = world.aws.deliver.run(
        messages_of({"Records": [world.message(notice) for notice in notices]}),
        lambda: next(slow, 14.0),
    )
    assert len(report.failed) == 1
    assert asked(world) == 1
    assert world.deliver(*notices) == []
    assert asked(world) == 2


def received(world: AwsWorld) -> bool:
    """Whether the user has a receipt of the campaign."""
    receipts = world.aws.store.load("u").state.receipts
    return [receipt.definition for receipt in receipts] == ["mail"]
