"""
I7 of e-mails that had no clear answer: what SES says of them later stands in their record (K3).
"""

from collections.abc import Iterator

from unless.engine.records import Reason
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim


def confirmed_in_place(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the records of unclear sends that SES has told of, and that say nothing of it."""
    del claims
    told = pipeline.echoes.confirmed
    for record in pipeline.ports.ledger.kept.values():
        about = f"{record.definition} of {record.event}"
        is_confirmed = "confirmed" in record.detail
        if record.reason is Reason.DELIVERY_UNKNOWN:
            if record.send in told and not is_confirmed:
                sentence = f"{about} is unclear, though SES has told of it"
                yield Breach("I7", record.user, sentence, record.at)
        elif is_confirmed:
            yield Breach("I7", record.user, f"{about} is confirmed, and was clear", record.at)
        if is_confirmed and record.send not in told:
            yield Breach("I7", record.user, f"{about} is confirmed by nobody", record.at)
