"""Events played through definitions as they are written, for tests of what comes of a replay."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from unless.definitions.checks import Checked, check
from unless.definitions.documents import Document
from unless.engine.model import UserEvent
from unless.sim.replay import replay
from unless.sim.report import Report
from unless.sim.world import PureWorld

NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)
START = datetime(1970, 1, 1, tzinfo=UTC)

CART = {
    "campaign": "cart",
    "trigger": {"event": "cart_updated"},
    "delay": {"after": "1h"},
    "unless": [{"event": "purchase", "match": "cart_id"}],
}


NAMES = ("cart_updated",) * 4 + ("purchase", "session_start", "registered")
"""What happens in a random history, the commoner the more often."""


def happens(name: str, minutes: float, user: str = "ana", **more: Any) -> UserEvent:
    """Return an event so many minutes after noon; its properties are those of cart `c`."""
    at = NOON + timedelta(minutes=minutes)
    properties = {"cart_id": "c", **more.pop("properties", {})}
    name_and_time = f"{name}-{user}-{minutes:g}"
    return UserEvent(name_and_time, user, name, at, at, properties, root=name_and_time, **more)


def history(seed: int) -> list[UserEvent]:
    """Two hundred events of six users in two days, with three carts."""
    chance = Random(seed)
    minutes = sorted(chance.sample(range(2 * 24 * 60), 200))
    return [
        happens(
            chance.choice(NAMES),
            minute,
            f"u-{chance.randrange(6)}",
            properties={"cart_id": chance.choice("abc")},
        )
        for minute in minutes
    ]


def checked(*documents: dict[str, Any]) -> Checked:
    """Return definitions that have no errors."""
    judged = check([Document(document) for document in documents])
    assert judged.ok, judged.issues
    return judged


def world_of(*documents: dict[str, Any]) -> PureWorld:
    """Return a world in which these are published."""
    world = PureWorld()
    world.publish(checked(*documents), START, first=True)
    return world


def reported(world: PureWorld, events: Sequence[UserEvent]) -> Report:
    """Return what playing the events came to."""
    report = Report()
    for step in replay(world, sorted(events, key=lambda event: event.time)):
        report.take(step, world)
    return report
