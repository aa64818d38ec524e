"""
Nothing of a person stands in any log or metric, whatever providers and mail programs say.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.unsubscribe import app as unsubscribe
from tests import canaries, privacy
from tests.integration.test_unsubscribe import request
from tests.integration.world import AwsWorld
from tests.unit.events.ses_events import body, message
from unless.aws.discretion import FunctionFailed
from unless.channels.links import Unsubscribe, make_link
from unless.channels.unsubscribing import Unsubscribing
from unless.definitions.models import Kind

pytestmark = pytest.mark.slow

KEY = "k" * 64
MESSAGES = """
campaign: by_email
trigger: {event: bought}
message: {channel: email, subject: "{{ user.note }}", text: "{{ user.note }}"}
---
campaign: by_sms
trigger: {event: bought}
message: {channel: sms, text: "{{ user.note }}"}
---
campaign: by_push
trigger: {event: bought}
message: {channel: push, text: "{{ user.note }}"}
---
campaign: by_queue
trigger: {event: bought}
message: {channel: queue, text: "{{ user.note }}"}
---
campaign: by_webhook
trigger: {event: bought}
message: {channel: webhook, url: "https://127.0.0.1/", text: "{{ user.note }}"}
"""
CALLS = ["sesv2.SendEmail", "pinpoint-sms-voice-v2.SendTextMessage", "sns.Publish"]


@pytest.fixture
def shop(loud: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> AwsWorld:
    """A deployment with every channel."""
    arn = loud.client("secretsmanager").create_secret(Name="key", SecretString=KEY)["ARN"]
    loud.aws.settings = replace(
        loud.aws.settings,
        email_from="shop@mail.example",
        sms_identity="SHOP",
        push_application="GCM/shop",
        message_queue_url=loud.queues["Requested"],
        signing_secret=arn,
        unsubscribe_url="https://leave.shop.example/",
    )
    monkeypatch.setattr(unsubscribe, "from_environment", lambda: loud.aws)
    loud.publish(MESSAGES)
    return loud


def bought(world: AwsWorld) -> str:
    """An event of somebody who can be reached on every channel."""
    attributes = {
        "email": canaries.EMAIL,
        "phone": canaries.PHONE,
        "push_endpoint": canaries.ENDPOINT,
        "note": canaries.ATTRIBUTE,
    }
    return world.event(canaries.USER, "bought", canaries.EVENT, attributes=attributes)


@pytest.mark.parametrize(
    "code",
    [
        "AccessDeniedException",
        "BadRequestException",
        "ConflictException",
        "EndpointDisabled",
        "InternalFailure",
        "MessageRejected",
        "ThrottlingException",
        "ValidationException",
        f"{canaries.SAID} {canaries.EMAIL}",
    ],
)
def test_nothing_personal_is_told_of_what_providers_answer(
    code: str, shop: AwsWorld, told: Callable[[], str]
) -> None:
    """SES names the receiver in an AccessDenied; no word of any provider is repeated."""
    assert shop.evaluate(bought(shop)) == []
    words = f"no to {canaries.EMAIL}, {canaries.PHONE}, {canaries.ENDPOINT}: {canaries.ATTRIBUTE}"
    notices = shop.due()
    for call in CALLS:
        shop.wire.refuse(call, code, times=4, words=words)
    shop.deliver(*notices)
    assert set(CALLS) <= set(shop.wire.calls)
    said = told()
    assert "SendsScheduled" in said
    assert privacy.found_in(said) == []


@pytest.mark.parametrize("kind", ["Send", "Delivery", "Open", "Click", "Bounce", "Complaint"])
def test_nothing_personal_is_told_of_what_ses_reports(
    kind: str, shop: AwsWorld, told: Callable[[], str]
) -> None:
    """Neither the address nor the user, also when the tags make no sense."""
    about = message(user=canaries.USER, send="s-x", kind=Kind.CAMPAIGN, definition="by_email")
    event = body(kind, about).replace("u@example.test", canaries.EMAIL)
    broken = event.replace('"send"', f'"{canaries.NAME}"').replace('"timestamp"', '"none"')
    shop.evaluate(event, broken)
    assert privacy.found_in(told()) == []


def test_nothing_personal_is_told_of_who_unsubscribes(
    shop: AwsWorld, told: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of links that work, links that do not, an outage, and a bug."""
    leaves = Unsubscribe(canaries.USER, canaries.NAME, canaries.EVENT, Kind.CAMPAIGN, "by_email")
    token = make_link("https://here/", leaves, KEY.encode()).split("?t=")[1]
    for method in ("GET", "POST", "PUT"):
        for text in (token, token[:-3], canaries.WORDS, canaries.EMAIL, "é", None):
            unsubscribe.handler(request(method, text), None)
    shop.wire.refuse("events.PutEvents", "InternalFailure", times=4, words=canaries.USER)
    assert unsubscribe.handler(request("POST", token), None)["statusCode"] == 503
    said = told()
    assert "nobody could be unsubscribed" in said

    def answer(*given: object) -> object:
        raise ValueError(*given)

    monkeypatch.setattr(Unsubscribing, "answer", answer)
    with pytest.raises(FunctionFailed, match=r"^ValueError in ") as failed:
        unsubscribe.handler(request("POST", canaries.EMAIL), None)
    assert privacy.found_in(said + told() + str(failed.value) + token[-8:]) == []
    assert token not in said
