"""
What was expected beside what came, and why, in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from unless.cli.demo.story import PEOPLE, Ending, Person
from unless.cli.demo.watching import Watch
from unless.cli.words import sentence
from unless.definitions.durations import format_duration
from unless.engine.records import Outcome, Reason, Record

ENDS = frozenset({Outcome.SENT, Outcome.CANCELLED, Outcome.SKIPPED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one trigger: as expected unless `problem` says what differs."""

    ending: Ending
    record: Record | None
    why: str
    problem: str = ""


def judge(person: Person, ending: Ending, watch: Watch, times: Mapping[str, datetime]) -> Verdict:
    """Return what came of the trigger; `times` is when each event is said to have happened."""
    found = [record for record in _about(person, ending, watch) if record.outcome in ENDS]
    if not found:
        waits = "it is still pending" if any(_about(person, ending, watch)) else "nothing came"
        return Verdict(ending, None, "", f"expected {ending}; {waits}")
    record = found[0]
    return Verdict(ending, record, _why(record, times), _problem(ending, found, watch))


def unexpected(watch: Watch) -> list[Record]:
    """Return the records that nobody expected."""
    expected = {
        (person.user, ending.campaign, ending.event)
        for person in PEOPLE
        for ending in person.endings
    }
    return [
        record
        for record in watch.records
        if (record.user, record.campaign, record.event) not in expected
    ]


def has_record(person: Person, ending: Ending, watch: Watch) -> bool:
    """Return whether the trigger is decided, for the time being or for good."""
    return any(_about(person, ending, watch))


def has_ended(person: Person, ending: Ending, watch: Watch) -> bool:
    """Return whether there is nothing more to wait for, however it ended."""
    for record in _about(person, ending, watch):
        if record.outcome is Outcome.SENT:
            return any(request.send == record.send for request in watch.requests)
        if record.outcome in ENDS:
            return not ending.has_schedule or _schedule_gone(record, watch)
    return False


def _about(person: Person, ending: Ending, watch: Watch) -> list[Record]:
    wanted = (person.user, ending.campaign, ending.event)
    return [each for each in watch.records if (each.user, each.campaign, each.event) == wanted]


def _problem(ending: Ending, found: list[Record], watch: Watch) -> str:
    record = found[0]
    if len(found) > 1:
        return f"expected one end, {len(found)} came"
    if (record.outcome, record.reason) != (ending.outcome, ending.reason):
        return f"expected {ending}"
    if record.outcome is Outcome.SENT:
        requests = sum(request.send == record.send for request in watch.requests)
        if requests != 1:
            return f"expected one message.requested on the bus, saw {requests}"
    if ending.has_schedule and not _schedule_gone(record, watch):
        return "expected its EventBridge schedule to come and go"
    return ""


def _schedule_gone(record: Record, watch: Watch) -> bool:
    return any(name.startswith(f"{record.send}-") for name in watch.gone)


def _why(record: Record, times: Mapping[str, datetime]) -> str:
    if record.outcome is Outcome.SENT and record.due and not record.reason:
        return _why_sent(record, record.due, times[record.event])
    if record.reason is Reason.TOO_OLD:
        return f"{sentence(record)} It counts as history only."
    return sentence(record)


def _why_sent(record: Record, due: datetime, happened: datetime) -> str:
    late = max((record.at - due).total_seconds(), 0)
    after = f"message.requested left {late:.1f} s after it was due"
    if due <= happened:
        return f"No delay: {after}."
    return f"{format_duration(due - happened)} passed without an exception: {after}."
