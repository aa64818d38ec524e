"""
The channel `push`: one notification to one endpoint of the deployment's own app.
"""

import json
from typing import Any, Protocol

from unless.app.ports import Message, Reply
from unless.engine.decision import Answer

NOT_OURS = Reply(Answer.REFUSED, "the endpoint is none of this deployment's platform application")
NO_WORDS = Reply(Answer.REFUSED, "the message has no words")


class Notifier(Protocol):
    """Who sends notifications."""

    def notify(self, endpoint: str, payload: str) -> Reply:
        """Make one request to send the payload, JSON by platform, and return the answer."""


class PushChannel:
    """`unless.app.ports.Channel` on a notifier, which is asked once."""

    def __init__(self, notifier: Notifier, endpoints: str) -> None:
        """
        Send through this notifier, to endpoints whose ARN begins with `endpoints`.

        The endpoint is an attribute of the user, so an app sets it: anything else that it might
        name, such as a topic, is refused.
        """
        self._notifier = notifier
        self._endpoints = endpoints

    def send(self, message: Message) -> Reply:
        """
        Send the notification and return the answer.

        Raises:
            ConfigurationError: nothing was sent, and the deployment has to be mended.
        """
        endpoint = message.address or ""
        if not endpoint.startswith(self._endpoints) or not endpoint.isprintable():
            return NOT_OURS
        if not (message.content.text or "").strip():
            return NO_WORDS
        return self._notifier.notify(endpoint, payload_of(message))


def endpoints_of(application: str, beside: str) -> str:
    """
    Return how the ARN of each endpoint of a platform application (`GCM/shop`) begins, in the
    account and region of the ARN `beside`.

    Source: SNS Developer Guide, "Create a platform endpoint for Amazon SNS push notifications"
    (`arn:aws:sns:region:account:endpoint/GCM/MyApplication/id`, read 2026-11).
    """
    _, partition, _, region, account, *_ = beside.split(":")
    return f"arn:{partition}:sns:{region}:{account}:endpoint/{application}/"


def payload_of(message: Message) -> str:
    """
    Return the notification for each platform; the app finds the send's id beside the words.

    Source: SNS Developer Guide, "Using Google Firebase Cloud Messaging v1 payloads in Amazon SNS"
    and "Sending custom platform-specific payloads" (read 2026-11); the keys of APNs: Apple,
    "Generating a remote notification".
    """
    title, body = message.content.subject, message.content.text
    words = {**({"title": title} if title else {}), "body": body}
    ours = {"send": message.send, message.kind.value: message.definition}
    apple = json.dumps({"aps": {"alert": words}, **ours})
    google: dict[str, Any] = {"fcmV1Message": {"message": {"notification": words, "data": ours}}}
    payload = {
        "default": body,
        "GCM": json.dumps(google),
        "APNS": apple,
        "APNS_SANDBOX": apple,
    }
    return json.dumps(payload)
