"""
Since when which history is kept: part of what is published, because publishing decides it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Recorded:
    """
    Since when the history of events has been kept without a break; instants are UTC.

    `everything` holds for all events, while the workspace says `record: all`. `named` holds for
    events that a definition speaks of, as far as it reaches further back. `loaded` are those whose
    past was loaded (`unless put --backfill`), with the earliest time that came: of these the stack
    knows all that there is to know.
    """

    everything: datetime | None = None
    named: Mapping[str, datetime] = field(default_factory=dict)
    loaded: Mapping[str, datetime] = field(default_factory=dict)

    def since(self, event: str) -> datetime | None:
        """Return since when there is history of the event, None while none is kept."""
        kept = [at for at in (self.everything, self.named.get(event)) if at is not None]
        loaded = self.loaded.get(event)
        return min([*kept, loaded] if loaded else kept) if kept else None

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON-able object."""
        return {
            "everything": _text(self.everything) if self.everything else None,
            "named": {name: _text(at) for name, at in self.named.items()},
            "loaded": {name: _text(at) for name, at in self.loaded.items()},
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "Recorded":
        """Return what an object of `to_json` holds."""
        everything = written["everything"]
        return cls(
            datetime.fromisoformat(everything) if everything else None,
            {name: datetime.fromisoformat(at) for name, at in written["named"].items()},
            {name: datetime.fromisoformat(at) for name, at in written["loaded"].items()},
        )


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
