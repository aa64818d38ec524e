"""
Notifications through Amazon SNS mobile push.
"""

from unless.app.ports import Reply
from unless.aws.clients import Clients
from unless.aws.provider_answers import Codes, ask_once

CODES = Codes(
    refused=frozenset(
        {"EndpointDisabled", "InvalidParameter", "NotFound", "ParameterValueInvalid"}
    ),
    deployment={
        "PlatformApplicationDisabled": "renew the credentials of the platform application",
    },
)
"""
Source: SNS API Reference, "Publish", Errors, with the codes in botocore 1.44 (`sns`, 2026-11).
AuthorizationError and InvalidSecurity are the same everywhere, Throttled is no for now,
InternalError (500) unclear; those of KMS are about topics.
"""


class SnsNotifier:
    """`unless.channels.push.Notifier` on SNS."""

    def __init__(self, clients: Clients) -> None:
        """Use these clients; no call is made yet."""
        self._clients = clients

    def notify(self, endpoint: str, payload: str) -> Reply:
        """
        Make one request to send the payload, JSON by platform, and return the answer.

        Raises:
            ConfigurationError: nothing was sent, and a person has to mend the deployment.
        """
        return ask_once(
            "send a push notification",
            CODES,
            lambda: self._clients.provider("sns").publish(
                TargetArn=endpoint, MessageStructure="json", Message=payload
            ),
        )
