"""The three providers that are asked once, each behind its channel, and how each says no."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.provider_stub import Answer, answering, error, xml_error
from unless.app.ports import Channel, Message
from unless.aws.clients import Clients
from unless.aws.end_user_messaging import EndUserMessaging
from unless.aws.ses import SesMailer
from unless.aws.sns import SnsNotifier
from unless.channels.email import EmailChannel, UnsubscribeLinks
from unless.channels.push import PushChannel
from unless.channels.sms import SmsChannel
from unless.content.parts import Content
from unless.definitions.models import Kind

AT = datetime(2026, 2, 2, 10, tzinfo=UTC)
SECRET = b"secret of the tests"
ENDPOINTS = "arn:aws:sns:eu-west-1:123456789012:endpoint/GCM/shop/"
ACCEPTED = '{"MessageId": "0100"}'
PUBLISHED = (
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>'
    "<MessageId>0100</MessageId></PublishResult></PublishResponse>"
)


def message(**more: object) -> Message:
    """A message of a campaign to a user whose id is no word of any header."""
    parts: dict[str, object] = {
        "send": "s-abcdefghijklmnopqrstuvwxyz234567",
        "user": "ü 17,\r\nBcc: eve@example.test",
        "kind": Kind.CAMPAIGN,
        "definition": "cart",
        "step": None,
        "event": "e-1",
        "name": "cart_updated",
        "at": AT,
        "due": AT,
        "properties": {},
        "content": Content(subject="Your cart", text="Still there.", html="<p>Still there.</p>"),
    }
    return Message(**{**parts, **more})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Provided:
    """A provider's channel, what it accepts, and what its errors mean."""

    name: str
    service: str
    address: str
    channel: Callable[[Clients], Channel]
    accepting: str
    failing: Callable[[int, str], Answer]
    throttling: Mapping[str, int] = field(default_factory=dict)
    refusing: Mapping[str, int] = field(default_factory=dict)
    broken: Mapping[str, int] = field(default_factory=dict)

    def accept(self) -> Answer:
        """Answer as AWS does when it has taken the message."""
        return answering(200, self.accepting)


def _email(clients: Clients) -> Channel:
    links = UnsubscribeLinks("https://leave.example.test/", lambda: SECRET)
    return EmailChannel(SesMailer(clients, "shop@example.test", "ours"), links)


EMAIL = Provided(
    name="email",
    service="sesv2",
    address="ann@example.test",
    channel=_email,
    accepting=ACCEPTED,
    failing=error,
    throttling={"TooManyRequestsException": 429, "LimitExceededException": 400},
    refusing={"MessageRejected": 400, "BadRequestException": 400},
    broken={
        "AccountSuspendedException": 400,
        "SendingPausedException": 400,
        "MailFromDomainNotVerifiedException": 400,
        "NotFoundException": 404,
        "AccessDeniedException": 403,
        "ExpiredTokenException": 403,
    },
)
SMS = Provided(
    name="sms",
    service="pinpoint-sms-voice-v2",
    address="+33 6 12 34 56 78",
    channel=lambda clients: SmsChannel(EndUserMessaging(clients, "+33700000000")),
    accepting=ACCEPTED,
    failing=error,
    throttling={"ThrottlingException": 400},
    refusing={"ValidationException": 400, "ConflictException": 400},
    broken={
        "AccessDeniedException": 400,
        "ResourceNotFoundException": 400,
        "ServiceQuotaExceededException": 400,
    },
)
PUSH = Provided(
    name="push",
    service="sns",
    address=f"{ENDPOINTS}1234",
    channel=lambda clients: PushChannel(SnsNotifier(clients), ENDPOINTS),
    accepting=PUBLISHED,
    failing=xml_error,
    throttling={"Throttled": 429, "Throttling": 400},
    refusing={
        "EndpointDisabled": 400,
        "InvalidParameter": 400,
        "ParameterValueInvalid": 400,
        "NotFound": 404,
        "ValidationException": 400,
    },
    broken={
        "AuthorizationError": 403,
        "PlatformApplicationDisabled": 400,
        "InvalidSecurity": 403,
    },
)
PROVIDERS = (EMAIL, SMS, PUSH)
