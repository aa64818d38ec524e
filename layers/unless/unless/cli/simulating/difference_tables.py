"""
What differs between two versions as tables of plain texts: in counts, and in examples.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import zip_longest

from unless.cli.simulating.report_tables import Table, number
from unless.cli.words import day_and_time, explained, sentence
from unless.definitions.durations import format_duration
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason, Record
from unless.sim.differences import Change, Difference, Part, Subject, Tally, Why, goes
from unless.sim.report import Owner

CHANGES = {
    Change.ADDED: "added",
    Change.REMOVED: "removed",
    Change.MOVED: "moved",
    Change.CHANGED: "other reason",
}

KINDS_MAX = 20
"""Most kinds of differences that are told of one campaign or journey, the commonest first."""

EXAMPLES_SHOWN_MAX = 5
"""Most examples that are told of one campaign or journey."""

SHIFTS_MAX = 3
"""Most spans by which messages move that are told, the commonest first."""

type OneSided = Mapping[Owner, str]
"""Campaigns and journeys that only one of the versions has: `new` or `gone`."""


def name_of(subject: Subject, one_sided: OneSided) -> str:
    """Return the id of what is compared, with what of a journey it is, and whether it is new."""
    only = f" ({told})" if (told := one_sided.get(subject.owner)) else ""
    part = "" if subject.part is Part.SENDS else f": {subject.part}"
    return f"{subject.owner.id}{only}{part}"


def changes_table(tally: Tally, one_sided: OneSided) -> Table:
    """Return how many messages and entries each difference concerns, where there is any."""
    rows = [
        [
            name_of(subject, one_sided),
            number(tally.before[subject]),
            number(tally.now[subject]),
            *(number(tally.changes[subject, change]) for change in Change),
        ]
        for subject in tally.differing()
    ]
    heading = ("campaign or journey", "before", "now", *CHANGES.values())
    return Table("", heading, rows, note=_unchanged(tally, one_sided))


def _unchanged(tally: Tally, one_sided: OneSided) -> str:
    differing = set(tally.differing())
    same = [name_of(each, one_sided) for each in tally.subjects() if each not in differing]
    return f"No difference: {', '.join(same)}." if same else ""


def goals_table(tally: Tally) -> Table:
    """Return how often the goals of each campaign were met before and now, where that differs."""
    before, now = tally.conversions
    rows = [
        [
            goal.campaign,
            f"{goal.event} (control group)" if goal.control else goal.event,
            number(before[goal]),
            number(now[goal]),
        ]
        for goal in sorted(before.keys() | now.keys())
        if before[goal] != now[goal]
    ]
    return Table(
        "Conversions", ("campaign", "goal", "before", "now"), rows, words=frozenset({0, 1})
    )


def kinds_table(tally: Tally, subject: Subject) -> Table:
    """Return of one campaign or journey what was before, and what is now instead."""
    whys = [why for change in Change for why in tally.whys(subject, change)]
    rows = [
        [
            CHANGES[why.change],
            number(tally.why[why]),
            number(len(tally.users[why])),
            _kind(*why.old, why),
            _shifts(tally, why) or _kind(*why.new, why),
        ]
        for why in whys[:KINDS_MAX]
    ]
    left = len(whys) - KINDS_MAX
    note = f"… and {left} rarer kinds of differences" if left > 0 else ""
    return Table("", ("", "times", "users", "before", "now"), rows, note, frozenset({0, 3, 4}))


def _kind(outcome: Outcome | None, reason: Reason | None, why: Why) -> str:
    subject = why.subject
    if outcome is None:
        return "not triggered"
    if outcome is Outcome.SCHEDULED:
        return "still on its way"
    ran = subject.owner.kind is Kind.JOURNEY and outcome in (Outcome.EXITED, Outcome.COMPLETED)
    if ran and subject.part is Part.MESSAGES and outcome is Outcome.COMPLETED:
        return "not reached: completed on another way"
    said = f"{outcome}: {explained(reason, subject.owner.kind)}" if reason else str(outcome)
    if not ran:
        return said
    return f"not reached, {said}" if subject.part is Part.MESSAGES else f"entered, {said}"


def _shifts(tally: Tally, why: Why) -> str:
    if why.change is not Change.MOVED:
        return ""
    several = tally.shifts[why.subject].most_common()
    told = [
        shift_words(shift) + (f" ({times:,})" if len(several) > 1 else "")
        for shift, times in several[:SHIFTS_MAX]
    ]
    return ", ".join([*told, "…"] if len(several) > SHIFTS_MAX else told)


def shift_words(shift: timedelta) -> str:
    """Return a span in words (`1h later`)."""
    return f"{format_duration(abs(shift))} {'later' if shift > timedelta() else 'earlier'}"


def examples_table(tally: Tally, subject: Subject) -> Table:
    """Return a few users for whom something differs, of as many kinds as possible."""
    rows = [
        [
            CHANGES[example.change],
            example.user,
            f"{example.event}, {example.step}" if example.step else example.event,
            fate(example.subject.part, example.old),
            fate(example.subject.part, example.new, example.shift),
        ]
        for example in _examples(tally, subject)
    ]
    heading = ("", "user", "event", "before", "now")
    return Table("", heading, rows, "Times are UTC.", frozenset(range(len(heading))))


def _examples(tally: Tally, subject: Subject) -> list[Difference]:
    """Return an example of each kind, and then second and third ones, as many as are shown."""
    kinds = [tally.examples[why] for change in Change for why in tally.whys(subject, change)]
    rounds = zip_longest(*kinds)
    return [each for turn in rounds for each in turn if each is not None][:EXAMPLES_SHOWN_MAX]


def fate(part: Part, record: Record | None, shift: timedelta = timedelta()) -> str:
    """Return what became of a trigger, an entry or a message in words, times in UTC."""
    if record is None:
        return "not triggered"
    if record.outcome is Outcome.SENT:
        later = f", {shift_words(shift)}" if shift else ""
        return f"sent {day_and_time(record.at)}{later}"
    if record.outcome is Outcome.SCHEDULED and record.due:
        return f"due {day_and_time(record.due)}"
    said = sentence(record)
    words = f"{record.outcome}: {said}" if said else str(record.outcome)
    if goes(Part.ENTRIES, record) and record.outcome is not Outcome.ENTERED:
        return f"entered, {words}" if part is Part.ENTRIES else f"not reached, {words}"
    return words


def detail_titles(tally: Tally, one_sided: OneSided) -> Iterator[tuple[Subject, str]]:
    """Yield what differs, each with a line that sums it up (`cart: 3 added, 1 removed`)."""
    for subject in tally.differing():
        counts = ", ".join(
            f"{times:,} {words}"
            for change, words in CHANGES.items()
            if (times := tally.changes[subject, change])
        )
        yield subject, f"{name_of(subject, one_sided)}: {counts}"
