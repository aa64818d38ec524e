"""
What a cold start has to import: each function in a fresh process, beside the bare interpreter.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.bench.processes import Used, python, run
from tests.bench.report import Report, mebibytes, span, times
from tests.bench.turns import repeat

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ("evaluate", "deliver", "sweep")
ROUNDS = 7
SHOWN_MAX = 10

LIBRARIES = (
    "import botocore.session, aws_lambda_powertools.logging, aws_lambda_powertools.metrics, re2\n"
    "from pydantic import BaseModel, TypeAdapter"
)

HEADING = f"""\
IMPORTS: CPU time until a fresh process has imported a function, median of {ROUNDS}, all in turn.
"no bytecode": the packages, but not Python's own library, are compiled on the way, as on Lambda,
where what is imported lies in a read-only folder, when they are deployed without __pycache__."""

WEIGHTS = f"""\
WHAT THE IMPORT OF evaluate CONSISTS OF: wall time by `python -X importtime`, median of {ROUNDS},
bytecode there; the largest {SHOWN_MAX} parts."""

_IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


@pytest.fixture(scope="module")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bytecode of everything that is imported here, and of no more."""
    folder = tmp_path_factory.mktemp("bytecode")
    for name in FUNCTIONS:
        run(python("import app"), environment(name, folder, write=True))
    return folder


@pytest.fixture(scope="module")
def own_library_only(bytecode: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bytecode of Python's own library alone."""
    folder = tmp_path_factory.mktemp("library") / "bytecode"
    shutil.copytree(bytecode, folder)
    for packages in (sysconfig.get_path("purelib"), str(ROOT)):
        shutil.rmtree(folder.joinpath(*Path(packages).parts[1:]), ignore_errors=True)
    return folder


def environment(function: str, bytecode: Path, *, write: bool = False) -> dict[str, str]:
    """Return variables by which `import app` finds the function, and bytecode in that folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT / "functions" / function),
        "PYTHONPYCACHEPREFIX": str(bytecode),
        **({} if write else {"PYTHONDONTWRITEBYTECODE": "1"}),
    }


def measuring(code: str, bytecode: Path, function: str = "evaluate") -> Callable[[], Used]:
    """Return what runs the code in a fresh process that has this bytecode."""
    variables = environment(function, bytecode)
    return lambda: run(python(code), variables)


def test_importing_the_functions(
    benchmark: BenchmarkFixture, report: Report, bytecode: Path, own_library_only: Path
) -> None:
    """Each function is imported in a fresh process."""
    cases = {
        "bare": measuring("pass", bytecode),
        "libraries": measuring(LIBRARIES, bytecode),
        **{name: measuring("import app", bytecode, name) for name in FUNCTIONS},
        **{f"{name} -": measuring("import app", own_library_only, name) for name in FUNCTIONS},
    }
    used: dict[str, list[Used]] = defaultdict(list)

    def in_turn() -> None:
        for name, measure in cases.items():
            used[name].append(measure())

    repeat(benchmark, in_turn, rounds=ROUNDS)
    cpu = {name: median(each.cpu for each in all_) for name, all_ in used.items()}
    for name in FUNCTIONS:
        report.add(
            HEADING,
            {
                "": name,
                "bare interpreter": span(cpu["bare"]),
                "its libraries": span(cpu["libraries"]),
                "function": span(cpu[name]),
                "to libraries": times(cpu[name] / cpu["libraries"]),
                "no bytecode": span(cpu[f"{name} -"]),
                "to with": times(cpu[f"{name} -"] / cpu[name]),
                "peak memory": mebibytes(median(each.peak for each in used[name])),
            },
        )


def test_what_an_import_consists_of(
    benchmark: BenchmarkFixture, report: Report, bytecode: Path
) -> None:
    """The parts of an import are told apart by package."""
    command = [sys.executable, "-X", "importtime", "-c", "import app"]
    runs: list[dict[str, float]] = []

    def weigh() -> None:
        told = subprocess.run(
            command,
            env=environment("evaluate", bytecode),
            check=True,
            capture_output=True,
            text=True,
        )
        runs.append(_by_part(told.stderr))

    repeat(benchmark, weigh, rounds=ROUNDS)
    parts = {part: median(each[part] for each in runs) for part in runs[0]}
    whole = sum(parts.values())
    for part in sorted(parts, key=lambda part: -parts[part])[:SHOWN_MAX]:
        report.add(
            WEIGHTS,
            {"": part, "time": span(parts[part]), "share": f"{parts[part] / whole:.0%}"},
        )


def _by_part(told: str) -> dict[str, float]:
    """Return the seconds spent in the modules of each package themselves."""
    seconds: dict[str, float] = defaultdict(float)
    for micros, module in _IMPORTED.findall(told):
        top, *rest = module.split(".")
        if top in sys.stdlib_module_names or top.startswith("_"):
            top = "Python's own library"
        elif top == "unless" and rest:
            top = f"unless.{rest[0]}"
        seconds[top] += int(micros) / 1e6
    return seconds
