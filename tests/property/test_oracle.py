"""
The engine and an independent reading of SPEC agree, on the shared scenarios and on random ones.

More, and others:
`UNLESS_ORACLE_SCENARIOS=100000 UNLESS_ORACLE_SEED=7 pytest -n 2 tests/property/test_oracle.py`
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.property.oracle.comparison import Refused, differences, shrink
from tests.property.oracle.generator import Generator
from tests.property.oracle.oracle import Oracle
from tests.property.oracle.plain import covered, read
from unless.sim.expectations import compare

RANDOM = int(os.environ.get("UNLESS_ORACLE_SCENARIOS", "1500"))
"""How many random scenarios are tried."""

FIRST_SEED = int(os.environ.get("UNLESS_ORACLE_SEED", "0"))
BATCH = 50
QUICK = 300
"""How many of them are also tried where only quick tests are run."""

BATCHES = [
    pytest.param(first, marks=[] if first < FIRST_SEED + QUICK else pytest.mark.slow)
    for first in range(FIRST_SEED, FIRST_SEED + RANDOM, BATCH)
]
REFUSED_MAX = 0.2
"""Largest share of random scenarios that `unless check` may refuse; more would test nothing."""

SHARED = [
    scenario
    for path in sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))
    for scenario in read(path)
    if scenario["expect"] and covered(scenario)
]


@pytest.mark.parametrize("scenario", SHARED, ids=lambda scenario: scenario["scenario"][:40])
def test_the_oracle_agrees_with_the_shared_scenarios(scenario: Mapping[str, Any]) -> None:
    """Every scenario that uses only what the oracle knows ends as it says."""
    oracle = Oracle(scenario).run()
    expected = [
        {key: value for key, value in row.items() if key not in ("detail", "send")}
        for row in scenario["expect"]
    ]
    found = compare(expected, _written(oracle.records), _written(oracle.pending()))
    assert found.equal, found


def _written(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with instants as text, as decision records have them."""
    times = [{key: row[key].isoformat() for key in ("at", "due") if row.get(key)} for row in rows]
    return [row | texts for row, texts in zip(rows, times, strict=True)]


@pytest.mark.parametrize("first", BATCHES)
def test_the_engine_agrees_with_the_oracle_on_random_scenarios(first: int) -> None:
    """The same terminal records and the same sends pending, whatever happens."""
    refused = 0
    for seed in range(first, first + BATCH):
        scenario = Generator(seed).scenario()
        try:
            found = differences(scenario)
        except Refused:
            refused += 1
            continue
        if found:
            small = shrink(scenario)
            plain = json.loads(json.dumps(small))  # without anchors for what is shared
            text = yaml.safe_dump(plain, sort_keys=False, width=100)
            pytest.fail("\n".join([f"seed {seed}", *differences(small), text]), pytrace=False)
    assert refused <= REFUSED_MAX * BATCH
