"""
What a campaign may not be, judged by the campaign alone: exceptions and arrays.
"""

from collections.abc import Iterator
from datetime import timedelta

from unless.definitions.documents import Document, Path
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.models import AfterDelay, Campaign, ExceptionRow, Trigger
from unless.definitions.operators import Operators

SESSION_START = "session_start"


def campaign_mistakes(campaign: Campaign, document: Document) -> Iterator[Mistake]:
    """Yield what is wrong with a campaign whose single values are all right."""
    yield from _exceptions_need_delay(campaign)
    yield from _session_start_both(campaign)
    yield from _array_attributes(campaign, document)


def trigger_path(document: Document, row: int) -> Path:
    """Return where a trigger row stands: a single one may be written without a list."""
    written_as_list = isinstance(document.value["trigger"], list)
    return ("trigger", row) if written_as_list else ("trigger",)


def _exceptions_need_delay(campaign: Campaign) -> Iterator[Mistake]:
    """E2: without a delay the message is gone before an exception can happen."""
    none = campaign.delay is None or campaign.delay == AfterDelay(after=timedelta(0))
    if campaign.unless and none:
        yield Mistake(
            CheckCode.EXCEPTION_NEEDS_DELAY,
            ("unless",),
            "an exception can only cancel a message that is still waiting, and there is no delay",
            "Add a delay, such as `delay: {after: 1h}`, or remove `unless`.",
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
                )


def _array_attributes(campaign: Campaign, document: Document) -> Iterator[Mistake]:
    """A change of an array is no `attribute_changed`, so such a row would wait for ever."""
    rows: list[tuple[Path, Trigger | ExceptionRow]] = [
        (trigger_path(document, place), row) for place, row in enumerate(campaign.trigger)
    ]
    rows += [(("unless", place), row) for place, row in enumerate(campaign.unless)]
    for path, row in rows:
        condition = row.where.get("attribute")
        if row.event == "attribute_changed" and condition and _names_array(condition):
            yield Mistake(
                CheckCode.ARRAY_ATTRIBUTE_TRIGGER,
                (*path, "where", "attribute"),
                "`attribute_changed` is not derived for arrays (`[]`), so this never happens",
                "Name an attribute that is no array, or let the app report an event of its own.",
            )


def _names_array(condition: Operators) -> bool:
    wanted = [condition.eq, *(condition.in_ or ()), *(condition.contains_any or ())]
    return any(isinstance(name, str) and "[]" in name for name in wanted)
