"""Experiments divide users by a stable hash: always the same way, in the weights' shares."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from math import sqrt
from typing import Any

import pytest

from tests.unit.engine.deciding import at, defined, event
from unless.engine.decide import decide
from unless.engine.definitions import Definitions
from unless.engine.model import Run, UserState

USERS = 4_000
SIGMAS = 4.5
"""How far a share may be off: once in 150,000 honest runs; the users are fixed, so never or always.
"""


def experiment(journey: str, *weights: int, **body: Any) -> dict[str, Any]:
    """Return a journey in which each path of one experiment waits in a step of its own."""
    paths = [
        {"weight": weight, "steps": [{"delay": {"after": "1d", "id": f"p{n}"}}]}
        for n, weight in enumerate(weights)
    ]
    steps = [{"experiment": {"paths": paths, **body}}, {"exit": True}]
    return {
        "journey": journey,
        "entry": {"trigger": {"event": "go"}},
        "reentry": "always",
        "steps": steps,
    }


def taken(user: str, definitions: Definitions, seconds: int = 0) -> Mapping[str, str]:
    """Return the path that an entry of the user takes, by journey."""
    entry = replace(event("go", seconds), user=user)
    state = decide(UserState(user), entry, definitions, at(seconds)).state
    runs = [item for item in state.pending.values() if isinstance(item, Run)]
    return {run.definition: run.place for run in runs}


@pytest.mark.parametrize("weights", [(50, 50), (1, 2, 7), (90, 10)])
def test_the_shares_are_those_of_the_weights(weights: tuple[int, ...]) -> None:
    """Of many users each path gets its share, within the error of chance."""
    definitions = defined(experiment("v", *weights))
    counts = Counter(taken(f"user-{n}", definitions)["v"] for n in range(USERS))
    for path, weight in enumerate(weights):
        share = weight / sum(weights)
        error = SIGMAS * sqrt(USERS * share * (1 - share))
        assert abs(counts[f"0.paths.{path}.0"] - USERS * share) <= error


def test_a_user_takes_the_same_path_at_every_entry() -> None:
    """The path is a function of the user and the journey, not of the entry."""
    definitions = defined(experiment("v", 50, 50))
    for n in range(200):
        entries = {taken(f"user-{n}", definitions, seconds)["v"] for seconds in (0, 5, 100_000)}
        assert len(entries) == 1


def test_two_journeys_divide_users_independently() -> None:
    """Who is in the first path of one journey is as likely as others in that of another."""
    definitions = defined(experiment("v", 50, 50), experiment("w", 50, 50))
    both = Counter(tuple(sorted(taken(f"user-{n}", definitions).items())) for n in range(USERS))
    assert len(both) == 4
    error = SIGMAS * sqrt(USERS * 0.25 * 0.75)
    assert all(abs(count - USERS / 4) <= error for count in both.values())


def test_an_id_keeps_the_assignment_when_steps_are_put_before_it() -> None:
    """An experiment is known by its id: an edit around it leaves everyone where they are."""
    plain = experiment("v", 50, 50, id="test")
    moved = {**plain, "steps": [{"update": {"attributes": {"seen": True}}}, *plain["steps"]]}
    before, after = defined(plain), defined(moved)
    for n in range(200):
        old, new = taken(f"user-{n}", before)["v"], taken(f"user-{n}", after)["v"]
        assert new == old.replace("0.", "1.", 1)
