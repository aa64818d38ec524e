"""
What was expected beside what came, and why, in words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from unless.cli.demo.cast import BY_EMAIL, PEOPLE, Ending, Person, Timer
from unless.cli.demo.mailbox import Mail
from unless.cli.demo.watching import Watch, moment, trigger_of
from unless.cli.journeys.trail import visits
from unless.cli.words import day_and_time, sentence
from unless.definitions.durations import format_duration
from unless.engine.records import AFTERWARDS, OPEN, Outcome, Reason, Record


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one ending: as expected unless `problem` says what differs."""

    ending: Ending
    record: Record | None
    why: str
    problem: str = ""


def judge(person: Person, ending: Ending, watch: Watch, times: Mapping[str, datetime]) -> Verdict:
    """Return what came of the ending; `times` is when each event is said to have happened."""
    found = [record for record in _about(person, ending, watch) if _can_be(record, ending)]
    if not found:
        waits = "it is still pending" if _about_trigger(person, ending, watch) else "nothing came"
        return Verdict(ending, None, "", f"expected {ending}; {waits}")
    record = found[0]
    return Verdict(ending, record, _why(record, watch, times), _problem(ending, found, watch))


def unexpected(watch: Watch) -> list[Record]:
    """Return the records that nobody expected."""
    expected = {
        (person.user, ending.definition, ending.event, step)
        for person in PEOPLE
        for ending in person.endings
        for step in (ending.step, None)
    }
    return [
        record
        for record in watch.records
        if (record.user, record.definition, record.event, record.step) not in expected
    ]


def without_record(watch: Watch) -> list[Mail]:
    """Return the e-mails that lie at SES though no record says that they were sent."""
    sent = {record.send for record in watch.records if record.outcome is Outcome.SENT}
    return [mail for mail in watch.mails if mail.send not in sent]


def has_record(person: Person, ending: Ending, watch: Watch) -> bool:
    """Return whether the trigger is decided, for the time being or for good."""
    return any(_about_trigger(person, ending, watch))


def has_ended(person: Person, ending: Ending, watch: Watch) -> bool:
    """Return whether there is nothing more to wait for, whatever came."""
    for record in _about(person, ending, watch):
        if _can_be(record, ending):
            return _was_requested(record, watch) and _timer_seen(ending, record, watch)
    return False


def _about_trigger(person: Person, ending: Ending, watch: Watch) -> list[Record]:
    wanted = (person.user, ending.definition, ending.event)
    return [each for each in watch.records if trigger_of(each) == wanted]


def _about(person: Person, ending: Ending, watch: Watch) -> list[Record]:
    return [r for r in _about_trigger(person, ending, watch) if r.step == ending.step]


def _can_be(record: Record, ending: Ending) -> bool:
    """Whether a record is final; that somebody entered is where the demo leaves them in it."""
    return record.outcome not in OPEN or record.outcome is ending.outcome


def _was_requested(record: Record, watch: Watch) -> bool:
    return record.outcome is not Outcome.SENT or _messages(record, watch) > 0


def _messages(record: Record, watch: Watch) -> int:
    """Return how many messages of the record arrived: at SES, or for all to hear on the bus."""
    there = watch.mails if record.definition in BY_EMAIL else watch.requests
    return sum(message.send == record.send for message in there)


def _timer_seen(ending: Ending, record: Record, watch: Watch) -> bool:
    start = f"{watch.item_of(record)}-"
    match ending.schedule:
        case Timer.MADE:
            return any(name.startswith(start) for name in watch.schedules)
        case Timer.GONE:
            return any(name.startswith(start) for name in watch.gone)
        case None:
            return True


def _problem(ending: Ending, found: list[Record], watch: Watch) -> str:
    record = found[0]
    if len(found) > 1:
        return f"expected one end, {len(found)} came"
    if (record.outcome, record.reason) != (ending.outcome, ending.reason):
        return f"expected {ending}"
    if record.outcome is Outcome.SENT and (messages := _messages(record, watch)) != 1:
        what = "e-mail at SES" if record.definition in BY_EMAIL else "message.requested on the bus"
        return f"expected one {what}, saw {messages}"
    if ending.schedule and not _timer_seen(ending, record, watch):
        wanted = "come and go" if ending.schedule is Timer.GONE else "come"
        return f"expected its EventBridge schedule to {wanted}"
    return ""


# --- why --------------------------------------------------------------------------------------


def _why(record: Record, watch: Watch, times: Mapping[str, datetime]) -> str:
    if record.outcome is Outcome.SENT and record.due and not record.reason:
        return _why_sent(record, record.due, times[record.event])
    if record.outcome is Outcome.ENTERED:
        run = watch.runs.get(trigger_of(record))
        return f"Its first step lasts until {day_and_time(run.due)} UTC." if run else ""
    if record.outcome is Outcome.COMPLETED:
        return f"Way: {_way(record, watch)}."
    if record.outcome is Outcome.EXITED:
        return f"{sentence(record)} Way: {_way(record, watch)} → out."
    if record.outcome in AFTERWARDS:
        return f"What became of the message: {sentence(record)}."
    if record.reason is Reason.TOO_OLD:
        return f"{sentence(record)} It counts as history only."
    return sentence(record)


def _why_sent(record: Record, due: datetime, happened: datetime) -> str:
    late = max((record.at - due).total_seconds(), 0)
    what = "its e-mail" if record.definition in BY_EMAIL else "message.requested"
    after = f"{what} left {late:.1f} s after it was due"
    if way := " → ".join(_steps(record)):
        return f"After {way}: {after}."
    if due <= happened:
        return f"No delay: {after}."
    return f"{format_duration(due - happened)} passed without an exception: {after}."


def _way(record: Record, watch: Watch) -> str:
    """Return all steps of the run, up to the record that ends it."""
    records = [each for each in watch.records if trigger_of(each) == trigger_of(record)]
    return " → ".join(step for each in sorted(records, key=moment) for step in _steps(each))


def _steps(record: Record) -> Iterator[str]:
    """Yield the steps that the record tells of, each with the way taken from it."""
    for visit in visits(record.detail):
        yield f"{visit.step} ({visit.took})" if visit.took else visit.step
