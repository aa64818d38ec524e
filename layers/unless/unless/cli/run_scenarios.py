"""
`unless test`: runs the scenarios of files and folders, and shows what differs from them.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from unless.cli.console import Failure, columns, output
from unless.cli.failures import DEBUG
from unless.cli.words import value
from unless.engine.records import instant_text
from unless.sim.expectations import Comparison, matches
from unless.sim.runner import Result, run_scenario
from unless.sim.scenario import Scenario, ScenarioError, read_scenarios
from unless.sim.world import PureWorld, World

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
"""How the names of files end in which a folder's scenarios are looked for."""

FIELDS = ("user", "campaign", "journey", "step", "event", "outcome", "reason", "at", "due")
"""The fields of a record in the order in which a difference shows them; the others follow."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file whose scenarios cannot be run as they are written."""

    file: str
    problem: str


def run_all(paths: Sequence[Path], through: str | None, *, as_json: bool) -> bool:
    """Run every scenario under the paths and return whether all passed."""
    files = [*_files(paths)]
    console = output()
    passed = failed = 0
    with _worlds(through) as new_world:
        for result in chain.from_iterable(_run(file, new_world) for file in files):
            ok = isinstance(result, Result) and result.passed
            passed, failed = passed + ok, failed + (not ok)
            if as_json:
                _print_json(result)
            else:
                _show(console, result)
    if not as_json:
        style = "bold red" if failed else "bold green"
        console.print(Text(f"{passed:,} passed, {failed:,} failed", style))
    return not failed


@contextmanager
def _worlds(through: str | None) -> Iterator[Callable[[], World]]:
    """Yield what makes a new world for each scenario."""
    if through is None:
        yield PureWorld
        return
    try:
        from unless.sim.aws_world import AwsWorld
        from unless.sim.moto_cloud import moto_cloud
    except ModuleNotFoundError as missing:
        raise Failure(
            f"--through aws needs the package {missing.name}.",
            "Install it with: pip install 'unless[through-aws]'",
        ) from missing
    with moto_cloud() as cloud:
        yield lambda: AwsWorld(cloud)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """
    Yield the files to run: those named, and in a folder those that hold scenarios.

    Raises:
        Failure: a path does not exist, or holds no scenario.
    """
    seen: set[Path] = set()
    for path in paths:
        found = [file for file in _under(path) if file.resolve() not in seen]
        seen.update(file.resolve() for file in found)
        yield from found


def _under(path: Path) -> list[Path]:
    if not path.exists():
        raise Failure(f"{path}: there is no such file or folder.", code=2)
    if path.is_dir():
        files = sorted(f for f in path.rglob("*") if f.suffix in SUFFIXES and f.is_file())
        found = [file for file in files if _holds_scenarios(file)]
    else:
        found = [path]
    if not found:
        raise Failure(
            f"{path}: there is no scenario in this folder.",
            "A scenario is a YAML document that begins with `scenario:`, best in a file "
            "`<campaign>.scenarios.yaml` beside the campaign.",
        )
    return found


def _holds_scenarios(file: Path) -> bool:
    """Whether the file is meant to hold scenarios; cheap, for a broken file must be reported."""
    return any(
        line.startswith((b"scenario:", b"\xef\xbb\xbfscenario:", b'{"scenario"', b"{scenario"))
        for line in file.read_bytes().splitlines()
    )


def _run(file: Path, new_world: Callable[[], World]) -> Iterator[Result | Unreadable]:
    try:
        scenarios = read_scenarios(file)
    except ScenarioError as error:
        yield Unreadable(str(file), str(error))
        return
    if not scenarios:
        problem = f"{file}: there is no scenario in it: no document begins with `scenario:`"
        yield Unreadable(str(file), problem)
    for scenario in scenarios:
        yield _run_one(scenario, new_world)


