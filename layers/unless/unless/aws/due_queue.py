"""
The queue `due`, on which timers ring.
"""

from collections.abc import Iterable
from itertools import batched

from unless.app.errors import TransientError
from unless.app.messages import notice_to_json
from unless.aws.clients import Clients
from unless.aws.errors import aws_errors
from unless.engine.decision import DueNotice

BATCH_MAX = 10
"""Most messages of one call. Source: SQS API Reference, "SendMessageBatch" (read 2026-11)."""

DELAY_SECONDS_MAX = 900
"""
Longest delay of a message. Source: SQS Developer Guide, "Amazon SQS delay queues" (read 2026-11).
"""


class SqsDueQueue:
    """`unless.app.ports.DueQueue` on SQS, and what a timer of up to 15 minutes rings on."""

    def __init__(self, clients: Clients, url: str) -> None:
        """Use the queue at this URL; no call is made yet."""
        self._clients = clients
        self._url = url

    def ring(self, notice: DueNotice, seconds: int = 0) -> None:
        """Let the notice come after some seconds, DELAY_SECONDS_MAX at most."""
        with aws_errors("send a due notice"):
            self._clients.get("sqs").send_message(
                QueueUrl=self._url, MessageBody=notice_to_json(notice), DelaySeconds=seconds
            )

    def ring_all(self, notices: Iterable[DueNotice]) -> int:
        """
        Let these notices come at once; return how many.

        Raises:
            TransientError: the queue did not take all of them.
        """
        count = 0
        for batch in batched(notices, BATCH_MAX, strict=False):
            entries = [
                {"Id": str(place), "MessageBody": notice_to_json(notice)}
                for place, notice in enumerate(batch)
            ]
            with aws_errors("send due notices"):
                answer = self._clients.get("sqs").send_message_batch(
                    QueueUrl=self._url, Entries=entries
                )
            if failed := answer.get("Failed"):
                raise TransientError(f"send due notices: {len(failed)} of {len(batch)} refused")
            count += len(batch)
        return count
