"""
Who is in the demo, what they do in which order, and how each message of theirs must end.

The events are lines of events/demo.jsonl, named by their ids.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from unless.engine.records import Outcome, Reason

BY_EMAIL = frozenset({"abandoned_cart"})
"""The campaigns whose messages go to SES; all others go out as `message.requested` on the bus."""

NOW = timedelta(0)
HOUR = timedelta(hours=1)  # the delay of abandoned_cart
TWO_HOURS = timedelta(hours=2)  # the delay of win_back
DAY = timedelta(days=1)  # the first delay of the journey backpack
THIS_DAY = timedelta(hours=20)  # within the last day, as the audience of backpack asks
LONG_AGO = timedelta(days=18)  # lapsed_buyers have not bought for two weeks

BUTTON = "noa-presses-button"
"""What ends the wait in the journey; it is put once the message with the button is out."""


class Timer(Enum):
    """What must be seen of the EventBridge schedule of a wait of more than 15 minutes."""

    MADE = "it was made, for the wait that begins with this outcome"
    GONE = "it was made, and went when this outcome ended the wait"


@dataclass(frozen=True, slots=True)
class Ending:
    """
    What the trigger `event` must come to in a campaign, or in a journey, where it has several.

    Each message of a journey is one, with its `step`, and the end is one. `after` is an event
    without which it does not come.
    """

    definition: str
    event: str
    outcome: Outcome
    reason: Reason | None = None
    step: str | None = None
    schedule: Timer | None = None
    after: str | None = None

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

    ENDED = "all has come that must come of what was put so far"
    DECIDED = "every trigger so far is decided: scheduled, entered, or skipped"
    CANCELLED = "everything is cancelled that an exception must cancel"


@dataclass(frozen=True, slots=True)
class Act:
    """Events that are put together, and what is waited for then."""

    title: str
    cues: tuple[Cue, ...]
    until: Until


PEOPLE = (
    Person(
        "u-lea",
        "registers",
        (
            Ending("welcome", "lea-registers", Outcome.SENT),
            Ending("onboarding", "lea-registers", Outcome.ENTERED, schedule=Timer.MADE),
        ),
    ),
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
            Ending("onboarding", "gus-registers", Outcome.SKIPPED, Reason.TOO_OLD),
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
                schedule=Timer.GONE,
            ),
        ),
    ),
    Person(
        "u-noa",
        "looks at the backpack, buys a mug, presses the button in the message",
        (
            Ending("win_back", "noa-visits", Outcome.SKIPPED, Reason.NOT_IN_AUDIENCE),
            Ending(
                "backpack",
                "noa-views-backpack",
                Outcome.SENT,
                step="shall_we_keep_one",
                schedule=Timer.MADE,
            ),
            Ending("backpack", "noa-views-backpack", Outcome.SENT, step="it_is_kept", after=BUTTON),
            Ending(
                "backpack",
                "noa-views-backpack",
                Outcome.COMPLETED,
                schedule=Timer.GONE,
                after=BUTTON,
            ),
        ),
    ),
    Person(
        "u-omar",
        "looks at the backpack, then buys exactly it: out when the day is over",
        (
            Ending("win_back", "omar-visits", Outcome.SKIPPED, Reason.NOT_IN_AUDIENCE),
            Ending("backpack", "omar-views-backpack", Outcome.EXITED, Reason.EXIT_EVENT),
        ),
    ),
    Person(
        "u-pia",
        "looks at the backpack, then unsubscribes: out when the day is over",
        (
            Ending("win_back", "pia-visits", Outcome.SKIPPED, Reason.NOT_IN_AUDIENCE),
            Ending("backpack", "pia-views-backpack", Outcome.EXITED, Reason.EXIT_AUDIENCE),
        ),
    ),
)

ACTS = (
    Act(
        "Lea registers: a message at once, and a journey of weeks. (Others came before.)",
        (
            Cue("gus-buys", LONG_AGO),
            Cue("gus-registers", LONG_AGO),
            Cue("noa-visits", THIS_DAY),
            Cue("omar-visits", THIS_DAY),
            Cue("pia-visits", THIS_DAY),
            Cue("lea-registers"),
        ),
        Until.ENDED,
    ),
    Act(
        "Nearly an hour ago people left carts; nearly a day ago some saw the backpack.",
        (
            Cue("ana-fills-cart", HOUR, nearly=True),
            Cue("ben-fills-cart", HOUR, nearly=True),
            Cue("ben-fills-cart", HOUR, nearly=True),
            Cue("chloe-fills-cart", HOUR, nearly=True),
            Cue("dan-fills-cart", HOUR, nearly=True),
            Cue("farid-fills-cart", HOUR, nearly=True),
            Cue("gus-visits", TWO_HOURS, nearly=True),
            Cue("ines-books"),
            Cue("noa-views-backpack", DAY, nearly=True),
            Cue("omar-views-backpack", DAY, nearly=True),
            Cue("pia-views-backpack", DAY, nearly=True),
        ),
        Until.DECIDED,
    ),
    Act(
        "Unless … some do what the files list as exceptions and exit criteria.",
        (
            Cue("ben-buys"),
            Cue("chloe-buys-another-cart"),
            Cue("farid-adds-to-cart", HOUR, nearly=True),
            Cue("ines-cancels"),
            Cue("noa-buys-a-mug"),
            Cue("omar-buys-backpack"),
            Cue("pia-unsubscribes"),
        ),
        Until.CANCELLED,
    ),
    Act("The hour, and the day, is over for everybody else.", (), Until.ENDED),
    Act("Noa presses the button, and need not wait for three days.", (Cue(BUTTON),), Until.ENDED),
)
