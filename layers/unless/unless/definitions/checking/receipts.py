"""
How far back conversions and caps may look: as far as single receipts are kept.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

from unless.definitions.documents import Path
from unless.definitions.durations import format_duration
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.messages import Channel
from unless.definitions.models import Campaign, Workspace

LOOK_BACK_MAX = timedelta(days=31)
"""Longest time after its receipt that a message is remembered apart from the others."""

CHANNELS = get_args(Channel.__value__)


def conversion_mistakes(campaign: Campaign) -> Iterator[Mistake]:
    """Yield a mistake for each conversion that may follow its receipt too late to be seen."""
    for place, row in enumerate(campaign.conversions):
        if row.within > LOOK_BACK_MAX:
            effect = "Whoever converted after that would never be counted."
            yield _too_long(("conversions", place, "within"), effect)


def cap_mistakes(workspace: Workspace) -> Iterator[Mistake]:
    """Yield a mistake for each cap that looks back too far, or at a channel that does not exist."""
    for place, cap in enumerate(workspace.caps):
        if isinstance(cap.per, timedelta) and cap.per > LOOK_BACK_MAX:
            effect = "Messages before that would not count, so that more would go out than allowed."
            yield _too_long(("workspace", "caps", place, "per"), effect)
        if cap.channel is not None and cap.channel not in CHANNELS:
            yield Mistake(
                CheckCode.BAD_VALUE,
                ("workspace", "caps", place, "channel"),
                f"there is no channel `{cap.channel}`",
                f"Write one of {', '.join(CHANNELS)}, or leave it out to count all of them.",
                "The cap would never hold anything back.",
            )


def _too_long(path: Path, effect: str) -> Mistake:
    longest = format_duration(LOOK_BACK_MAX)
    message = f"at most {longest}: single receipts are remembered no longer"
    return Mistake(CheckCode.BAD_VALUE, path, message, f"Write {longest} or less.", effect)
