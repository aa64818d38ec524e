"""
I2: at rest nothing is pending but what a pause holds.
"""

from collections.abc import Iterator

from unless.definitions.models import Status
from unless.engine.model import DueStatus
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim


def nothing_waits(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield what is still pending, and what still lies in a queue."""
    del claims
    published = pipeline.ports.snapshots.present.definitions
    for user, loaded in pipeline.ports.store.users.items():
        for item in loaded.state.pending.values():
            known = published.get(item.definition)
            is_paused = known is not None and known.status is Status.PAUSED
            if not (is_paused and item.status is DueStatus.PARKED):
                sentence = (
                    f"{item.definition} of {item.event} is {item.status} for ever, due "
                    f"{item.due:%d %H:%M:%S}, turn {item.turn}"
                )
                yield Breach("I2", user, sentence)
    for name, queue in pipeline.ports.queues.items():
        if not queue.is_empty or queue.dead:
            yield Breach("I2", "", f"there are messages in the queue {name} at rest")
