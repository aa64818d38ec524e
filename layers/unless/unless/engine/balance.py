"""
The sum of a history: how many triggers of each definition ended how, and what cannot be right.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from unless.definitions.models import Kind
from unless.engine.records import Outcome, Record, instant_text


class Broken(StrEnum):
    """What a history never shows; the `explanation` says it in a sentence."""

    def __new__(cls, code: str, explanation: str) -> "Broken":
        """Make the member whose value is the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.explanation = explanation
        return member

    explanation: str

    DECIDED_TWICE = "decided_twice", "The same event was decided about more than once."
    ENDED_TWICE = "ended_twice", "It ended more than once."
    STILL_PENDING = "still_pending", "It ended, and is pending all the same."
    LOST = "lost", "It began, has not ended, and is not pending."
    NOT_BEGUN = "not_begun", "It ended or is pending, and no record says that it began."
    MESSAGE_TWICE = "message_twice", "The message of one step ended more than once."


@dataclass(frozen=True, slots=True)
class Violation:
    """
    One thing that cannot be right: about one trigger of one user, with the records that show it.

    `event` is the id of the trigger where it is known, `send` that of the send or message.
    """

    broken: Broken
    user: str
    kind: Kind
    definition: str
    event: str | None = None
    send: str | None = None
    records: tuple[Record, ...] = ()

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        about = f"{self.kind} {self.definition}, user {self.user}"
        event = f", event {self.event}" if self.event else ""
        told = ", ".join(f"{record.outcome} {instant_text(record.at)}" for record in self.records)
        return f"{about}{event}: {self.broken.explanation} ({told or 'no record'})"

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object; what is unknown is left out."""
        said = {
            "broken": self.broken.value,
            "explanation": self.broken.explanation,
            "user": self.user,
            self.kind.value: self.definition,
            "event": self.event,
            "send": self.send,
        }
        known = {name: value for name, value in said.items() if value is not None}
        return known | {"records": [record.as_json() for record in self.records]}


@dataclass(frozen=True, slots=True)
class Counts:
    """
    How many triggers of one definition began a send or a run, and what became of those.

    `refused` is how many were skipped at once, `began` the others, `ended` what they came to so
    far, `waiting` how many are pending sends or present runs. `messages` counts what a journey's
    message steps came to.
    """

    began: int = 0
    refused: int = 0
    ended: Mapping[Outcome, int] = field(default_factory=dict)
    waiting: int = 0
    messages: Mapping[Outcome, int] = field(default_factory=dict)

    def __add__(self, other: "Counts") -> "Counts":
        """Return both together."""
        return Counts(
            self.began + other.began,
            self.refused + other.refused,
            Counter(self.ended) + Counter(other.ended),
            self.waiting + other.waiting,
            Counter(self.messages) + Counter(other.messages),
        )

    @property
    def triggers(self) -> int:
        """How many triggers were decided about."""
        return self.began + self.refused

    @property
    def balanced(self) -> bool:
        """Whether all that began has ended or is waiting, each once."""
        return self.began == sum(self.ended.values()) + self.waiting

    def as_json(self, kind: Kind) -> dict[str, Any]:
        """Return the counts in the words of SPEC section 6: of a campaign, or of a journey."""
        if kind is Kind.CAMPAIGN:
            ends = {end.value: self.ended.get(end, 0) for end in (Outcome.SENT, Outcome.CANCELLED)}
            return {"triggers": self.triggers, **ends, "skipped": self.refused} | {
                "pending": self.waiting,
                "balanced": self.balanced,
            }
        ends = {end.value: self.ended.get(end, 0) for end in (Outcome.EXITED, Outcome.COMPLETED)}
        told = {end.value: count for end, count in sorted(self.messages.items())}
        return {"triggers": self.triggers, "skipped": self.refused, "entered": self.began} | {
            **ends,
            "running": self.waiting,
            "messages": told,
            "balanced": self.balanced,
        }


type Definition = tuple[Kind, str]
"""A definition: whether it is a campaign or a journey, and its id."""


@dataclass(frozen=True, slots=True)
class Balance:
    """The counts of each definition, and everything that cannot be right."""

    counts: Mapping[Definition, Counts] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()

    def __add__(self, other: "Balance") -> "Balance":
        """Return both histories together, which have no trigger in common."""
        counts = dict(self.counts)
        for definition, more in other.counts.items():
            counts[definition] = counts.get(definition, Counts()) + more
        return Balance(counts, (*self.violations, *other.violations))
