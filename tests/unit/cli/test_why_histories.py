"""
Whatever has happened to a user, `unless why` tells it: every scenario, at its end, with its state.
"""

import re
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from tests.unit.cli.why_cases import FILES
from unless.cli.why.page import show
from unless.cli.why.sources import Known
from unless.definitions.checks import Checked, check
from unless.definitions.documents import Document
from unless.sim.runner import START, play
from unless.sim.scenario import Scenario, read_scenarios
from unless.sim.world import PureWorld


def defined(scenario: Scenario) -> Checked:
    """What the scenario defines."""
    around = [{"workspace": scenario.workspace}] if scenario.workspace is not None else []
    return check(map(Document, (*around, *scenario.define)))


SCENARIOS = [
    scenario
    for file in FILES
    for scenario in read_scenarios(file)
    if scenario.expect is not None and scenario.when and defined(scenario).ok
]
"""Those that happen; what some of them define is still to come."""

UNTOLD = re.compile(r"\bNone\b|\{|\}|datetime|timedelta|<[a-zA-Z]+ object")
"""What no sentence holds: a value that was not put into words."""

EXAMPLES = re.compile(r"`\{after: \dd\}`")
"""What an advice shows of YAML."""


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_history_is_told_in_words(scenario: Scenario) -> None:
    """Each decision and all that is pending has its place, and no value is left as code."""
    world = PureWorld()
    play(scenario, defined(scenario), world)
    now = max([row.at for row in scenario.when], default=START) + timedelta(seconds=1)
    for user, state in world.users.items():
        own = [record for record in world.records() if record.user == user]
        pending = tuple(state.pending.values())
        records = tuple(sorted(own, key=lambda record: record.at)[::-1])
        known = Known(user, "here", records, pending, state, world.definitions, now)
        shown = StringIO()
        console = Console(file=shown, width=4000, highlight=False, markup=False)
        show(console, known, 0)
        text = shown.getvalue()
        for record in records:
            assert record.event in text
            assert record.reason is None or f"`{record.reason}`" in text
        assert all(item.event in text for item in pending)
        assert UNTOLD.search(EXAMPLES.sub("", text)) is None, text
