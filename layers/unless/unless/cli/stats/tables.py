"""
The counts of campaigns and journeys as tables: all in a line each, or one of them in full.
"""

from collections.abc import Iterator, Mapping
from operator import itemgetter

from unless.app.stats import Counts, Goal, Messages
from unless.cli.console import count
from unless.cli.simulating.report_tables import Table, number, share
from unless.cli.stats.rates import Rate, difference
from unless.cli.stats.words import difference_cells, half_within, percent, rate_cells
from unless.cli.words import action_words, explained
from unless.definitions.models import Kind
from unless.engine.records import Outcome

SHOWN_ACTIONS = ("opened", "clicked", "bounced", "complained")
"""The actions that have a column of their own; others are told of one campaign or journey."""

SEVERAL = {
    Kind.CAMPAIGN: (Outcome.CANCELLED, Outcome.SKIPPED),
    Kind.JOURNEY: (Outcome.SKIPPED, Outcome.ENTERED, Outcome.EXITED, Outcome.COMPLETED),
}
"""What has a column for every campaign, and for every journey, beside triggers and sent."""

NOTHING = "-"
"""What stands in a column where others have something."""

type Waiting = Mapping[str, int] | None
"""How many sends and runs are pending, by id; None where nobody knows."""


def overview(kind: Kind, found: Mapping[str, Counts], waiting: Waiting) -> Table:
    """Return a line for each campaign, or for each journey; what happened to none has no column."""
    rows = [_overview_row(name, counts, kind, waiting) for name, counts in found.items()]
    heading = [name for name in (rows[0] if rows else {}) if any(row[name] for row in rows)]
    cells = [[row[name] or NOTHING for name in heading] for row in rows]
    return Table("", tuple(heading), cells)


def _overview_row(name: str, counts: Counts, kind: Kind, waiting: Waiting) -> dict[str, str]:
    """Return the cells by their headings, an empty one where there is nothing to count."""
    messages = counts.messages
    row = {kind.value: name, "triggers": number(counts.triggers)}
    row |= {outcome.value: number(counts.outcomes[outcome]) for outcome in SEVERAL[kind]}
    row["sent"] = number(messages.sent)
    if waiting is not None:
        row["pending"] = _some(waiting.get(name, 0))
    for action in SHOWN_ACTIONS:
        times = messages.actions[action]
        row[action] = percent(Rate(times, messages.sent).value) if times else ""
    if kind is Kind.CAMPAIGN:
        row["converted"] = _some(sum(goal.conversions for goal in counts.goals.values()))
    return row


def _some(times: int) -> str:
    return number(times) if times else ""


def outcomes_table(counts: Counts, kind: Kind, waiting: int | None) -> Table:
    """Return what the triggers of one campaign or journey came to."""
    rows = [("triggers", number(counts.triggers), "", "")]
    ends = {
        Kind.CAMPAIGN: (Outcome.SENT, Outcome.CANCELLED, Outcome.SKIPPED),
        Kind.JOURNEY: (Outcome.SKIPPED, Outcome.ENTERED, Outcome.EXITED, Outcome.COMPLETED),
    }
    for outcome in ends[kind]:
        said = _unknown(counts.messages) if outcome is Outcome.SENT else ""
        times = counts.outcomes[outcome]
        part = f"{Rate(times, counts.triggers).value:.0%}" if times and counts.triggers else ""
        rows.append((outcome.value, number(times), part, said))
    if waiting is not None:
        rows.append(("pending now", number(waiting), "", ""))
    return Table("", ("", "times", "of triggers", ""), rows, words=frozenset({0, 3}))


def _unknown(messages: Messages) -> str:
    """Return how many were sent as far as is known, and how many of them were confirmed."""
    if not messages.unknown:
        return ""
    said = f"{messages.unknown:,} of them without a clear answer from the channel"
    return f"{said}, {messages.confirmed:,} confirmed later" if messages.confirmed else said


def reasons_table(counts: Counts, kind: Kind) -> Table:
    """Return why messages did not go out and why runs ended early, the commonest first."""
    rows = [
        (number(times), outcome.value, reason.value, explained(reason, kind))
        for (outcome, reason), times in counts.reasons.most_common()
    ]
    words = frozenset({1, 2, 3})
    title = "Why not" if kind is Kind.CAMPAIGN else "Why not, and why people left"
    return Table(title, ("times", "outcome", "reason", "in words"), rows, words=words)


def actions_table(counts: Counts) -> Table:
    """Return what was done with the messages, each counted once, the commonest first."""
    messages = counts.messages
    several = sorted(messages.actions.items(), key=itemgetter(1), reverse=True)
    rows = [(action_words(action), share(times, messages.sent)) for action, times in several]
    note = "However often it is done with a message, that counts once."
    return Table("What came of the messages", ("", "messages"), rows, note)


def steps_table(counts: Counts) -> Table:
    """Return what became of the messages of each step of a journey."""
    rows = [
        (
            step,
            number(messages.sent),
            number(messages.skipped),
            *(share(messages.actions[action], messages.sent) for action in SHOWN_ACTIONS),
        )
        for step, messages in sorted(counts.steps.items())
    ]
    return Table("Messages by step", ("step", "sent", "skipped", *SHOWN_ACTIONS), rows)


def goal_tables(counts: Counts) -> Iterator[Table]:
    """Yield for each goal how many people met it, beside those of the control group."""
    for _, goal in sorted(counts.goals.items(), key=lambda row: _place(row[0])):
        got = Rate(goal.users, counts.reached)
        rows = [("got a message", *rate_cells(got))]
        if counts.control:
            control = Rate(goal.control_users, counts.control)
            rows.append(("control group", *rate_cells(control)))
            rows.append(("difference", *difference_cells(difference(got, control))))
        heading = ("", "people", "converted", "95% confidence")
        yield Table(_goal_title(goal), heading, rows, words=frozenset({0, 3}))


def _goal_title(goal: Goal) -> str:
    """Return which goal it is, how often it was met, and how soon."""
    when = "after" if len(goal.seconds) == 1 else "half of them within"
    soon = f", {when} {half_within(goal.seconds)}" if goal.seconds else ""
    which = "the first goal" if goal.primary else "another goal"
    times = count(goal.conversions, "conversion")
    return f"Conversions by {goal.event}, {which}: {times}{soon}"


def _place(row: str) -> tuple[int, str]:
    return (int(row) if row.isdecimal() else 0, row)
