"""
The claims of a history: the commits by which a message was taken for dispatch.
"""

from dataclasses import dataclass

from unless.engine.claims import Outgoing, outgoing_of
from unless.engine.definitions import Definitions
from unless.engine.model import DueItem, DueStatus
from unless.sim.faults.observed import Commit
from unless.sim.faults.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One claim: the item as it was before it, and its message.

    `again` says that it took over a claim whose lease had passed.
    """

    commit: Commit
    item: DueItem
    outgoing: Outgoing
    definitions: Definitions
    again: bool


def claims_of(pipeline: Pipeline) -> list[Claim]:
    """Return all claims in the order in which they were committed."""
    return [claim for c in pipeline.observed.commits if c.changed for claim in _claims_in(c)]


def _claims_in(commit: Commit) -> list[Claim]:
    if not commit.way:
        return []
    definitions = commit.way[-1].definitions
    found = []
    for name, item in commit.after.pending.items():
        was = commit.before.state.pending.get(name)
        if item.status is not DueStatus.CLAIMED or (
            was is not None
            and was.status is DueStatus.CLAIMED
            and was.lease_until == item.lease_until
        ):
            continue
        outgoing = outgoing_of(item, definitions)
        if outgoing is not None:
            before = was if was is not None else item
            again = before.status is DueStatus.CLAIMED
            found.append(Claim(commit, before, outgoing, definitions, again))
    return found
