"""
What a campaign may not be: exceptions that cannot work, arrays, and all that its parts may not be.
"""

from collections.abc import Iterator
from datetime import timedelta

from unless.definitions.checking.arrays import Row, array_attribute_mistakes, placed_triggers
from unless.definitions.checking.audiences import KnownSegments, audience_mistakes
from unless.definitions.checking.receipts import conversion_mistakes
from unless.definitions.checking.timing import timing_mistakes
from unless.definitions.checking.trigger_race import trigger_race_mistakes
from unless.definitions.documents import Document, Path
from unless.definitions.durations import format_duration
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.models import AfterDelay, Campaign

SESSION_START = "session_start"

AUDIENCE: Path = ("audience",)


def campaign_mistakes(
    campaign: Campaign, document: Document, known: KnownSegments, company: str
) -> Iterator[Mistake]:
    """
    Yield what is wrong with a campaign whose single values are all right.

    `company` is the workspace's IANA zone.
    """
    yield from _exceptions_need_delay(campaign)
    yield from _session_start_both(campaign)
    yield from array_attribute_mistakes(_rows(campaign, document))
    yield from timing_mistakes(campaign, company)
    if campaign.audience:
        yield from audience_mistakes(campaign.audience, AUDIENCE, known)
        yield from trigger_race_mistakes(campaign.trigger, campaign.audience, AUDIENCE, known)
    yield from conversion_mistakes(campaign)


def _rows(campaign: Campaign, document: Document) -> Iterator[tuple[Path, Row]]:
    yield from placed_triggers(campaign.trigger, document, ("trigger",))
    for place, row in enumerate(campaign.unless):
        yield ("unless", place), row


def _exceptions_need_delay(campaign: Campaign) -> Iterator[Mistake]:
    """E2: without a delay the message is gone before an exception can happen."""
    none = campaign.delay is None or campaign.delay == AfterDelay(after=timedelta(0))
    if campaign.unless and none:
        yield Mistake(
            CheckCode.EXCEPTION_NEEDS_DELAY,
            ("unless",),
            "an exception can only cancel a message that is still waiting, and there is no delay",
            "Add a delay, such as `delay: {after: 1h}`, or remove `unless`.",
            "It would go out in the very second of the trigger: whoever does "
            f"`{campaign.unless[0].event}` a minute later would have it already.",
        )


def _session_start_both(campaign: Campaign) -> Iterator[Mistake]:
    """E5: every session would start the send and cancel it."""
    if any(trigger.event == SESSION_START for trigger in campaign.trigger):
        for place, row in enumerate(campaign.unless):
            if row.event == SESSION_START:
                yield Mistake(
                    CheckCode.SESSION_START_BOTH,
                    ("unless", place, "event"),
                    "`session_start` may not be both a trigger and an exception",
                    "Remove it here or from the trigger.",
                    f"{_each_session(campaign)}: the people who like you best would get nothing.",
                )


def _each_session(campaign: Campaign) -> str:
    """Return what E4 makes of a session that both cancels a message and starts it."""
    cancels = "Every session would cancel what the one before it started"
    if isinstance(campaign.delay, AfterDelay):
        often = format_duration(campaign.delay.after)
        return f"{cancels}, and whoever comes back within {often} each time would wait for ever"
    return cancels
