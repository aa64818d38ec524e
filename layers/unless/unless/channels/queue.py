"""
The channel `queue`: asks for a message on a queue, from which one receiver takes it.
"""

from typing import Any, Protocol

from unless.app.ports import Message, Reply
from unless.channels.event import request_of
from unless.engine.decision import Answer


class MessageQueue(Protocol):
    """Where requests wait for their receiver."""

    def put(self, body: dict[str, Any], send: str) -> None:
        """Put the request of that send into the queue."""


class QueueChannel:
    """
    `unless.app.ports.Channel` on a queue.

    The receiver knows a repeated request by its `send`, so one may be repeated.
    """

    def __init__(self, queue: MessageQueue) -> None:
        """Ask on this queue."""
        self._queue = queue

    def send(self, message: Message) -> Reply:
        """
        Put the request into the queue; the answer is yes once it is there.

        Raises:
            TransientError: the queue has not taken it, or it is not known.
            ConfigurationError: the queue or the permission is not there.
        """
        self._queue.put(request_of(message), message.send)
        return Reply(Answer.ACCEPTED)
