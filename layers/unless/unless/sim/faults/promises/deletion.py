"""
I9: after a user is deleted there is no claim, no attribute, no record of content.
"""

from collections.abc import Iterator
from datetime import datetime

from unless.engine.decision import DeleteUser
from unless.engine.records import Reason
from unless.sim.faults.observed import Commit
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim


def deleted_stay_deleted(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield what was claimed or is left of users who were deleted."""
    for commit in pipeline.observed.commits:
        for decided in commit.way or () if commit.changed else ():
            if isinstance(decided.what, DeleteUser):
                user, at = decided.what.user, decided.now
                yield from _claimed(claims, commit, at)
                if commit.process.name.partition("/")[0] in pipeline.observed.deletions:
                    yield from _left(pipeline, user, at)


def _claimed(claims: list[Claim], deletion: Commit, at: datetime) -> Iterator[Breach]:
    for claim in claims:
        is_after = claim.commit.number > deletion.number
        if claim.item.user == deletion.after.user and is_after and claim.item.triggered_at < at:
            sentence = f"{claim.item.definition} of {claim.item.event} was claimed after that"
            yield Breach("I9", claim.item.user, sentence, claim.commit.at)


def _left(pipeline: Pipeline, user: str, at: datetime) -> Iterator[Breach]:
    state = pipeline.ports.store.load(user).state
    for name, attribute in state.attributes.items():
        if attribute.time < at:
            yield Breach("I9", user, f"the attribute {name} of {attribute.time} is there")
    for name, marker in pipeline.ports.store.markers.get(user, {}).items():
        if marker.at < at:
            yield Breach("I9", user, f"the marker {name} is there")
    for record in pipeline.ports.ledger.kept.values():
        is_theirs = record.user == user and record.at < at
        if not is_theirs or record.reason is Reason.USER_NOT_FOUND:
            continue
        told = f"{record.outcome} {record.definition} of {record.event}"
        yield Breach("I9", user, f"a record is there: {told}", record.at)
