"""
The ledger in memory: a record has one place, whoever writes it and however often.
"""

from collections.abc import Sequence
from datetime import datetime

from unless.app.ports import KEEPING
from unless.aws.record_json import record_id
from unless.definitions.keeping import RecordKeeping
from unless.engine.records import Reason, Record, is_unsettled


class MemoryLedger:
    """`unless.app.ports.ErasableLedger` on a dictionary."""

    def __init__(self) -> None:
        """Begin with no record."""
        self.kept: dict[tuple[str, datetime, str], Record] = {}

    def write(
        self, records: Sequence[Record], keeping: RecordKeeping = KEEPING, *, again: bool = False
    ) -> None:
        """Keep the records; writing one again leaves one."""
        del keeping, again
        for record in records:
            key = record.user, record.at, record_id(record)
            if key not in self.kept or not is_unsettled(record):
                self.kept[key] = record

    def erase(self, user: str, before: datetime) -> int:
        """
        Delete the user's records from before that instant, but those that say that something ended
        by the deletion; return how many.
        """
        gone = [
            key
            for key, record in self.kept.items()
            if record.user == user
            and record.at < before
            and record.reason is not Reason.USER_NOT_FOUND
        ]
        for key in gone:
            del self.kept[key]
        return len(gone)
