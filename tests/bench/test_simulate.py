"""
`unless simulate` with the example workspace, as it is typed, in a fresh process.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
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

MILLION = "MILLION"
"""Set to anything, a million events are played as well: minutes of work (`make bench-million`)."""

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

HEADING = """\
SIMULATE: `unless simulate --workspace campaigns` on generated events of ten days, with a line
printed for each decision. CPU time of the whole process, start included; beside it a process that
only reads the file with json.loads. Shuffled events are sorted on disk first."""


@dataclass(frozen=True)
class Input:
    """A file of events: how many, of how many users, and whether they stand as they happened."""

    events: int
    users: int
    shuffled: bool = False
    rounds: int = 1
    large: bool = False

    def __str__(self) -> str:
        """Return how the report names it."""
        order = ", shuffled" if self.shuffled else ""
        return f"{self.events:,} events of {self.users:,} users{order}"


INPUTS = (
    Input(10_000, 1_000, rounds=3),
    Input(100_000, 10_000),
    Input(100_000, 10_000, shuffled=True),
    Input(100_000, 1_000),
    Input(1_000_000, 100_000, large=True),
    Input(1_000_000, 10_000, large=True),
)


def write_events(file: Path, given: Input) -> None:
    """Write the events, the same ones every time."""
    chance = Random(given.events)
    events: Iterator[str] = (
        json.dumps(_event(chance, number, given)) + "\n" for number in range(given.events)
    )
    if given.shuffled:
        events = iter(Random(0).sample(list(events), given.events))
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(events)


def _event(chance: Random, number: int, given: Input) -> dict[str, Any]:
    return {
        "user": f"u-{chance.randrange(given.users)}",
        "event": chance.choice(NAMES),
        "id": f"e-{number}",
        "time": (BEGIN + DAYS * number / given.events).isoformat(),
        "properties": {
            "cart_id": f"c-{chance.randrange(3)}",
            "cart_value": chance.randrange(300),
            "product_id": chance.choice(PRODUCTS),
        },
        "attributes": {"country": chance.choice(["FR", "BE", "US"])},
    }


@pytest.mark.parametrize("given", INPUTS, ids=str)
def test_simulating(
    benchmark: BenchmarkFixture, report: Report, tmp_path: Path, given: Input
) -> None:
    """All events are played."""
    if given.large and MILLION not in os.environ:
        pytest.skip("takes minutes: make bench-million")
    file, printed = tmp_path / "events.jsonl", tmp_path / "printed.txt"
    write_events(file, given)
    simulate = "from unless.cli import main; main()"
    command = [*python(simulate), "simulate", "--workspace", str(WORKSPACE), str(file)]
    variables = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)}
    used: list[Used] = []
    reading: list[Used] = []

    def play() -> None:
        reading.append(run([*python(READ_ONLY), str(file)], variables))
        used.append(run(command, variables, str(printed)))

    repeat(benchmark, play, rounds=given.rounds)
    text = printed.read_text(encoding="utf-8")
    count = given.events
    assert f"{count:,} events of " in text
    decisions = len(re.findall(r"^2026-", text, re.MULTILINE))
    entries = len(re.findall(r"^2026-.*\bentered\b", text, re.MULTILINE))
    assert entries > given.users / 10
    cpu, peak = median(each.cpu for each in used), max(each.peak for each in used)
    report.add(
        HEADING,
        {
            "": str(given),
            "lines printed": f"{decisions:,}",
            "runs": f"{entries:,}",
            "CPU time": span(cpu),
            "events a second": f"{count / cpu:,.0f}",
            "per event": span(cpu / count),
            "to reading": times(cpu / median(each.cpu for each in reading)),
            "peak memory": mebibytes(peak),
        },
    )
