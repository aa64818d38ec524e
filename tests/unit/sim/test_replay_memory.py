"""A replay's memory: it follows users and what is on its way, not how many events there are."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.bench.processes import python, run
from unless.definitions.checks import check
from unless.definitions.documents import Document
from unless.engine.model import UserEvent
from unless.engine.records import Outcome
from unless.sim.replay import replay
from unless.sim.world import LONG_AGO, PureWorld

BEGIN = datetime(2026, 2, 2, tzinfo=UTC)
CART = {
    "campaign": "cart",
    "trigger": {"event": "cart_updated"},
    "delay": {"after": "2h"},
    "unless": [{"event": "purchase"}],
    "reeligible": "always",
}

PLAY = """
import sys
sys.path[:0] = [sys.argv[1]]
from tests.unit.sim.test_replay_memory import events, world
from unless.sim.replay import replay
print(sum(len(step.records) for step in replay(world(), events(int(sys.argv[2])))))
"""


def world() -> PureWorld:
    """A world with a campaign that each further cart starts anew."""
    made = PureWorld()
    made.publish(check([Document(CART)]), LONG_AGO, first=True)
    return made


def events(count: int) -> Iterator[UserEvent]:
    """So many events of a hundred users, ten minutes apart: every third one is a purchase."""
    chance = Random(1)
    for number in range(count):
        at = BEGIN + timedelta(minutes=10 * number)
        name = "cart_updated" if number % 3 else "purchase"
        yield UserEvent(
            f"e-{number}", f"u-{chance.randrange(100)}", name, at, at, root=f"e{number}"
        )


def test_steps_hold_all_records_and_the_world_none() -> None:
    """Each record is in the step in which it was made, once; nothing is kept behind them."""
    played = world()
    records = [record for step in replay(played, events(900)) for record in step.records]
    assert played.records() == []
    ended = sum(record.outcome in (Outcome.SENT, Outcome.CANCELLED) for record in records)
    begun = sum(record.outcome is Outcome.SCHEDULED for record in records)
    assert begun == ended == 600


@pytest.mark.slow
def test_many_times_the_events_take_no_more_memory(tmp_path: Path) -> None:
    """Months of the same users' events need about as much as the first weeks."""
    root = str(Path(__file__).resolve().parents[3])
    variables = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)}
    few, many = (
        run([*python(PLAY), root, str(count)], variables, str(tmp_path / "out")).peak
        for count in (3_000, 20_000)
    )
    assert many < few + 6 * 2**20
