"""
The counts of campaigns and journeys as tables: all in a line each, or one of them in full.
"""

from collections.abc import Iterator, Mapping
from operator import itemgetter

from unless.app.stats import Counts, Goal, Messages
from unless.cli.simulating.report_tables import Table, number, share
from unless.cli.stats.rates import Rate, difference
from unless.cli.stats.words import difference_words, half_within, rate_words
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

type Waiting = Mapping[str, int] | None
"""How many sends and runs are pending, by id; None where nobody knows."""


def overview(kind: Kind, found: Mapping[str, Counts], waiting: Waiting) -> Table:
    """Return a line for each campaign, or for each journey."""
    heading = [kind.value, "triggers", *SEVERAL[kind], "sent"]
    heading += ["pending"] if waiting is not None else []
    heading += [*SHOWN_ACTIONS, *(["conversions"] if kind is Kind.CAMPAIGN else [])]
    rows = [_overview_row(name, counts, kind, waiting) for name, counts in found.items()]
    return Table("", tuple(heading), rows)


def _overview_row(name: str, counts: Counts, kind: Kind, waiting: Waiting) -> list[str]:
    messages = counts.messages
    row = [name, number(counts.triggers), *(number(counts.outcomes[o]) for o in SEVERAL[kind])]
    row.append(number(messages.sent))
    row += [number(waiting.get(name, 0))] if waiting is not None else []
    row += [share(messages.actions[action], messages.sent) for action in SHOWN_ACTIONS]
    met = sum(goal.conversions for goal in counts.goals.values())
    return [*row, number(met)] if kind is Kind.CAMPAIGN else row


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


def goals_table(counts: Counts) -> Table:
    """Return how often each goal was met, and how that differs from the control group."""
    heading = ["goal", "conversions", "people who got a message", "half of them within"]
    heading += ["control group", "difference"] if counts.control else []
    rows = [list(_goal(counts, goal)) for goal in _in_order(counts)]
    note = "In brackets where the true share lies, with 95% confidence."
    if counts.control:
        note += (
            " The control group counts from the trigger, and people whose message would have been "
            "cancelled or skipped are in it, too: who was about to convert anyway makes it look "
            "better than it is."
        )
    words = frozenset(range(len(heading))) - {1}
    return Table("Conversions", tuple(heading), rows, note, words)


def _goal(counts: Counts, goal: Goal) -> Iterator[str]:
    got = Rate(goal.users, counts.reached)
    yield f"{goal.event} (first goal)" if goal.primary else goal.event
    yield number(goal.conversions)
    yield rate_words(got)
    yield half_within(goal.seconds)
    if counts.control:
        control = Rate(goal.control_users, counts.control)
        yield rate_words(control)
        yield difference_words(difference(got, control))


def _in_order(counts: Counts) -> list[Goal]:
    """Return the goals, the first one first."""
    return [goal for _, goal in sorted(counts.goals.items(), key=lambda row: _place(row[0]))]


def _place(row: str) -> tuple[int, str]:
    return (int(row) if row.isdecimal() else 0, row)
