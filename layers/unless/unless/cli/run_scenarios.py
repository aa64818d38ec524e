"""
`unless test`: runs the scenarios of files and folders, and shows what differs from them.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from unless.cli.console import Failure, output
from unless.cli.differences import Row, show_difference
from unless.cli.failures import DEBUG
from unless.cli.scenario_files import scenario_files
from unless.engine.records import instant_text
from unless.sim.runner import Result, run_scenario
from unless.sim.scenario import Scenario, ScenarioError, read_scenarios
from unless.sim.world import PureWorld, World


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file whose scenarios cannot be run as they are written."""

    file: str
    problem: str


def run_all(paths: Sequence[Path], through: str | None, *, as_json: bool) -> bool:
    """Run every scenario under the paths and return whether all passed."""
    files = [*scenario_files(paths)]
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
            "Install it with `make setup`, or pip install -e '.[through-aws]', in the checkout",
        ) from missing
    with moto_cloud() as cloud:
        yield lambda: AwsWorld(cloud)


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
    except ScenarioError as error:
        return Result(scenario, (str(error),))
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
        show_difference(console, result.comparison, result.records)
