"""The deployed pipeline, from the bus to the bus: what goes wrong on the way and must end well."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from unless.cli.demo.stage import publish_example
from unless.cli.demo.stamping import city_at_noon
from unless.cli.demo.watching import listener
from unless.cli.deployment import deployed
from unless.cli.local_aws import LocalAws
from unless.composition import OnAws
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason, Record

EVENTS = Path(__file__).parents[2] / "events"
IDLE_SECONDS_MAX = 240.0
"""
A notice that rings while another run has claimed the send goes back to the queue, and comes again
after the 180 s of its visibility timeout.
"""

SECONDS_MAX = 60.0  # the first batch of a function waits for its start
HOUR = timedelta(hours=1)


@dataclass
class Pipeline:
    """The deployed stack with the example campaigns on it, and what came off its bus."""

    aws: LocalAws
    app: OnAws
    listener_url: str
    requests: list[dict[str, Any]] = field(default_factory=list)

    def put(self, *details: dict[str, Any], name: str) -> None:
        """Put events of that name on the bus, in one request."""
        entries = [
            {
                "EventBusName": self.app.settings.bus,
                "Source": "com.acme.shop",
                "DetailType": name,
                "Detail": json.dumps(detail),
            }
            for detail in details
        ]
        answer = self.aws.client("events").put_events(Entries=entries)
        assert answer["FailedEntryCount"] == 0

    def records(self, user: str) -> list[Record]:
        """The decisions about a user, the oldest first."""
        return [*self.app.ledger.read(user)][::-1]

    def outcomes(self, user: str) -> list[Outcome]:
        """What was decided about a user by campaigns, one after the other."""
        about = [record for record in self.records(user) if record.kind is Kind.CAMPAIGN]
        return [record.outcome for record in about]

    def requested(self, user: str) -> list[dict[str, Any]]:
        """The messages that left for a user."""
        for body in self.take(self.listener_url):
            self.requests.append(body["detail"])
        return [request for request in self.requests if request["user_id"] == user]

    def take(self, url: str) -> list[dict[str, Any]]:
        """Everything in a queue, which is then empty."""
        sqs = self.aws.client("sqs")
        bodies = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def is_idle(self) -> bool:
        """Whether no event and no due notice waits, or is being worked on."""
        sqs, names = self.aws.client("sqs"), ["All"]
        for output in ("EventsQueueUrl", "DueQueueUrl"):
            answer = sqs.get_queue_attributes(
                QueueUrl=self.aws.outputs[output], AttributeNames=names
            )
            counts = answer["Attributes"]
            if any(int(counts[key]) for key in counts if key.startswith("ApproximateNumber")):
                return False
        return True

    def invoke(self, output: str, payload: bytes) -> Any:
        """What a function answers when it is invoked directly."""
        answer = self.aws.client("lambda").invoke(
            FunctionName=self.aws.outputs[output], Payload=payload
        )
        said = answer["Payload"].read()
        assert "FunctionError" not in answer, said
        return json.loads(said or "null")


@pytest.fixture(scope="module")
def pipeline(aws: LocalAws) -> Iterator[Pipeline]:
    """The stack with campaigns/, whose sweep runs only when a test invokes it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in aws.environment.items():
            patch.setenv(name, value)
        app = deployed(aws.stack)
        publish_example(app)
        events = aws.client("events")
        for rule in events.list_rules()["Rules"]:
            events.disable_rule(Name=rule["Name"])
        with listener(app.clients, app.settings.bus) as url:
            yield Pipeline(aws, app, url)


def eventually(condition: Callable[[], bool], seconds: float = SECONDS_MAX) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def ago(span: timedelta) -> str:
    """The instant that long ago."""
    return (datetime.now(UTC) - span).isoformat()


def person(user: str, **more: Any) -> dict[str, Any]:
    """The detail of an event of a user whom the campaigns reach, where it is noon."""
    zone = city_at_noon(datetime.now(UTC)).key
    return {"user_id": user, "attributes": {"country": "FR", "time_zone": zone}, **more}


