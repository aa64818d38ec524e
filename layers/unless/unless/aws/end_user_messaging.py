"""
Texts through AWS End User Messaging SMS.
"""

from unless.app.ports import Reply
from unless.aws.clients import Clients
from unless.aws.provider_answers import Codes, ask_once

CODES = Codes(
    refused=frozenset({"ConflictException", "ValidationException"}),
    deployment={
        "ConflictException.DESTINATION_PHONE_NUMBER_NOT_VERIFIED": (
            "verify the number, or move the account out of the sandbox"
        ),
        "ConflictException.MESSAGE_TYPE_MISMATCH": (
            "set SmsIdentity to one that is registered for such texts"
        ),
        "ConflictException.NO_ORIGINATION_IDENTITIES_FOUND": "put a number into the pool",
        "ConflictException.RESOURCE_NOT_ACTIVE": "wait until SmsIdentity is active",
        "ConflictException.REGISTRATION_NOT_COMPLETE": "complete the registration of SmsIdentity",
        "ResourceNotFoundException": "set SmsIdentity to a number, sender id or pool of ours",
        "ServiceQuotaExceededException": "raise the spending limit for texts of the account",
    },
)
"""
Source: AWS End User Messaging SMS API Reference v2, "SendTextMessage", Errors, and their reasons,
read in botocore 1.44 (`pinpoint-sms-voice-v2`, 2026-11). The other three: AccessDeniedException is
the same everywhere, ThrottlingException no for now, InternalServerException (500) unclear.
"""


class EndUserMessaging:
    """`unless.channels.sms.Texter` on AWS End User Messaging."""

    def __init__(self, clients: Clients, identity: str) -> None:
        """
        Send from this number, sender id or pool; no call is made yet.

        Whether a text is transactional or promotional is left out of the request: an identity is
        registered for one of them, and another in the request is a MESSAGE_TYPE_MISMATCH.
        """
        self._clients = clients
        self._identity = identity

    def text(self, number: str, body: str, send: str) -> Reply:
        """
        Make one request to send the text, and return the answer.

        Raises:
            ConfigurationError: nothing was sent, and a person has to mend the deployment.
        """
        return ask_once(
            "send a text",
            CODES,
            lambda: self._clients.provider("pinpoint-sms-voice-v2").send_text_message(
                DestinationPhoneNumber=number,
                MessageBody=body,
                OriginationIdentity=self._identity,
                Context={"send": send},
            ),
        )
