"""
`unless simulate` with the example workspace, as it is typed, in a fresh process.
"""

import json
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.bench.processes import Used, python, run
from tests.bench.report import Report, mebibytes, span, times
from tests.bench.turns import repeat

WORKSPACE = Path(__file__).resolve().parents[2] / "campaigns"
BEGIN = datetime(2026, 2, 2, tzinfo=UTC)
DAYS = timedelta(days=10)
EVENTS_OF_A_USER = 10

NAMES = (
    *("page_viewed",) * 5,
    *("session_start",) * 2,
    *("cart_updated",) * 2,
    "purchase",
    "product_viewed",
    "registered",
)
"""What happens in a shop, the commoner the more often; the last two let people enter journeys."""

PRODUCTS = ("backpack-example", "mug", "socks")

READ_ONLY = "import json, sys\nfor line in open(sys.argv[1], encoding='utf-8'): json.loads(line)"

HEADING = f"""\
SIMULATE: `unless simulate --workspace campaigns` on generated events, {EVENTS_OF_A_USER} of each
user in ten days, with a line printed for each decision. CPU time of the whole process, start
included; beside it a process that only reads the file with json.loads."""


def write_events(file: Path, count: int) -> None:
    """Write so many events, the same ones every time."""
    chance = Random(count)
    with file.open("w", encoding="utf-8") as lines:
        for number in range(count):
            lines.write(json.dumps(_event(chance, number, count)) + "\n")


def _event(chance: Random, number: int, count: int) -> dict[str, Any]:
    return {
        "user": f"u-{chance.randrange(count // EVENTS_OF_A_USER)}",
        "event": chance.choice(NAMES),
        "id": f"e-{number}",
        "time": (BEGIN + DAYS * number / count).isoformat(),
        "properties": {
            "cart_id": f"c-{chance.randrange(3)}",
            "cart_value": chance.randrange(300),
            "product_id": chance.choice(PRODUCTS),
        },
        "attributes": {"country": chance.choice(["FR", "BE", "US"])},
    }


@pytest.mark.parametrize(("count", "rounds"), [(10_000, 3), (100_000, 1)])
def test_simulating(
    benchmark: BenchmarkFixture, report: Report, tmp_path: Path, count: int, rounds: int
) -> None:
    """All events are played."""
    file, printed = tmp_path / "events.jsonl", tmp_path / "printed.txt"
    write_events(file, count)
    simulate = "from unless.cli import main; main()"
    command = [*python(simulate), "simulate", "--workspace", str(WORKSPACE), str(file)]
    variables = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)}
    used: list[Used] = []
    reading: list[Used] = []

    def play() -> None:
        reading.append(run([*python(READ_ONLY), str(file)], variables))
        used.append(run(command, variables, str(printed)))

    repeat(benchmark, play, rounds=rounds)
    text = printed.read_text(encoding="utf-8")
    assert f"{count:,} events of " in text
    decisions = len(re.findall(r"^2026-", text, re.MULTILINE))
    entries = len(re.findall(r"^2026-.*\bentered\b", text, re.MULTILINE))
    assert entries > count / 100
    cpu, peak = median(each.cpu for each in used), max(each.peak for each in used)
    report.add(
        HEADING,
        {
            "": f"{count:,} events",
            "lines printed": f"{decisions:,}",
            "runs": f"{entries:,}",
            "CPU time": span(cpu),
            "events a second": f"{count / cpu:,.0f}",
            "per event": span(cpu / count),
            "to reading": times(cpu / median(each.cpu for each in reading)),
            "peak memory": mebibytes(peak),
        },
    )
