"""
What came of a message: it was opened, it bounced, its user did what the campaign is for.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from unless.cli.console import count, printable
from unless.cli.why.deeds import deed
from unless.cli.why.telling import Telling
from unless.cli.why.times import LocalClock, span_words
from unless.cli.words import goal_words
from unless.engine.records import Outcome, Reason, Record

AFTER_SHOWN_MAX = 12
"""Most lines about what came of one message or run; `--json` has all."""

MESSAGES = {
    "email": "the e-mail",
    "sms": "the SMS",
    "push": "the push message",
    "in_app": "the in-app message",
}
"""A message as the object of a sentence, by its channel; of the others nobody sees more."""

DONE = {
    "received": "{message} was delivered",
    "opened": "they opened {message}",
    "clicked": "they clicked a link in {message}",
    "bounced": "{message} came back: it bounced",
    "complained": "they reported {message} as spam",
    "dismissed": "they dismissed {message}",
    "displayed": "the app showed {message}",
}
"""What the actions of `message_interaction` say (SPEC section 2)."""


def after_lines(
    records: Sequence[Record], clock: LocalClock, trigger: str | None
) -> Iterator[tuple[str, str]]:
    """Yield when and what came of a message, oldest first; what was done again is told once."""
    told: dict[tuple[object, ...], list[Record]] = {}
    for record in records:
        told.setdefault(_likeness(record), []).append(record)
    lines = list(told.values())
    for several in lines[:AFTER_SHOWN_MAX]:
        words = _words(Telling(several[0], clock, trigger))
        again = f", {count(len(several), 'time')} in all" if len(several) > 1 else ""
        yield clock.when(several[0].at), f"{words}{again}"
    if len(lines) > AFTER_SHOWN_MAX:
        yield "", f"… and {len(lines) - AFTER_SHOWN_MAX} more"


def _likeness(record: Record) -> tuple[object, ...]:
    """Return what a second opening has in common with the first; no conversion is like another."""
    if record.outcome is Outcome.CONVERTED:
        return (record.event, record.detail.get("row"))
    return (record.send, record.step, record.detail.get("action"))


def _words(told: Telling) -> str:
    if told.record.outcome is Outcome.CONVERTED:
        return _conversion(told)
    action = str(told.detail.get("action") or "used")
    message = MESSAGES.get(str(told.detail.get("channel")), "the message")
    if told.record.step:
        message += f" of step {printable(told.record.step)}"
    words = DONE.get(action) or f"{{message}}: {printable(action)}"
    return words.format(message=message)


def _conversion(told: Telling) -> str:
    """Return what they did, how soon, and which goal that is."""
    seconds, goal = told.detail.get("after_s"), goal_words(told.detail)
    in_control = told.record.reason is Reason.CONTROL_GROUP
    since = told.event if in_control else "the message"
    soon = ""
    if isinstance(seconds, int | float):
        soon = f" {span_words(timedelta(seconds=seconds))} after {since}"
    without = " without a message (`control_group`)" if in_control else ""
    return f"{deed(told.record.name)}{soon}: a conversion{without}, {goal}"
