"""
The channel `event`: asks for a message on the bus, where a rule can hand it to whatever sends it.
"""

from typing import Any, Protocol

from unless.app.ports import Message, Reply
from unless.engine.decision import Answer

REQUESTED = "message.requested"
"""The detail-type of a request."""


class Bus(Protocol):
    """Where events go."""

    def put(self, detail_type: str, detail: dict[str, Any]) -> str:
        """Put one event on the bus and return its id."""


class EventChannel:
    """
    `unless.app.ports.Channel` on a bus.

    Whoever listens knows a repeated request by its `send`, so one may be repeated.
    """

    def __init__(self, bus: Bus) -> None:
        """Ask on this bus."""
        self._bus = bus

    def send(self, message: Message) -> Reply:
        """
        Put `message.requested` on the bus; the answer is yes once the bus has it.

        Raises:
            TransientError: the bus has not taken it, or it is not known.
            ConfigurationError: the bus or the permission is not there.
        """
        self._bus.put(REQUESTED, request_of(message))
        return Reply(Answer.ACCEPTED)


def request_of(message: Message) -> dict[str, Any]:
    """
    Return the detail of the request: what the app itself said in the trigger, and the words of the
    message where its definition has any; nothing else of the profile.

    Instants are ISO 8601, UTC.
    """
    words = message.content
    return {
        "send": message.send,
        message.kind.value: message.definition,
        **({"step": message.step} if message.step is not None else {}),
        "user_id": message.user,
        "event": {
            "id": message.event,
            "name": message.name,
            "time": message.at.isoformat().replace("+00:00", "Z"),
            "properties": dict(message.properties),
        },
        **({"subject": words.subject} if words.subject is not None else {}),
        **({"text": words.text} if words.text is not None else {}),
        "due": message.due.isoformat().replace("+00:00", "Z"),
        "hops": message.hops,
    }
