"""
The channel `in_app`: hands a message to the user's open app, by way of the bus.
"""

from unless.app.ports import Message, Reply
from unless.channels.event import Bus, request_of
from unless.engine.decision import Answer

REQUESTED = "in_app.requested"
"""
The detail-type of a request; another one than that of the channel `event`, so that a rule for mail
gateways does not get what only an open app can show.
"""


class InAppChannel:
    """
    `unless.app.ports.Channel` on a bus.

    Whoever listens knows a repeated request by its `send`, so one may be repeated.
    """

    def __init__(self, bus: Bus) -> None:
        """Ask on this bus."""
        self._bus = bus

    def send(self, message: Message) -> Reply:
        """
        Put `in_app.requested` on the bus; the answer is yes once the bus has it.

        Raises:
            TransientError: the bus has not taken it, or it is not known.
            ConfigurationError: the bus or the permission is not there.
        """
        self._bus.put(REQUESTED, request_of(message))
        return Reply(Answer.ACCEPTED)
