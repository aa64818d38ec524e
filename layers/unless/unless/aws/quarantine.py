"""
The quarantine queue: what can never be understood, with the reason, for people to read.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime

from unless.aws.clients import Clients
from unless.aws.errors import aws_errors
from unless.aws.state_json import time_text

MESSAGE_BYTES_MAX = 1_048_576
"""
Bytes of a message. Source: SQS Developer Guide, "Amazon SQS message quotas", 1 MiB (read 2026-11).
"""

CUT_CHARACTERS = 100_000
"""Characters left of a body that even compressed is too long; enough to see what it was."""


class SqsQuarantine:
    """`unless.app.ports.Quarantine` on an SQS queue."""

    def __init__(self, clients: Clients, url: str, clock: Callable[[], datetime]) -> None:
        """Use the queue at this URL; no call is made yet."""
        self._clients = clients
        self._url = url
        self._clock = clock

    def put(self, body: str, reason: str, detail: str, message_id: str) -> None:
        """
        Keep the body with the reason.

        A body that would not fit beside it, because it fills its message, is compressed
        (`body_gzip`, base64); one that does not fit even so is cut, and says so.
        """
        about = {
            "reason": reason,
            "detail": detail,
            "message_id": message_id,
            "at": time_text(self._clock()),
        }
        text = json.dumps({**about, "body": body})  # in ASCII: SQS refuses some characters
        if len(text) > MESSAGE_BYTES_MAX:
            text = json.dumps({**about, **_compressed(body)})
        with aws_errors("quarantine an event"):
            self._clients.get("sqs").send_message(QueueUrl=self._url, MessageBody=text)


def _compressed(body: str) -> dict[str, str | bool]:
    data = body.encode("utf-8", "surrogatepass")
    packed = b64encode(zlib.compress(data, wbits=31)).decode()
    if len(packed) < MESSAGE_BYTES_MAX - 10_000:
        return {"body_gzip": packed}
    return {"body": body[:CUT_CHARACTERS], "cut": True}
