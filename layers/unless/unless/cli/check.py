"""
`unless check`: every mistake in a folder of definitions, as a good compiler prints it, and then
its journeys, drawn.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from unless.cli.console import Failure, count, errors, output
from unless.cli.journeys.drawing import draw_journeys, drawable
from unless.cli.journeys.mermaid import flowchart
from unless.definitions.checks import Checked
from unless.definitions.issues import CheckCode, Issue, nearest
from unless.definitions.loading import load_folder

if TYPE_CHECKING:
    from unless.cli.lessons.own_race import OwnRace

STYLES = {"error": "bold red", "warning": "bold yellow"}

NOTHING_CHANGES = (
    "Nothing of this folder can be published until the errors are gone; what is live goes on as it "
    "is, and what is pending is sent by it."
)
"""What errors mean for the people who are on their way."""

EXAMPLES_MAX = 3
"""Most simulated users in one check: the others are like them."""

NO_EXAMPLES: Mapping[Issue, "OwnRace"] = MappingProxyType({})


def default_folder() -> Path:
    """Return the folder of the workspace when none is named: this one, or `campaigns` in it."""
    return Path() if Path("unless.yaml").is_file() else Path("campaigns")


def check(
    folder: Path | None, *, as_json: bool, as_mermaid: bool = False, journey: str | None = None
) -> bool:
    """
    Print what is wrong in a folder, and its journeys; return whether it may be published.

    Raises:
        Failure: there is no such folder, or no journey of that id in it.
    """
    if as_json and (as_mermaid or journey is not None):
        raise Failure("--json has the mistakes only.", "Leave it out to see journeys.", code=2)
    checked = load(folder or default_folder())
    if as_json:
        for issue in in_order(checked.issues):
            row = {"level": issue.level, **asdict(issue)}
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return checked.ok
    console = errors() if as_mermaid else output()
    show_issues(console, checked.issues, examples=_examples(checked))
    _show_journeys(checked, journey, as_mermaid=as_mermaid)
    if checked.errors:
        console.print(NOTHING_CHANGES)
    if checked.issues:
        codes = dict.fromkeys(str(issue.code) for issue in in_order(checked.issues))
        more = f"unless check --explain CODE tells more, here of {', '.join(codes)}."
        console.print(Text(more, "dim"))
    if not as_mermaid or checked.issues:
        console.print(summary(checked))
    return checked.ok


def _show_journeys(checked: Checked, only: str | None, *, as_mermaid: bool) -> None:
    """Draw the journeys that nothing refuses, or the one of that id."""
    journeys = drawable(checked)
    if only is not None:
        journeys = [journey for journey in journeys if journey.journey == only]
        if not journeys:
            raise _not_drawn(checked, only)
    if as_mermaid and not journeys:
        errors().print("There is no journey to draw.")
    if as_mermaid:
        charts = (flowchart(journey, checked.workspace.quiet_hours) for journey in journeys)
        sys.stdout.write("".join(f"{chart}\n" for chart in charts))
    else:
        draw_journeys(output(), checked, journeys)


def _not_drawn(checked: Checked, only: str) -> Failure:
    if any((issue.kind, issue.id) == ("journey", only) for issue in checked.errors):
        return Failure(f"The journey {only} has errors, so it is not drawn.", "Correct them first.")
    offered = nearest(only, sorted(checked.journeys))
    return Failure(
        f"There is no journey {only!r} in this folder.",
        f"Did you mean `{offered}`?" if offered else "Name the id behind `journey:`.",
    )


def load(folder: Path) -> Checked:
    """
    Return the definitions of a folder, judged.

    Raises:
        Failure: there is no such folder.
    """
    if not folder.is_dir():
        problem = "this is a file, not a folder" if folder.exists() else "there is no such folder"
        raise Failure(
            f"{folder}: {problem}.",
            "Name the folder of the workspace, with unless.yaml and the campaigns in it.",
            code=2,
        )
    return load_folder(folder)


def load_valid(folder: Path) -> Checked:
    """
    Return the definitions of a folder that may be published; their warnings are shown.

    Raises:
        Failure: there is an error in them; it has been shown.
    """
    checked = load(folder)
    console = errors()
    show_issues(console, checked.issues)
    if not checked.ok:
        raise Failure(f"{summary(checked)}: nothing was done.")
    return checked


def show_issues(
    console: Console, issues: Iterable[Issue], *, examples: Mapping[Issue, "OwnRace"] = NO_EXAMPLES
) -> None:
    """Print each issue: place, code, what is wrong, the line, what it does to people, remedy."""
    for issue in in_order(issues):
        place = f"{issue.file}:{issue.line}" if issue.line else f"{issue.file}"
        style = STYLES[issue.level]
        at = f" at {issue.path}" if issue.path else ""
        console.print(
            Text.assemble(
                (place, "bold"), ": ", (f"{issue.level}[{issue.code}]", style), f"{at}: ",
                issue.message,
            ),
        )  # fmt: skip
        if written := _line(issue):
            console.print(Text(f"  {issue.line:>4} | {written}", "dim"))
        console.print(Text.assemble(("       ! ", STYLES[issue.level]), issue.effect))
        console.print(Text.assemble(("       = ", "dim"), issue.remedy))
        if issue in examples:
            from unless.cli.lessons.own_example import show_own_race

            show_own_race(console, examples[issue])


def _examples(checked: Checked) -> dict[Issue, "OwnRace"]:
    """Return a simulated user for the first race of each definition, of so many definitions."""
    found: dict[Issue, OwnRace] = {}
    shown: set[tuple[str | None, str | None]] = set()
    for issue in in_order(checked.issues):
        if issue.code is not CheckCode.AUDIENCE_USES_TRIGGER or len(found) == EXAMPLES_MAX:
            continue
        from unless.cli.lessons.own_race import own_race

        if (issue.kind, issue.id) not in shown and (example := own_race(checked, issue)):
            found[issue] = example
            shown.add((issue.kind, issue.id))
    return found


def in_order(issues: Iterable[Issue]) -> list[Issue]:
    """Return the issues as they stand in the files, those of a whole file first."""
    return sorted(issues, key=lambda issue: (issue.file or "", issue.line or 0))


def _line(issue: Issue) -> str:
    """Return the line of the file on which the issue stands, empty when it cannot be shown."""
    if issue.file is None or issue.line is None:
        return ""
    try:
        lines = Path(issue.file).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError):
        return ""
    return lines[issue.line - 1].rstrip() if issue.line <= len(lines) else ""


def summary(checked: Checked) -> str:
    """Return how many mistakes there are, or what was checked when none refuses it, as one line."""
    found = [
        count(len(found), name)
        for found, name in ((checked.errors, "error"), (checked.warnings, "warning"))
        if found
    ]
    if checked.errors:
        files = {issue.file for issue in checked.issues}
        return f"{', '.join(found)} in {count(len(files), 'file')}"
    checked_parts = (
        count(len(checked.campaigns), "campaign"),
        count(len(checked.journeys), "journey"),
        count(len(checked.segments), "segment"),
    )
    return f"{', '.join(checked_parts)}: {', '.join(found) or 'no mistakes found'}"
