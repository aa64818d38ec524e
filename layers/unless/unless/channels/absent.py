"""
A channel that this deployment was not given.
"""

from unless.app.errors import ConfigurationError
from unless.app.ports import Message, Reply


class AbsentChannel:
    """`unless.app.ports.Channel` that never sends; its messages wait for the deployment."""

    def __init__(self, name: str, parameter: str) -> None:
        """Stand for this channel until the template's `parameter` is set."""
        self._name = name
        self._parameter = parameter

    def send(self, _message: Message) -> Reply:
        """
        Send nothing.

        Raises:
            ConfigurationError: always, with the parameter that makes the channel.
        """
        raise ConfigurationError(
            f"this deployment has no channel {self._name!r}; "
            f"deploy template.yaml with the parameter {self._parameter}"
        )
