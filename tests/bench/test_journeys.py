"""
What a run of ten steps costs from its entry to its end, beside a campaign's send of the same bench.

Calls and records are compared before anything is timed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from time import process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.bench.flows import BATCH, CAMPAIGNS, Stage, stage
from tests.bench.instant_aws import Call, make
from tests.bench.plays import (
    MESSAGES,
    RUN,
    SEND,
    STEPS,
    Script,
    begin,
    decisions,
    publish_journey,
    rehearse,
    replay,
)
from tests.bench.report import Report, span, times
from tests.bench.test_batches import items_written, records_kept
from tests.bench.turns import in_turn
from unless.app.users import USERS_AT_A_TIME
from unless.aws.clients import Clients

ROUNDS = 12
ONCE_A_BATCH = ("dynamodb.BatchWriteItem", "dynamodb.GetItem")

HEADING = f"""\
WHOLE LIVES: CPU time from the first event to the end, for each of {BATCH} users of one batch,
{CAMPAIGNS:,} campaigns live, AWS as above. "a run": three delays, a split, a wait that an event
ends, an update, four messages. "to a send": against a whole send, played in turn with it."""


@dataclass(frozen=True)
class Life:
    """What happens, in how many steps; `calls` are those for each user, `records` as well."""

    what: str
    script: Script
    steps: int
    calls: dict[str, int]
    records: int


LIVES = (
    Life(
        "a campaign's send",
        SEND,
        1,
        {
            "dynamodb.Query": 2,
            "dynamodb.TransactWriteItems": 3,
            "scheduler.CreateSchedule": 1,
            "events.PutEvents": 1,
        },
        records=2,
    ),
    Life(
        f"a run of {STEPS} steps",
        RUN,
        STEPS,
        {
            "dynamodb.Query": 9,
            "dynamodb.TransactWriteItems": 9 + MESSAGES,
            "scheduler.CreateSchedule": 4,
            "scheduler.DeleteSchedule": 1,
            "sqs.SendMessage": MESSAGES,
            "events.PutEvents": MESSAGES,
        },
        records=1 + MESSAGES + 1,
    ),
)


@pytest.fixture(scope="module")
def published() -> Iterator[Stage]:
    """Functions with everything published."""
    with stage() as made:
        publish_journey(made)
        yield made


@pytest.fixture
def live(published: Stage) -> Iterator[Stage]:
    """The same, with ten users of whom nothing but the profile is known."""
    empty = published.account.remember()
    begin(published)
    yield published
    empty()


@pytest.mark.benchmark(timer=process_time)
@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.what)
def test_a_life(benchmark: BenchmarkFixture, report: Report, live: Stage, life: Life) -> None:
    """Each step costs what a send does, and walking from step to step next to nothing."""
    restore = live.account.remember()
    life_again = rehearse(live, life.script)
    restore()
    send_again = rehearse(live, SEND)
    restore()
    decided = decisions(live, life_again)
    with live.account.listening() as calls:
        replay(live, life_again)
    assert per_user(calls) == life.calls
    assert records_kept(calls) == decided() == BATCH * life.records
    bare = Clients(live.account.session)

    turns = in_turn(
        benchmark,
        lambda: replay(live, life_again),
        rounds=ROUNDS,
        before_each=restore,
        calls_alone=lambda: make(calls, bare, USERS_AT_A_TIME),
        decisions_alone=decided,
        a_send=lambda: replay(live, send_again),
    )
    report.add(
        HEADING,
        {
            "": life.what,
            "AWS calls": f"{len(calls) / BATCH:.1f}",
            "items written": f"{items_written(calls) / BATCH:.1f}",
            "whole functions": span(turns.seconds / BATCH),
            "per step": span(turns.seconds / BATCH / life.steps),
            "to a send": times(turns.ratio("a_send")),
            "per step to a send": times(turns.ratio("a_send") / life.steps),
            "whole to calls": times(turns.ratio("calls_alone")),
            "decisions alone": span(turns.baseline("decisions_alone") / BATCH),
        },
    )


def per_user(calls: list[Call]) -> dict[str, float]:
    """Return how many of each call there are per user, without those once a batch."""
    counts = Counter(map(str, calls))
    return {name: n / BATCH for name, n in counts.items() if name not in ONCE_A_BATCH}