def buyer(user: str, left: str) -> dict[str, Any]:
    """The detail of a cart that was left then, by somebody whom an e-mail reaches."""
    detail = person(user, properties={"cart_id": "c", "cart_value": 150}, time=left)
    detail["attributes"]["email"] = f"{user}@example.test"
    return detail


def test_poison_is_quarantined_and_its_neighbours_are_not(pipeline: Pipeline) -> None:
    """An event without a user goes aside with its reason; those beside it are welcomed. (V5)"""
    poison = {"id": "poison", "properties": {"app": "web"}}
    pipeline.put(person("e-before"), poison, person("e-after"), name="registered")
    assert eventually(lambda: bool(pipeline.requested("e-before")))
    assert eventually(lambda: bool(pipeline.requested("e-after")))
    (kept,) = pipeline.take(pipeline.app.settings.quarantine_queue_url)
    assert kept["reason"] == "no_user"
    assert json.loads(kept["body"])["detail"] == poison


def test_an_event_that_comes_again_has_no_second_effect(pipeline: Pipeline) -> None:
    """The producer's retry, in the same request and after the message, sends nothing more. (V1)"""
    event = person("e-again", id="registers")
    pipeline.put(event, event, name="registered")
    assert eventually(lambda: bool(pipeline.requested("e-again")))
    pipeline.put(event, person("e-after-again"), name="registered")
    assert eventually(lambda: bool(pipeline.requested("e-after-again")))
    assert eventually(pipeline.is_idle, IDLE_SECONDS_MAX)
    assert len(pipeline.requested("e-again")) == 1
    assert pipeline.outcomes("e-again") == [Outcome.SCHEDULED, Outcome.SENT]


def test_what_is_overdue_when_its_event_comes_is_sent_at_once(pipeline: Pipeline) -> None:
    """A cart left 90 minutes ago is reminded now, one left three hours ago not any more. (T4)"""
    late, too_late = buyer("e-late", ago(1.5 * HOUR)), buyer("e-too-late", ago(3 * HOUR))
    pipeline.put(late, too_late, name="cart_updated")
    assert eventually(lambda: Outcome.SENT in pipeline.outcomes("e-late"))
    assert eventually(lambda: bool(pipeline.records("e-too-late")))
    assert [record.reason for record in pipeline.records("e-too-late")] == [Reason.TOO_LATE]


def test_the_sweep_rings_for_a_lost_timer(pipeline: Pipeline) -> None:
    """A due notice that is lost costs a minute, and not the message. (I2)"""
    with deliver_at_rest(pipeline):
        pipeline.put(buyer("e-lost", ago(1.5 * HOUR)), name="cart_updated")
        assert eventually(lambda: pipeline.outcomes("e-lost") == [Outcome.SCHEDULED])
        (lost,) = pipeline.take(pipeline.app.settings.due_queue_url)
        assert lost["user"] == "e-lost"
    assert eventually(pipeline.is_idle, IDLE_SECONDS_MAX)
    assert pipeline.outcomes("e-lost") == [Outcome.SCHEDULED]
    pipeline.invoke("SweepFunctionName", (EVENTS / "sweep.tick.json").read_bytes())
    both = [Outcome.SCHEDULED, Outcome.SENT]
    assert eventually(lambda: pipeline.outcomes("e-lost") == both)


@contextmanager
def deliver_at_rest(pipeline: Pipeline) -> Iterator[None]:
    """A block in which nobody takes due notices off their queue."""
    functions = pipeline.aws.client("lambda")
    (mapping,) = functions.list_event_source_mappings(
        FunctionName=pipeline.aws.outputs["DeliverFunctionName"]
    )["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


@pytest.mark.parametrize(
    ("function", "sample"),
    [("EvaluateFunctionName", "evaluate.batch.json"), ("DeliverFunctionName", "deliver.due.json")],
)
def test_the_samples_are_accepted(pipeline: Pipeline, function: str, sample: str) -> None:
    """`sam local invoke -e events/…` works: no message of a sample goes back to its queue."""
    answer = pipeline.invoke(function, (EVENTS / sample).read_bytes())
    assert answer == {"batchItemFailures": []}
