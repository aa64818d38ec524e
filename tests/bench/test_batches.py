"""
What a batch of ten costs, from the queue's message to the answer, for each flow.

Beside it, in the same run: the same AWS calls made by a bare client one after the other, and the
decisions alone. Calls and records are compared before anything is timed.
"""

from collections import Counter
from collections.abc import Iterator
from time import process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.bench.flows import BATCH, CAMPAIGNS, FLOWS, Flow, Stage, stage
from tests.bench.instant_aws import Call, make
from tests.bench.report import Report, span, times
from tests.bench.turns import in_turn
from unless.app.users import USERS_AT_A_TIME
from unless.aws.clients import Clients

ROUNDS = 25
ONCE_A_BATCH = Counter({"dynamodb.BatchWriteItem": 1, "dynamodb.GetItem": 1})
"""Records to the ledger, and the question of deliver which definitions hold."""

HEADING = f"""\
BATCHES OF {BATCH}: CPU time per message, each about another user, {CAMPAIGNS:,} campaigns live.
AWS answers at once inside this process, so no network is in it. "whole function": from the queue's
message to the answer; "its calls alone": a bare botocore client makes the same calls, in as many
threads; "decisions alone": messages understood and decided without any AWS."""


@pytest.fixture(scope="module")
def published() -> Iterator[Stage]:
    """Functions with everything published."""
    with stage() as made:
        yield made


@pytest.fixture
def live(published: Stage) -> Iterator[Stage]:
    """The same, with no users yet."""
    begin = published.account.remember()
    yield published
    begin()


def per_message(calls: list[Call]) -> dict[str, float]:
    """Return how many of each call there are per message, without those once a batch."""
    return {name: n / BATCH for name, n in (Counter(map(str, calls)) - ONCE_A_BATCH).items()}


def items_written(calls: list[Call]) -> int:
    """Return how many items the calls change, the ledger's apart."""
    return sum(len(call.parameters.get("TransactItems", ())) for call in calls)


def records_kept(calls: list[Call]) -> int:
    """Return how many decision records the calls write to the ledger."""
    requests = (call.parameters.get("RequestItems", {}).values() for call in calls)
    return sum(len(puts) for tables in requests for puts in tables)


@pytest.mark.benchmark(timer=process_time)
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.what)
def test_a_batch(benchmark: BenchmarkFixture, report: Report, live: Stage, flow: Flow) -> None:
    """The function makes the calls it should and little else."""
    prepared = live.prepare(flow)
    restore = live.account.remember()
    decisions = prepared.decisions()
    with live.account.listening() as calls:
        prepared.whole()
    assert per_message(calls) == dict(Counter(flow.calls))
    assert records_kept(calls) == decisions()
    bare = Clients(live.account.session)

    turns = in_turn(
        benchmark,
        prepared.whole,
        rounds=ROUNDS,
        before_each=restore,
        calls_alone=lambda: make(calls, bare, USERS_AT_A_TIME),
        decisions_alone=decisions,
    )
    report.add(
        HEADING,
        {
            "": flow.what,
            "AWS calls": f"{len(calls) / BATCH:.1f}",
            "items written": f"{items_written(calls) / BATCH:.1f}",
            "whole function": span(turns.seconds / BATCH),
            "its calls alone": span(turns.baseline("calls_alone") / BATCH) if calls else "none",
            "whole to calls": times(turns.ratio("calls_alone")) if calls else "",
            "decisions alone": span(turns.baseline("decisions_alone") / BATCH),
        },
    )
