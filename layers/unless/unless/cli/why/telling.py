"""
What a sentence about a record needs beside it: the user's clock, and what began it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from unless.cli.why.deeds import the_event
from unless.cli.why.times import LocalClock
from unless.cli.words import explained
from unless.engine.records import Reason, Record


@dataclass(frozen=True, slots=True)
class Telling:
    """
    A record that is to be told, on the user's clock.

    `trigger` is the name of the event that began it, None when nobody knows it any more.
    """

    record: Record
    clock: LocalClock = field(default_factory=LocalClock)
    trigger: str | None = None

    @property
    def detail(self) -> Mapping[str, Any]:
        """The values that were compared."""
        return self.record.detail

    @property
    def event(self) -> str:
        """The event that began it, as the subject of a sentence."""
        return the_event(self.trigger)

    @property
    def explained(self) -> str:
        """What the reason means, without any value and without its full stop."""
        reason = self.record.reason
        return explained(reason, self.record.kind).removesuffix(".") if reason else ""

    def instant(self, key: str) -> datetime | None:
        """Return the instant under a key of the detail, in UTC; None when there is none."""
        try:
            found = datetime.fromisoformat(str(self.detail.get(key)))
        except ValueError:
            return None
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)

    def at(self, instant: datetime) -> str:
        """Return the instant in a sentence; without its day where that is the decision's."""
        return self.clock.at(instant, self.record.at)

    def is_about(self, *reasons: Reason) -> bool:
        """Whether the record's reason is one of these."""
        return self.record.reason in reasons
