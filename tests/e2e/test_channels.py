"""E-mail and push against a local SES and SNS over HTTP, and what they received."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.request import urlopen

import pytest

from tests.unit.channels.providers import message
from unless.app.errors import ConfigurationError
from unless.app.ports import Reply
from unless.aws.clients import Clients
from unless.aws.settings import Settings
from unless.aws.sns import SnsNotifier
from unless.channel_wiring import channels_of
from unless.channels.push import PushChannel
from unless.cli.local_aws import LocalAws
from unless.composition import utc_now
from unless.content.parts import UNSUBSCRIBE_PLACEHOLDER, Content
from unless.engine.decision import Answer

SENDER = "news@channels.unless.example"
WORDS = Content(
    subject="Žlutý košík",
    html=f'<p>Waits. <a href="{UNSUBSCRIBE_PLACEHOLDER}">Leave</a></p>',
    text=f"Waits. Leave: {UNSUBSCRIBE_PLACEHOLDER}",
)


@pytest.fixture
def settings(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The deployed stack, with every channel that the local AWS has a provider for."""
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    aws.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    secret = aws.client("secretsmanager").create_secret(Name="channels", SecretString="e2e")
    yield replace(
        Settings.from_outputs(aws.outputs),
        email_from=SENDER,
        configuration_set="",
        signing_secret=secret["ARN"],
        unsubscribe_url="https://leave.unless.example/",
    )
    arn = secret["ARN"]
    aws.client("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    aws.client("sesv2").delete_email_identity(EmailIdentity=SENDER)


def sent(aws: LocalAws) -> list[dict[str, Any]]:
    """What the local SES has sent."""
    with urlopen(f"{aws.endpoint}/_ministack/ses/messages") as answer:  # noqa: S310 - our own
        accounts: dict[str, list[dict[str, Any]]] = json.load(answer)["messages"]
    return [mail for found in accounts.values() for mail in found]


def test_a_mail_arrives_at_ses(aws: LocalAws, settings: Settings) -> None:
    """Once, to its one receiver, with subject, both bodies and the link to leave."""
    given = message(address="ann@example.test", content=WORDS)
    said = channels_of(settings, Clients(), utc_now)["email"].send(given)
    assert said.answer is Answer.ACCEPTED, said
    (mail,) = [mail for mail in sent(aws) if mail["Source"] == SENDER]
    assert (mail["To"], mail["CC"], mail["BCC"]) == (["ann@example.test"], [], [])
    assert mail["Subject"] == WORDS.subject
    for body in ("BodyHtml", "BodyText"):
        assert "https://leave.unless.example/?t=" in mail[body]
        assert UNSUBSCRIBE_PLACEHOLDER not in mail[body]


def test_a_mail_of_a_sender_who_is_not_verified_waits(aws: LocalAws, settings: Settings) -> None:
    """SES rejects it, and a person verifies the sender."""
    wrong = replace(settings, email_from="nobody@elsewhere.unless.example")
    with pytest.raises(ConfigurationError, match="verify EmailFrom"):
        channels_of(wrong, Clients(), utc_now)["email"].send(
            message(address="ann@example.test", content=WORDS)
        )
    assert [mail for mail in sent(aws) if mail["Source"] == wrong.email_from] == []


@pytest.mark.usefixtures("settings")
def test_a_notification_reaches_sns(aws: LocalAws) -> None:
    """It is published at the endpoint of a device; one that is not there is a no for good.

    ministack 1.5.33 names endpoints otherwise than AWS (`app/GCM/…` for `endpoint/GCM/…`).
    """
    sns = aws.client("sns")
    application = sns.create_platform_application(
        Name="channels", Platform="GCM", Attributes={"PlatformCredential": "none"}
    )["PlatformApplicationArn"]
    made = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="device")
    channel = PushChannel(SnsNotifier(Clients()), f"{application}/")
    said = channel.send(message(address=made["EndpointArn"], content=WORDS))
    assert said.answer is Answer.ACCEPTED, said
    gone = channel.send(message(address=made["EndpointArn"] + "0", content=WORDS))
    assert gone == Reply(Answer.REFUSED, "NotFound")
    sns.delete_platform_application(PlatformApplicationArn=application)