def _run_one(scenario: Scenario, new_world: Callable[[], World]) -> Result:
    try:
        return run_scenario(scenario, new_world)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        problem = f"{type(error).__name__}: {error}; a mistake in Unless, {DEBUG}=1 shows where"
        return Result(scenario, (problem,))


def _print_json(result: Result | Unreadable) -> None:
    if isinstance(result, Unreadable):
        row: dict[str, Any] = {"file": result.file, "passed": False, "problems": [result.problem]}
    else:
        scenario, comparison = result.scenario, result.comparison
        row = {
            "file": scenario.file,
            "line": scenario.line,
            "scenario": scenario.name,
            "passed": result.passed,
            "problems": list(result.problems),
            "missing": [_written(row) for row in comparison.missing] if comparison else [],
            "extra": list(comparison.extra) if comparison else [],
        }
    sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _written(row: Row) -> dict[str, Any]:
    return {
        key: instant_text(cell) if isinstance(cell, datetime) else cell for key, cell in row.items()
    }


def _show(console: Console, result: Result | Unreadable) -> None:
    if isinstance(result, Unreadable):
        console.print(Text.assemble(("✗ ", "red"), result.problem))
        return
    name = result.scenario.name
    if result.passed:
        console.print(Text.assemble(("✓ ", "green"), name))
        return
    where = f"  {result.scenario.file}:{result.scenario.line}"
    console.print(Text.assemble(("✗ ", "red"), (name, "bold"), (where, "dim")))
    for problem in result.problems:
        console.print(Text(f"    {problem}"))
    if result.comparison:
        _show_difference(console, result.comparison)


def _show_difference(console: Console, comparison: Comparison) -> None:
    """Show what was missing beside what came instead, then what has no counterpart."""
    extra = list(comparison.extra)
    for row in comparison.missing:
        instead = _most_alike(row, extra)
        if instead is None:
            console.print(Text("    expected, and did not come:", "red"))
            columns(console, _side_by_side(row, None))
        else:
            extra.remove(instead)
            console.print(Text("    expected one thing, and another came:", "red"))
            columns(console, _side_by_side(row, instead))
    for record in extra:
        console.print(Text("    came, and was not expected:", "red"))
        columns(console, _side_by_side(None, record))


def _most_alike(row: Row, records: Sequence[Row]) -> Row | None:
    """Return the record that differs least, of those about the same user and definition."""
    same = [
        record
        for record in records
        if all(row.get(key) in (None, record.get(key)) for key in ("user", "campaign", "journey"))
    ]

    def agreeing(record: Row) -> int:
        return sum(key in record and matches(cell, record[key]) for key, cell in row.items())

    return max(same, key=agreeing, default=None)


def _side_by_side(row: Row | None, record: Row | None) -> Iterator[tuple[Text | str, ...]]:
    """Yield a line for each field: its name, what was expected, what came."""
    keys = dict.fromkeys((*FIELDS, *(row or {}), *(record or {})))
    if row is not None and record is not None:
        yield "     ", Text("field", "dim"), Text("expected", "dim"), "", Text("came", "dim")
    for key in keys:
        if key == "send" and key not in (row or {}):
            continue
        if row is None or record is None:
            only = row if row is not None else record
            if only and key in only and not (key == "detail" and not only[key]):
                yield "     ", Text(key, "dim"), _cell(key, only[key], None)
            continue
        if key not in row and key not in record:
            continue
        differs = key in row and not (key in record and matches(row[key], record[key]))
        yield (
            "     ",
            Text(key, "dim"),
            Text(_cell(key, row.get(key), ""), "green" if differs else ""),
            Text("≠", "red") if differs else "",
            Text(_cell(key, record.get(key), "-"), "red" if differs else ""),
        )


def _cell(key: str, cell: object, missing: str | None) -> str:
    if cell is None and missing is not None:
        return missing
    if isinstance(cell, datetime):
        return instant_text(cell.astimezone(UTC))
    return value(cell) if key != "detail" else json.dumps(cell, ensure_ascii=False, default=str)
