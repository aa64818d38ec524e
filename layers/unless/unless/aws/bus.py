"""
The event bus, on which the channel `event` asks for messages.
"""

from typing import Any

from unless.app.errors import ConfigurationError, TransientError
from unless.aws.clients import Clients
from unless.aws.errors import REMEDIES, aws_errors
from unless.aws.state_json import compact

SOURCE = "unless"
"""The source of our own events; the rule of the queue `events` leaves them out."""


class EventBridgeBus:
    """`unless.channels.event.Bus` on EventBridge."""

    def __init__(self, clients: Clients, name: str, source: str = SOURCE) -> None:
        """Put events of this source on this bus; no call is made yet."""
        self._clients = clients
        self._name = name
        self._source = source

    def put(self, detail_type: str, detail: dict[str, Any]) -> str:
        """
        Put one event on the bus and return its id.

        PutEvents answers 200 also when it refuses an entry; the entry's own code says why. Source:
        EventBridge API Reference, "PutEvents" (read 2026-11).

        Raises:
            TransientError: the bus may take it later.
            ConfigurationError: the permission or the bus is not there.
        """
        entry = {
            "EventBusName": self._name,
            "Source": self._source,
            "DetailType": detail_type,
            "Detail": compact(detail),
        }
        with aws_errors("put an event on the bus"):
            answer = self._clients.get("events").put_events(Entries=[entry])
        result = answer["Entries"][0]
        if code := result.get("ErrorCode"):
            error = ConfigurationError if code in REMEDIES else TransientError
            raise error(f"put an event on the bus: {code}")
        return str(result["EventId"])
