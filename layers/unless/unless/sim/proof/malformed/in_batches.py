"""
Broken messages through `Evaluate`, in a batch with sound ones, which they must not touch.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count

from unless.app.evaluate import Evaluate
from unless.app.messages import Incoming
from unless.engine.definitions import Definitions
from unless.engine.model import DueItem, UserState
from unless.events.rejection import RejectReason
from unless.sim.faults.memory.ledger import MemoryLedger
from unless.sim.faults.memory.quarantine import MemoryQuarantine
from unless.sim.faults.memory.store import MemoryStore
from unless.sim.proof.malformed.definitions import nasty_definitions
from unless.sim.proof.malformed.sound import ARRIVED, app_envelope

BATCH = 10
"""Messages of one invocation (template.yaml); every other one is sound."""

NEIGHBOUR = "neighbour"


class _Published:
    """`unless.app.ports.DefinitionsSource`: always the same."""

    def current(self, now: datetime) -> Definitions:
        """Return them."""
        del now
        return nasty_definitions()

    fresh = current

    def covering(self, definitions: Definitions, state: UserState) -> Definitions:
        """Return them: there is one version of everything."""
        del state
        return definitions


class _Silent:
    """`unless.app.ports.Timers` that never ring."""

    def ensure(self, item: DueItem, now: datetime) -> None:
        """Do nothing."""

    def cancel(self, item: DueItem) -> bool:
        """Do nothing, well."""
        del item
        return True


def wrong_in_batch(bodies: Sequence[str | bytes]) -> Iterator[str]:
    """
    Yield what went wrong in one invocation with these messages, and sound ones between them.

    Each one has to be taken in, ignored, or put in quarantine with a reason; none comes back.
    """
    store, quarantine = MemoryStore(), MemoryQuarantine()
    evaluate = Evaluate(
        store=store,
        timers=_Silent(),
        ledger=MemoryLedger(),
        definitions=_Published(),
        quarantine=quarantine,
        clock=lambda: ARRIVED,
        pause=lambda _: None,
        users_at_a_time=1,
    )
    messages = list(_messages(bodies))
    report = evaluate.run(messages, lambda: 30.0)
    for name, failure in report.failed.items():
        yield f"the message {name} went back: {failure.why}"
    reasons = {reason.value for reason in RejectReason}
    yield from (f"no reason of the list: {why}" for _, why in quarantine.kept if why not in reasons)
    for place in range(len(bodies)):
        kept = store.load(f"{NEIGHBOUR}-{place}").state.history.get("cart_updated")
        if kept is None or kept.count != 1:
            yield f"neighbour {place} was not taken in once"
    counts = report.counts
    done = counts["applied"] + counts["ignored"] + counts["quarantined"] + counts["duplicates"]
    confirmed = sum(1 for name in counts if name.startswith("confirm"))
    if done != len(messages) and not confirmed:
        yield f"{len(messages)} messages, of which {done} are accounted for: {dict(counts)}"


def _messages(bodies: Sequence[str | bytes]) -> Iterator[Incoming]:
    numbers = count()
    for place, body in enumerate(bodies):
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        yield Incoming(f"broken-{next(numbers)}", text, ARRIVED)
        sound = app_envelope()
        sound["detail"] |= {"user_id": f"{NEIGHBOUR}-{place}", "id": f"{NEIGHBOUR}-{place}"}
        yield Incoming(f"sound-{next(numbers)}", json.dumps(sound), ARRIVED)
