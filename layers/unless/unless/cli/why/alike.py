"""
Decisions that are alike and follow each other, gathered: the same event refused again and again.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby

from unless.cli.why.matters import Matter
from unless.engine.records import Outcome

GATHERED_MIN = 3
"""From how many in a row on decisions that are alike are told as one."""


@dataclass(frozen=True, slots=True)
class Alike:
    """The newest of some decisions, and how many older ones say the same; `oldest` is the last."""

    newest: Matter
    more: int = 0
    oldest: Matter | None = None


def gathered(decided: Sequence[Matter]) -> list[Alike]:
    """Return the decisions, newest first, those in a row that refuse for the same reason as one."""
    found: list[Alike] = []
    for _, group in groupby(decided, key=_likeness):
        several = list(group)
        if len(several) >= GATHERED_MIN:
            found.append(Alike(several[0], len(several) - 1, several[-1]))
        else:
            found += map(Alike, several)
    return found


def _likeness(matter: Matter) -> Hashable:
    """Return what decisions that are alike have in common; what ended otherwise stands alone."""
    closing = matter.closing
    if matter.after or closing is None or closing.outcome is not Outcome.SKIPPED:
        return matter.subject
    clause = tuple(str(closing.detail.get(key)) for key in ("path", "op", "expected"))
    return (closing.kind, closing.definition, closing.reason, clause)
