"""
Deliver stands still for some minutes, and then has to do with all that fell due meanwhile.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.proof.on_aws.stage import Stage
from tests.proof.on_aws.workspace import publish

MAX_LATENESS, USUAL = "90s", "1h"
"""
How late a message may be: less than the outage lasts, so that some is too late after it.
"""

RECOVERY_SECONDS_MAX = 900.0
"""How long after an outage all must be at rest again (DESIGN, I2: 15 min)."""


@contextmanager
def outage(stage: Stage, seconds: float, tell: Callable[[str], None]) -> Iterator[Counter[str]]:
    """Take no due notice off its queue while the block lasts and until so many seconds are over."""
    begun = time.monotonic()
    publish(stage.app, MAX_LATENESS)
    _let_deliver(stage, work=False)
    try:
        yield Counter({"seconds without deliver": int(seconds)})
        tell("deliver stands still")
        time.sleep(max(0.0, begun + seconds - time.monotonic()))
    finally:
        _let_deliver(stage, work=True)


def heal(stage: Stage) -> None:
    """Let messages be as late again as they usually may."""
    publish(stage.app, USUAL)


def _let_deliver(stage: Stage, *, work: bool) -> None:
    functions = stage.aws.client("lambda")
    name = stage.aws.outputs["DeliverFunctionName"]
    found = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    for mapping in found:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=work)
