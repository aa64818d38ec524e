"""
I8: the final state is the fold of `decide` over the user's commits: no update is lost.
"""

from collections.abc import Iterator

from unless.engine.decide import decide
from unless.sim.faults.observed import Decided
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim

FOLDED_EVERY = 8
"""Of so many histories one has every decision made again: it is pure, and takes as long."""


def no_lost_update(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the commits that do not follow from the one before them."""
    del claims
    fold = pipeline.history.seed % FOLDED_EVERY == 0
    for user, final in pipeline.ports.store.users.items():
        state = None
        for commit in pipeline.observed.of_user(user):
            if state is not None and commit.before.state is not state:
                yield Breach("I8", user, "a commit rests on an older state", commit.at)
            if commit.way is None:
                yield Breach("I8", user, "a commit that nothing decided", commit.at)
            elif fold and not all(map(_is_same_again, commit.way)):
                yield Breach("I8", user, "the same decision came out otherwise", commit.at)
            state = commit.after
        if state is not None and final.state is not state:
            yield Breach("I8", user, "the last commit is not what is there")


def _is_same_again(decided: Decided) -> bool:
    again = decide(decided.before, decided.what, decided.definitions, decided.now)
    return again == decided.decision
