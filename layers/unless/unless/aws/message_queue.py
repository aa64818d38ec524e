"""
The queue on which the channel `queue` asks for messages.
"""

import json
from typing import Any

from unless.aws.clients import Clients
from unless.aws.errors import aws_errors


class SqsMessageQueue:
    """`unless.channels.queue.MessageQueue` on SQS."""

    def __init__(self, clients: Clients, url: str) -> None:
        """Use the queue at this URL, which may be a FIFO queue; no call is made yet."""
        self._clients = clients
        self._url = url

    def put(self, body: dict[str, Any], send: str) -> None:
        """
        Put the request into the queue, its send in an attribute too, so that a filter sees it.

        A FIFO queue drops a repeat within five minutes by itself. Source: SQS Developer Guide,
        "Using the message deduplication ID" (read 2026-11).

        Raises:
            TransientError: the queue may take it later.
            ConfigurationError: the permission or the queue is not there.
        """
        once = {"MessageDeduplicationId": send, "MessageGroupId": send}
        with aws_errors("put a message into the queue"):
            self._clients.get("sqs").send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps(body, separators=(",", ":")),
                MessageAttributes={"send": {"DataType": "String", "StringValue": send}},
                **(once if self._url.endswith(".fifo") else {}),
            )
