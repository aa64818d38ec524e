"""
The report of a replay as tables of plain texts, the same on a terminal and on a page.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unless.cli.words import explained
from unless.definitions.durations import format_duration
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason
from unless.sim.regret import LATER
from unless.sim.report import HOURS, Owner, Report

OUTCOMES = {
    Kind.CAMPAIGN: (Outcome.SCHEDULED, Outcome.SENT, Outcome.CANCELLED, Outcome.SKIPPED),
    Kind.JOURNEY: (
        Outcome.ENTERED, Outcome.SENT, Outcome.SKIPPED, Outcome.EXITED, Outcome.COMPLETED,
    ),
}  # fmt: skip
"""The outcomes that each kind has, in the order in which people read them."""

LATER_ON = (Outcome.CONVERTED, Outcome.INTERACTED)
"""What comes of messages; it has a column only where there is any."""

BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table: its title, the heading of each column, the rows, and a note on how to read it.

    The columns in `words` hold text; all others hold numbers.
    """

    title: str
    heading: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    note: str = ""
    words: frozenset[int] = frozenset({0})


def number(value: int) -> str:
    """Return the number as people read it (`1,200`)."""
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """Return the part with its share of the whole (`12 (8%)`); a small one is not said to be 0%."""
    if not part or not whole:
        return number(part)
    percent = 100 * part / whole
    return f"{part:,} ({'<1' if percent < 1 else f'{percent:.0f}'}%)"


def outcome_tables(report: Report, waiting: Counter[Owner]) -> Iterator[Table]:
    """Yield how many triggers came to what, for campaigns and for journeys."""
    for kind in Kind:
        owners = sorted(o for o in report.outcomes.keys() | waiting.keys() if o.kind is kind)
        if owners:
            counts = [report.outcomes.get(owner, Counter()) for owner in owners]
            later = [each for each in LATER_ON if any(count[each] for count in counts)]
            rows = [
                [
                    owner.id,
                    *(number(count[each]) for each in OUTCOMES[kind]),
                    number(waiting[owner]),
                    *(number(count[each]) for each in later),
                ]
                for owner, count in zip(owners, counts, strict=True)
            ]
            yield Table("", (kind, *OUTCOMES[kind], "pending", *later), rows)


def conversions_table(report: Report) -> Table:
    """Return how often each goal of each campaign was met, and how often in the control group."""
    rows = []
    goals = sorted({goal._replace(control=False) for goal in report.conversions})
    for goal in goals:
        sent = report.outcomes.get(Owner(Kind.CAMPAIGN, goal.campaign), Counter())[Outcome.SENT]
        held_back = report.conversions[goal._replace(control=True)]
        rows.append(
            [goal.campaign, goal.event, share(report.conversions[goal], sent), number(held_back)]
        )
    return Table(
        "Conversions",
        ("campaign", "goal", "after a message", "in the control group"),
        rows,
        "In brackets the share of what the campaign sent.",
        frozenset({0, 1}),
    )


def reasons_table(report: Report) -> Table:
    """Return the reasons, the commonest first, with what they mean."""
    said: Counter[tuple[Outcome, Reason, str]] = Counter()
    for (owner, outcome, reason), times in report.reasons.items():
        said[outcome, reason, explained(reason, owner.kind)] += times
    rows = [[number(times), *key] for key, times in said.most_common()]
    return Table(
        "Reasons", ("times", "outcome", "reason", "in words"), rows, words=frozenset({1, 2, 3})
    )


def exceptions_table(report: Report) -> Table:
    """Return what cancelled the scheduled sends of each campaign."""
    rows = [
        [key.campaign, key.by, key.reason, share(times, report.scheduled(key.campaign))]
        for key, times in sorted(report.cancelled.items(), key=lambda row: (row[0][0], -row[1]))
    ]
    return Table(
        "What cancelled what was scheduled",
        ("campaign", "exception", "reason", "cancelled"),
        rows,
        "In brackets the share of what the campaign scheduled.",
        frozenset({0, 1, 2}),
    )


def regret_table(report: Report) -> Table:
    """Return how many messages an exception followed so soon that a later one had been spared."""
    regret = report.regret
    rows = [
        [
            campaign,
            number(sent),
            *(share(regret.spared[campaign, later], sent) for later in LATER),
        ]
        for campaign, sent in sorted(regret.sent.items())
    ]
    return Table(
        "Sent too soon (regret)",
        ("campaign", "sent", *(f"within {format_duration(later)}" for later in LATER)),
        rows,
        "How many messages were followed by an exception of their own within that time: "
        "had they been due that much later, it would have cancelled them. What was sent on the "
        "last day of the events could be followed for less long.",
    )


def hours_table(report: Report) -> Table:
    """Return what was sent in each hour of the users' days."""
    owners = sorted(report.hours)
    rows = [
        [f"{hour:02}:00", *(number(report.hours[owner][hour]) for owner in owners)]
        for hour in range(HOURS)
    ]
    return Table(
        "Sent in each hour of the user's day",
        ("hour", *(owner.id for owner in owners)),
        rows,
        "On the clock of each user; of the workspace where a user has no time zone.",
    )


def hours_in_lines(report: Report) -> Table:
    """Return what was sent in each hour, in a line for each campaign and journey."""
    rows = [
        [owner.id, bars(hours), _busiest(hours)] for owner, hours in sorted(report.hours.items())
    ]
    return Table(
        "Sent in each hour of the user's day",
        ("", "0     6     12    18    ", "busiest"),
        rows,
        words=frozenset({0, 1, 2}),
    )


def bars(counts: Sequence[int]) -> str:
    """Return a bar for each count, a dot where there is nothing."""
    most = max(counts)
    top = len(BARS) - 1
    return "".join(BARS[round(top * each / most)] if each else "·" for each in counts)


def _busiest(hours: Sequence[int]) -> str:
    most = max(hours)
    hour = hours.index(most)
    return f"{hour:02}:00 to {(hour + 1) % HOURS:02}:00: {most:,} of {sum(hours):,}"
