"""
Who is in the demo, and how each message of theirs must end.

The events are lines of events/demo.jsonl, named by their ids.
"""

from dataclasses import dataclass
from enum import Enum

from unless.engine.records import Outcome, Reason

BY_EMAIL = frozenset({"abandoned_cart"})
"""The campaigns whose messages go to SES; all others go out as `message.requested` on the bus."""

BOUNCE = "ses/bounced/farid-bounces"
"""The id of what SES says of an e-mail that came back."""

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
        "leaves cart c-3, buys another, c-4; presses unsubscribe in the e-mail, fills c-9",
        (
            Ending("abandoned_cart", "chloe-fills-cart", Outcome.SENT),
            Ending(
                "abandoned_cart",
                "chloe-fills-a-third-cart",
                Outcome.SKIPPED,
                Reason.NOT_IN_AUDIENCE,
            ),
        ),
    ),
    Person(
        "u-dan",
        "leaves a cart, in the US; the campaign is for FR and BE",
        (Ending("abandoned_cart", "dan-fills-cart", Outcome.SKIPPED, Reason.NOT_IN_AUDIENCE),),
    ),
    Person(
        "u-farid",
        "fills a cart, then adds to it: the hour starts anew; his e-mail comes back",
        (
            Ending("abandoned_cart", "farid-fills-cart", Outcome.CANCELLED, Reason.RESCHEDULED),
            Ending("abandoned_cart", "farid-adds-to-cart", Outcome.SENT),
            Ending("abandoned_cart", BOUNCE, Outcome.INTERACTED),
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
        "u-hugo",
        "leaves a cart; nobody knows his e-mail address",
        (Ending("abandoned_cart", "hugo-fills-cart", Outcome.CANCELLED, Reason.UNREACHABLE),),
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
            Ending("backpack", BUTTON, Outcome.INTERACTED, step="shall_we_keep_one"),
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
