"""
The report of a simulation as a page: what it shows, and in which order.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from unless.cli.simulating.difference_output import Compared, played
from unless.cli.simulating.difference_tables import (
    CHANGES,
    changes_table,
    detail_titles,
    examples_table,
    goals_table,
    kinds_table,
    name_of,
)
from unless.cli.simulating.page import Section, page
from unless.cli.simulating.plot_style import SERIES
from unless.cli.simulating.plots import REST_NAME, Plot, both_ways, lines, shares, stacked_hours
from unless.cli.simulating.report_tables import (
    Table,
    conversions_table,
    exceptions_table,
    hours_table,
    number,
    outcome_tables,
    reasons_table,
    regret_table,
    share,
)
from unless.definitions.durations import format_duration
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason
from unless.sim.differences import Change
from unless.sim.regret import LATER
from unless.sim.report import Owner, Report

ROWS_MAX = 20
"""Most rows of a plot, the largest ones; its table has all."""

COUNTED = (
    "Counted are messages that go out, and entries into journeys. Moved ones go out under both "
    "versions, at another time; where nothing goes out under either, the reason may be another."
)

OUTCOME_TITLES = {Kind.CAMPAIGN: "Campaigns", Kind.JOURNEY: "Journeys"}


def report_page(report: Report, waiting: Counter[Owner], users: int) -> str:
    """Return the page of a simulation."""
    lead = f"What the definitions would have decided about {_span(report)}."
    return page(
        "What the campaigns would have done",
        lead,
        _figures(report, users),
        _sections(report, waiting),
    )


def comparison_page(result: Compared) -> str:
    """Return the page of a comparison: what differs, then the report of the new definitions."""
    sections = [*_differences(result), *_sections(result.report, result.waiting)]
    figures = _changed_figures(result)
    return page("What these definitions change", played(result), figures, sections)


def _span(report: Report) -> str:
    if report.first is None or report.last is None:
        return "no events"
    return f"{report.events:,} events, {report.first:%Y-%m-%d} to {report.last:%Y-%m-%d}"


def _figures(report: Report, users: int) -> Mapping[str, str]:
    sent = sum(counts[Outcome.SENT] for counts in report.outcomes.values())
    scheduled = sum(counts[Outcome.SCHEDULED] for counts in report.outcomes.values())
    stopped = sum(
        times for key, times in report.cancelled.items() if key.reason is Reason.EXCEPTION_EVENT
    )
    return {
        "events": number(report.events),
        "users": number(users),
        "messages sent": number(sent),
        "cancelled by exceptions": share(stopped, scheduled),
    }


def _changed_figures(result: Compared) -> Mapping[str, str]:
    changes: Counter[Change] = Counter()
    for (_, change), times in result.tally.changes.items():
        changes[change] += times
    return {words: number(changes[change]) for change, words in CHANGES.items()}


def _sections(report: Report, waiting: Counter[Owner]) -> Iterator[Section]:
    for table in outcome_tables(report, waiting):
        yield Section(OUTCOME_TITLES[Kind(table.heading[0])], tables=[table])
    if report.hours:
        yield _hours(report)
    if exceptions := _exceptions(report):
        yield exceptions
    if report.conversions:
        table = conversions_table(report)
        yield Section(table.title, table.note, tables=[_untitled(table)])
    if report.regret.sent:
        yield _regret(report)
    if report.reasons:
        yield Section("Reasons", tables=[_untitled(reasons_table(report))])


def _untitled(table: Table) -> Table:
    return replace(table, title="", note="")


def _hours(report: Report) -> Section:
    table = hours_table(report)
    series = {owner.id: hours for owner, hours in sorted(report.hours.items())}
    all_hours = [sum(hours) for hours in zip(*series.values(), strict=True)]
    busiest = all_hours.index(max(all_hours))
    says = f"Bars: messages by hour of the day; most, {max(all_hours):,}, from {busiest:02}:00."
    plot = stacked_hours(says, series)
    return Section(table.title, table.note, plot, [_untitled(table)], folded=True)


def _exceptions(report: Report) -> Section | None:
    """Return what became of what campaigns scheduled; None when they scheduled nothing."""
    campaigns = [owner for owner in sorted(report.outcomes) if report.scheduled(owner.id)]
    campaigns = [owner for owner in campaigns if owner.kind is Kind.CAMPAIGN]
    campaigns.sort(key=lambda owner: -report.scheduled(owner.id))
    if not campaigns:
        return None
    shown = campaigns[:ROWS_MAX]
    series: dict[str, list[float]] = {
        "sent": [report.outcomes[owner][Outcome.SENT] for owner in shown]
    }
    for key, times in sorted(report.cancelled.items(), key=lambda row: -row[1]):
        name = f"{key.by} again" if key.reason is Reason.RESCHEDULED else key.by
        row = series.setdefault(name, [0] * len(shown))
        for place, owner in enumerate(shown):
            row[place] += times if owner.id == key.campaign else 0
    told = [sum(values) for values in zip(*series.values(), strict=True)]
    rest = [report.scheduled(o.id) - so_far for o, so_far in zip(shown, told, strict=True)]
    if any(rest):
        series[REST_NAME] = [max(left, 0) for left in rest]
    says = "Bars: what each campaign scheduled, divided into what was sent and what cancelled it."
    table = exceptions_table(report)
    again = any(key.reason is Reason.RESCHEDULED for key in report.cancelled)
    note = "“again”: the trigger came once more and started the delay anew." if again else ""
    plot = shares(says, [owner.id for owner in shown], series)
    return Section("What became of what was scheduled", note, plot, [_untitled(table)])


def _regret(report: Report) -> Section:
    regret, table = report.regret, regret_table(report)
    regretted = sorted(
        (name for name in regret.sent if regret.spared[name, LATER[-1]]),
        key=lambda name: -regret.spared[name, LATER[-1]],
    )[: len(SERIES)]
    if not regretted:
        none = "No exception followed any message within a day."
        return Section(table.title, none, tables=[_untitled(table)])
    series = {
        name: [100 * regret.spared[name, later] / regret.sent[name] for later in LATER]
        for name in regretted
    }
    says = "Lines: the share of each campaign's messages that a longer delay would have spared."
    plot = lines(says, [f"+{format_duration(later)}" for later in LATER], series)
    return Section(table.title, table.note, plot, [_untitled(table)])


def _differences(result: Compared) -> Iterator[Section]:
    tally, one_sided = result.tally, result.one_sided
    table = changes_table(tally, one_sided)
    if not table.rows:
        yield Section("Nothing differs", table.note)
        return
    yield Section("How much differs", COUNTED, _added_and_removed(result), [table])
    if (goals := goals_table(tally)).rows:
        yield Section(goals.title, tables=[_untitled(goals)])
    for subject, title in detail_titles(tally, one_sided):
        kinds = replace(kinds_table(tally, subject), title="Why")
        yield Section(title, tables=[kinds, replace(examples_table(tally, subject), title="Users")])


def _added_and_removed(result: Compared) -> Plot | None:
    changes = result.tally.changes
    shown = [
        subject
        for subject in result.tally.differing()
        if changes[subject, Change.ADDED] or changes[subject, Change.REMOVED]
    ][:ROWS_MAX]
    if not shown:
        return None
    return both_ways(
        "Bars: for each campaign and journey how many are removed and how many are added.",
        [name_of(subject, result.one_sided) for subject in shown],
        [changes[subject, Change.REMOVED] for subject in shown],
        [changes[subject, Change.ADDED] for subject in shown],
    )
