"""
Mail through Amazon SES.
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from unless.app.ports import Reply
from unless.aws.clients import Clients
from unless.aws.provider_answers import Codes, ask_once
from unless.content.parts import Content

UNVERIFIED = "not verified"
"""
What SES says in a `MessageRejected` that is about an identity and not about the mail.

Source: SES Developer Guide, "Amazon SES email sending errors" (read 2026-11): "Email address is
not verified. The following identities failed the check in region …".
"""

CODES = Codes(
    refused=frozenset({"BadRequestException", "MessageRejected"}),
    deployment={
        "AccountSuspendedException": "ask AWS Support to lift the restriction of the account",
        "MailFromDomainNotVerifiedException": "verify the domain of EmailFrom in SES",
        "MessageRejected.NOT_VERIFIED": (
            "verify EmailFrom in SES and, while the account is in the sandbox, each receiver"
        ),
        "NotFoundException": "deploy the stack again: its configuration set is gone",
        "SendingPausedException": "resume sending in SES, for the account or the configuration set",
    },
)
"""
Source: SES API Reference v2, "SendEmail", Errors; the same list in botocore 1.44 (`sesv2`). The
other two, TooManyRequestsException and LimitExceededException, are no for now.
"""


class SesMailer:
    """`unless.channels.email.Mailer` on SES."""

    def __init__(self, clients: Clients, sender: str, configuration_set: str) -> None:
        """Send from this address; an empty configuration set is none. No call is made yet."""
        self._clients = clients
        self._sender = sender
        self._configuration_set = configuration_set

    def mail(
        self, to: str, content: Content, headers: Mapping[str, str], tags: Mapping[str, str]
    ) -> Reply:
        """
        Make one request to send the mail, and return the answer.

        Raises:
            ConfigurationError: nothing was sent, and a person has to mend the deployment.
        """
        request: dict[str, Any] = {
            "FromEmailAddress": self._sender,
            "Destination": {"ToAddresses": [to]},
            "Content": {"Simple": _simple(content, headers)},
            "EmailTags": _pairs(tags),
        }
        if self._configuration_set:
            request["ConfigurationSetName"] = self._configuration_set
        return ask_once("send an e-mail", CODES, lambda: self._send(request))

    def _send(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = self._clients.provider("sesv2").send_email(**request)
        except ClientError as error:
            if UNVERIFIED in error.response.get("Error", {}).get("Message", ""):
                error.response["Reason"] = "NOT_VERIFIED"
            raise
        return answer


def _simple(content: Content, headers: Mapping[str, str]) -> dict[str, Any]:
    parts = {"Html": content.html, "Text": content.text}
    simple: dict[str, Any] = {
        "Subject": _utf8(content.subject or ""),
        "Body": {name: _utf8(part) for name, part in parts.items() if part},
    }
    return {**simple, "Headers": _pairs(headers)} if headers else simple


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def _pairs(of: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in of.items()]
