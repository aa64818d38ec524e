"""
The channels of a deployment, made from its settings for the composition root.

Imported only when a due notice comes: `evaluate` and `sweep` start without it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from unless.app.ports import Channel
from unless.aws.bus import EventBridgeBus
from unless.aws.clients import Clients
from unless.aws.end_user_messaging import EndUserMessaging
from unless.aws.message_queue import SqsMessageQueue
from unless.aws.ses import SesMailer
from unless.aws.settings import Settings
from unless.aws.signing_secret import SigningSecret
from unless.aws.sns import SnsNotifier
from unless.channels.absent import AbsentChannel
from unless.channels.email import EmailChannel, UnsubscribeLinks
from unless.channels.event import EventChannel
from unless.channels.in_app import InAppChannel
from unless.channels.push import PushChannel, endpoints_of
from unless.channels.queue import QueueChannel
from unless.channels.sms import SmsChannel
from unless.channels.webhook import WebhookChannel


def channels_of(
    settings: Settings, clients: Clients, clock: Callable[[], datetime]
) -> Mapping[str, Channel]:
    """
    Return every channel by the name that definitions use; no client is made and no call either.

    One that the deployment was not given says so when it is to send.
    """
    bus = EventBridgeBus(clients, settings.bus)
    secret = SigningSecret(clients, settings.signing_secret)
    return {
        "event": EventChannel(bus),
        "in_app": InAppChannel(bus),
        "webhook": WebhookChannel(secret, clock),
        "email": _email(settings, clients, secret),
        "sms": _sms(settings, clients),
        "push": _push(settings, clients),
        "queue": _queue(settings, clients),
    }


def _email(settings: Settings, clients: Clients, secret: Callable[[], bytes]) -> Channel:
    if not settings.email_from:
        return AbsentChannel("email", "EmailFrom")
    url = settings.unsubscribe_url
    links = UnsubscribeLinks(url, secret) if url and settings.signing_secret else None
    mailer = SesMailer(clients, settings.email_from, settings.configuration_set)
    return EmailChannel(mailer, links)


def _sms(settings: Settings, clients: Clients) -> Channel:
    if not settings.sms_identity:
        return AbsentChannel("sms", "SmsIdentity")
    return SmsChannel(EndUserMessaging(clients, settings.sms_identity))


def _push(settings: Settings, clients: Clients) -> Channel:
    if not settings.push_application:
        return AbsentChannel("push", "PushApplication")
    endpoints = endpoints_of(settings.push_application, beside=settings.due_queue_arn)
    return PushChannel(SnsNotifier(clients), endpoints)


def _queue(settings: Settings, clients: Clients) -> Channel:
    if not settings.message_queue_url:
        return AbsentChannel("queue", "MessageQueueArn")
    return QueueChannel(SqsMessageQueue(clients, settings.message_queue_url))
