"""
Why an event can never be understood (SPEC V5): one code of a closed list, and a sentence for the
producer.

The sentence names the place, what was expected and the figure, but never a value from the event:
it ends in logs and metrics, where nothing personal belongs. The event itself lies beside it in
the quarantine queue.
"""

import json
from dataclasses import dataclass
from enum import StrEnum

SHOWN_CHARACTERS_MAX = 40
"""
Characters of a name that a sentence quotes; a longer one is cut, so that the sentence stays one.
"""


class RejectReason(StrEnum):
    """What is wrong with the event; the first fault found is the reason."""

    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    NO_USER = "no_user"
    NO_NAME = "no_name"
    BAD_ID = "bad_id"
    BAD_TIME = "bad_time"
    BAD_TYPE = "bad_type"
    BAD_TIME_ZONE = "bad_time_zone"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY_PROPERTIES = "too_many_properties"
    BAD_NAME = "bad_name"
    STRING_TOO_LONG = "string_too_long"
    BAD_NUMBER = "bad_number"
    BAD_STRING = "bad_string"


@dataclass(frozen=True, slots=True)
class Rejected:
    """
    An event that no retry will make understandable; `detail` is a sentence for whoever sent it.
    """

    reason: RejectReason
    detail: str


class NotUnderstood(Exception):
    """
    A fault found while reading; stays inside this package, whose functions return it as `Rejected`.

    It is raised where the fault is and collects, on its way up, the path to it.
    """

    def __init__(self, reason: RejectReason, sentence: str) -> None:
        super().__init__(reason, sentence)
        self.reason = reason
        self.sentence = sentence
        self.path = ""

    def under(self, place: str | int) -> "NotUnderstood":
        """Return the fault with a property name or an array position put before its path."""
        if isinstance(place, int):
            self.path = f"[{place}]{self.path}"
        else:
            self.path = f".{_shown(place)}{self.path}"
        return self

    def rejected(self) -> Rejected:
        """Return the fault as a value, with its path in front of the sentence."""
        path = self.path.removeprefix(".")
        return Rejected(self.reason, f"{path}: {self.sentence}" if path else self.sentence)


def _shown(name: str) -> str:
    """Return the name for a path: plain when it is a word, else quoted, escaped and cut."""
    if name.isascii() and name.isidentifier() and len(name) <= SHOWN_CHARACTERS_MAX:
        return name
    cut = name if len(name) <= SHOWN_CHARACTERS_MAX else name[:SHOWN_CHARACTERS_MAX] + "..."
    return json.dumps(cut)
