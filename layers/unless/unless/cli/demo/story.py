"""
Who is in the demo, what they do in which order, and how each message of theirs must end.

The events are lines of events/demo.jsonl, named by their ids.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from unless.engine.records import Outcome, Reason

NOW = timedelta(0)
HOUR = timedelta(hours=1)  # the delay of abandoned_cart
TWO_HOURS = timedelta(hours=2)  # the delay of win_back
LONG_AGO = timedelta(days=18)  # lapsed_buyers have not bought for two weeks


@dataclass(frozen=True, slots=True)
class Ending:
    """How the trigger `event` must end in a campaign."""

    campaign: str
    event: str
    outcome: Outcome
    reason: Reason | None = None
    has_schedule: bool = False
    """Its delay is longer than 15 minutes, so a schedule must have come, and gone with the end."""

    def __str__(self) -> str:
        """Return the outcome with its reason."""
        return f"{self.outcome}, {self.reason}" if self.reason else str(self.outcome)


@dataclass(frozen=True, slots=True)
class Person:
    """A user, what they did in one sentence, and what must come of it."""

    user: str
    did: str
    endings: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """An event that is put, and how long ago it is said to have happened; `nearly` that long ago:
    some seconds are left until the message is due."""

    event: str
    ago: timedelta = NOW
    nearly: bool = False


class Until(Enum):
    """When an act is over."""

    ENDED = "all that its people and those before started has ended"
    DECIDED = "every trigger so far is decided: scheduled, or skipped"
    CANCELLED = "everything is cancelled that an exception must cancel"


@dataclass(frozen=True, slots=True)
class Act:
    """Events that are put together, and what is waited for then."""

    title: str
    cues: tuple[Cue, ...]
    until: Until


PEOPLE = (
    Person("u-lea", "registers", (Ending("welcome", "lea-registers", Outcome.SENT),)),
    Person(
        "u-ana",
        "leaves a cart of 150 euros and buys nothing",
        (Ending("abandoned_cart", "ana-fills-cart", Outcome.SENT),),
    ),
    Person(
        "u-ben",
        "leaves a cart (the app reports it twice), then buys it",
        (Ending("abandoned_cart", "ben-fills-cart", Outcome.CANCELLED, Reason.EXCEPTION_EVENT),),
    ),
    Person(
        "u-chloe",
        "leaves cart c-3, then buys another one, c-4",
        (Ending("abandoned_cart", "chloe-fills-cart", Outcome.SENT),),
    ),
    Person(
        "u-dan",
        "leaves a cart, in the US; the campaign is for FR and BE",
        (Ending("abandoned_cart", "dan-fills-cart", Outcome.SKIPPED, Reason.NOT_IN_AUDIENCE),),
    ),
    Person(
        "u-farid",
        "fills a cart, then adds to it: the hour starts anew",
        (
            Ending("abandoned_cart", "farid-fills-cart", Outcome.CANCELLED, Reason.RESCHEDULED),
            Ending("abandoned_cart", "farid-adds-to-cart", Outcome.SENT),
        ),
    ),
    Person(
        "u-gus",
        "bought 18 days ago, has come back, and leaves without buying",
        (
            Ending("welcome", "gus-registers", Outcome.SKIPPED, Reason.TOO_OLD),
            Ending("win_back", "gus-visits", Outcome.SENT),
        ),
    ),
    Person(
        "u-ines",
        "books an appointment in three days, then cancels it",
        (
            Ending(
                "appointment_reminder",
                "ines-books",
                Outcome.CANCELLED,
                Reason.EXCEPTION_EVENT,
                has_schedule=True,
            ),
        ),
    ),
)

ACTS = (
    Act(
        "Lea registers: a message without a delay. (Gus is known from weeks ago.)",
        (
            Cue("gus-buys", LONG_AGO),
            Cue("gus-registers", LONG_AGO),
            Cue("lea-registers"),
        ),
        Until.ENDED,
    ),
    Act(
        "Nearly an hour ago people left their carts; somebody books an appointment.",
        (
            Cue("ana-fills-cart", HOUR, nearly=True),
            Cue("ben-fills-cart", HOUR, nearly=True),
            Cue("ben-fills-cart", HOUR, nearly=True),
            Cue("chloe-fills-cart", HOUR, nearly=True),
            Cue("dan-fills-cart", HOUR, nearly=True),
            Cue("farid-fills-cart", HOUR, nearly=True),
            Cue("gus-visits", TWO_HOURS, nearly=True),
            Cue("ines-books"),
        ),
        Until.DECIDED,
    ),
    Act(
        "Unless … some of them do what the campaigns list as exceptions.",
        (
            Cue("ben-buys"),
            Cue("chloe-buys-another-cart"),
            Cue("farid-adds-to-cart", HOUR, nearly=True),
            Cue("ines-cancels"),
        ),
        Until.CANCELLED,
    ),
    Act("The hour is over for everybody else.", (), Until.ENDED),
)
