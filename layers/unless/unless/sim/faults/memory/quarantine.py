"""
The quarantine in memory.
"""


class MemoryQuarantine:
    """`unless.app.ports.Quarantine` on a list."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.kept: list[tuple[str, str]] = []

    def put(self, body: str, reason: str, detail: str, message_id: str) -> None:
        """Keep the body with the reason."""
        del detail, message_id
        self.kept.append((body, reason))
