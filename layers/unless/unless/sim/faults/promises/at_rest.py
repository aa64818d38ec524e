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
    swept = pipeline.history.sweeper
    published = pipeline.ports.snapshots.present.definitions
    for user, loaded in pipeline.ports.store.users.items():
        for item in loaded.state.pending.values():
            known = published.get(item.definition)
            is_paused = known is not None and known.status is Status.PAUSED
            # What is parked is woken by whoever resumes; should that one die, by the sweeper.
            is_held = item.status is DueStatus.PARKED and (is_paused or not swept)
            if not is_held:
                sentence = (
                    f"{item.definition} of {item.event} is {item.status} for ever, due "
                    f"{item.due:%d %H:%M:%S}, turn {item.turn}"
                )
                yield Breach("I2", user, sentence)
    for at, item in pipeline.observed.untimed:
        sentence = f"{item.definition} of {item.event}: its message is done, and it has no timer"
        yield Breach("I2", item.user, sentence, at)
    for name, queue in pipeline.ports.queues.items():
        if not queue.is_empty or queue.dead:
            yield Breach("I2", "", f"there are messages in the queue {name} at rest")
