"""
What is said of a proof: estimates, one line per part, the table at the end, and Markdown.
"""

from collections.abc import Iterable, Iterator, Mapping

from rich.text import Text

from unless.cli.console import printable
from unless.cli.prove.report import Figures, Report
from unless.sim.proof.parts import top

STORIES_MAX = 2
"""Violations of a part that are printed; the report has more."""

SHOWN_MAX = 60
"""Lines of a story that are printed; the report has all."""


def how_long(seconds: float) -> str:
    """Return a length of time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def line_of(name: str, figures: Figures) -> Text:
    """Return the line about a part that is over."""
    said = Text(f"{name:<10} {figures.cases:,} {figures.noun}, ")
    said.append(_found(figures), "green" if figures.holds else "bold red")
    return said.append(f", {how_long(figures.seconds)}, seed {figures.seed}")


def rows_of(report: Report, names: Iterable[str]) -> Iterator[tuple[Text | str, ...]]:
    """Yield the rows of the table at the end, in the order of the names."""
    yield tuple(Text(head, "bold") for head in ("part", "how many", "found", "seconds", "seed"))
    for name in names:
        figures = report.parts.get(name)
        if figures is None:
            continue
        found = Text(_found(figures), "green" if figures.holds else "bold red")
        many = f"{figures.cases:,} {figures.noun}"
        yield name, many, found, f"{figures.seconds:,.0f}", str(figures.seed)


def complaints(name: str, figures: Figures) -> Iterator[Text]:
    """Yield what was wrong in a part: each violation with its story, and how to have it again."""
    for violation in figures.violations[:STORIES_MAX]:
        yield Text(f"\n{name}: {printable(violation.sentence)}", "red")
        lines = violation.story[:SHOWN_MAX]
        yield from (Text(f"  {printable(line)}") for line in lines)
        if len(violation.story) > SHOWN_MAX:
            yield Text(f"  … and {len(violation.story) - SHOWN_MAX} more lines in the report")
        yield Text(f"  again: unless prove --replay '{name}={printable(violation.case)}'", "cyan")
    if figures.wrong > STORIES_MAX:
        yield Text(f"\n{name}: {figures.wrong - STORIES_MAX:,} more; the report has the first.")
    yield from (Text(f"\n{name}: {printable(sentence)}", "red") for sentence in figures.unproven)


def _found(figures: Figures) -> str:
    if figures.holds:
        return "nothing"
    parts = [f"{figures.wrong:,} broken"] if figures.wrong else []
    parts += [f"{len(figures.unproven)} unproven"] if figures.unproven else []
    return " and ".join(parts)


def markdown(report: Report) -> Iterator[str]:
    """Yield the figures as Markdown, for `docs/guarantees.md`."""
    yield "| part | attacked | found | seconds | seed | share of the whole | code | when |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, f in report.parts.items():
        yield (
            f"| {name} | {f.cases:,} {f.noun} | {_found(f)} | {f.seconds:,.0f} on {f.processes} "
            f"| {f.seed} | {f.scale:g} | `{f.code}` | {f.at[:16].replace('T', ' ')} |"
        )
    yield f"\n{report.machine}.\n"
    if "histories" in report.parts:
        seen = report.parts["histories"].seen
        yield from _counts("Rare states, and how often they came about", top(seen, "rare "))
        yield from _counts("What went wrong with a call", top(seen, "fault "))
    if "mutants" in report.parts:
        seen = {n: v for n, v in report.parts["mutants"].seen.items() if n != "caught"}
        yield from _counts("Mistakes made on purpose, and in which history they were found", seen)
    if "malformed" in report.parts:
        reasons = top(report.parts["malformed"].seen, "reason ")
        yield from _counts("Why messages were put in quarantine", reasons)


def _counts(title: str, counts: Mapping[str, int]) -> Iterator[str]:
    if not counts:
        return
    yield f"| {title} | |"
    yield "|---|---|"
    yield from (f"| {name} | {count:,} |" for name, count in counts.items())
    yield ""
