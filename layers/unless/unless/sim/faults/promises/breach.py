"""A promise that was broken."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Breach:
    """
    One broken promise: `promise` is its number, I1 to I9, `sentence` says what happened.

    `at` is when it could be seen, None for what is only seen at the end.
    """

    promise: str
    user: str
    sentence: str
    at: datetime | None = None
