"""
What people do in the demo, in which order.

The events are lines of events/demo.jsonl, named by their ids.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from unless.cli.demo.cast import BUTTON

NOW = timedelta(0)
HOUR = timedelta(hours=1)  # the delay of abandoned_cart
TWO_HOURS = timedelta(hours=2)  # the delay of win_back
DAY = timedelta(days=1)  # the first delay of the journey backpack
THIS_DAY = timedelta(hours=20)  # within the last day, as the audience of backpack asks
LONG_AGO = timedelta(days=18)  # lapsed_buyers have not bought for two weeks


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
    """
    Events that are put together, and what is waited for then.

    `leaves` is a user who presses the link to unsubscribe in their e-mail, `bounces` one whose
    e-mail comes back.
    """

    title: str
    cues: tuple[Cue, ...]
    until: Until
    leaves: str | None = None
    bounces: str | None = None


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
            Cue("hugo-fills-cart", HOUR, nearly=True),
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
    Act(
        "Noa presses the button and need not wait for three days; Chloe wants no more e-mail.",
        (Cue(BUTTON),),
        Until.ENDED,
        leaves="u-chloe",
        bounces="u-farid",
    ),
    Act("Chloe leaves another cart.", (Cue("chloe-fills-a-third-cart"),), Until.ENDED),
)
