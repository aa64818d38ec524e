"""
The real handlers, store, queues and timers on moto, with a clock and timers that the test drives.

Moto fires no schedule and runs no function; here the test does both, when it wants to.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import count
from types import ModuleType
from typing import Any

import pytest
import time_machine
from moto import mock_aws

from functions.deliver import app as deliver
from functions.evaluate import app as evaluate
from functions.sweep import app as sweep
from tests import privacy
from tests.integration.wire import REGION, Wire, own_client, wiretap
from tests.template.reading import RESOURCES
from unless import composition
from unless.app.operate import Plan
from unless.aws.clients import Clients
from unless.aws.settings import Settings
from unless.aws.telemetry import telemetry
from unless.composition import OnAws
from unless.definitions.checks import check
from unless.definitions.documents import Document
from unless.definitions.operating import Action
from unless.definitions.reading import read_text
from unless.engine.records import Record
from unless.sim.moto_cloud import one_call_at_a_time

START = datetime(2026, 2, 2, 10, tzinfo=UTC)
FUNCTIONS: tuple[ModuleType, ...] = (evaluate, deliver, sweep)


@dataclass
class Context:
    """What Lambda hands to a handler beside the event."""

    seconds: float = 30.0

    def get_remaining_time_in_millis(self) -> int:
        """How long the run may still last."""
        return int(self.seconds * 1000)


@dataclass
class AwsWorld:
    """One deployed stack, empty at first."""

    aws: OnAws
    clock: time_machine.Traveller
    queues: dict[str, str]
    wire: Wire
    _ids: Iterator[int] = field(default_factory=count)

    def client(self, service: str) -> Any:
        """A client of the test's own, whose calls are not counted."""
        return own_client(service)

    def publish(self, *texts: str) -> None:
        """Publish these definitions, launched long ago."""
        documents: list[Document] = []
        for text in texts:
            documents += read_text(text).documents
        plan = self.aws.operate.plan_publish(
            check(documents), launch_default=datetime(2020, 1, 1, tzinfo=UTC)
        )
        self.aws.operate.carry_out(plan)

    def operate(self, action: str, campaign: str) -> int:
        """Pause, resume, stop or archive; return how many parked sends it woke."""
        plan = self.aws.operate.plan_action(Action(action), campaign)
        assert isinstance(plan, Plan), plan
        return self.aws.operate.carry_out(plan)

    @contextmanager
    def from_real_environment(self) -> Iterator[None]:
        """Let the handlers build the application from variables, as template.yaml sets them."""
        composition.from_environment.cache_clear()
        with pytest.MonkeyPatch.context() as patch:
            for part in fields(Settings):
                value = str(getattr(self.aws.settings, part.name))
                patch.setenv(f"UNLESS_{part.name.upper()}", value)
            for function in FUNCTIONS:
                patch.setattr(function, "from_environment", composition.from_environment)
            yield
        composition.from_environment.cache_clear()

    def pass_time(self, **span: float) -> None:
        """Let time pass."""
        self.clock.shift(timedelta(**span))

    def message(self, body: str, *, receives: int = 1) -> dict[str, Any]:
        """A message as Lambda gets it."""
        return {
            "messageId": f"m-{next(self._ids)}",
            "body": body,
            "attributes": {
                "SentTimestamp": str(int(datetime.now(UTC).timestamp() * 1000)),
                "ApproximateReceiveCount": str(receives),
            },
        }

    def event(self, user: str, name: str, event_id: str = "", **properties: Any) -> str:
        """A user event that happens now, in its envelope."""
        now = datetime.now(UTC).isoformat()
        attributes = properties.pop("attributes", {})
        detail = {"user_id": user, "time": now, "properties": properties, "attributes": attributes}
        detail["id"] = event_id or f"e-{next(self._ids)}"
        return json.dumps({"source": "shop", "detail-type": name, "id": "x", "detail": detail})

    def evaluate(self, *bodies: str, receives: int = 1, seconds: float = 30.0) -> list[str]:
        """Run evaluate on a batch of these messages; return the places of those that failed."""
        return self._run(evaluate, bodies, receives, seconds)

    def deliver(self, *bodies: str, receives: int = 1, seconds: float = 30.0) -> list[str]:
        """Run deliver on a batch of these messages; return those that failed."""
        return self._run(deliver, bodies, receives, seconds)

    def _run(
        self, function: ModuleType, bodies: tuple[str, ...], receives: int, seconds: float
    ) -> list[str]:
        privacy.carries(bodies)
        records = [self.message(body, receives=receives) for body in bodies]
        answer = function.handler({"Records": records}, Context(seconds))
        failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
        return [record["body"] for record in records if record["messageId"] in failed]

    def sweep(self) -> None:
        """Run sweep."""
        sweep.handler({}, Context())

    def due(self) -> list[str]:
        """Take the due notices that have come by now, those of schedules first."""
        return [*self._fired(), *self.take("DueQueue")]

    def take(self, queue: str) -> list[str]:
        """Take all messages off a queue."""
        sqs, url, bodies = self.client("sqs"), self.queues[queue], []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def schedules(self) -> dict[str, dict[str, Any]]:
        """All schedules by name."""
        scheduler = self.client("scheduler")
        group = self.aws.settings.schedule_group
        names = [one["Name"] for one in scheduler.list_schedules(GroupName=group)["Schedules"]]
        return {name: scheduler.get_schedule(Name=name, GroupName=group) for name in names}

    def _fired(self) -> Iterator[str]:
        for name, schedule in self.schedules().items():
            at = schedule["ScheduleExpression"].removeprefix("at(").removesuffix(")")
            if datetime.fromisoformat(f"{at}Z") <= datetime.now(UTC):
                group = self.aws.settings.schedule_group
                self.client("scheduler").delete_schedule(Name=name, GroupName=group)
                yield schedule["Target"]["Input"]

    def ring(self) -> list[str]:
        """Run deliver on everything that has rung by now; return what failed."""
        due = self.due()
        return self.deliver(*due) if due else []

    def requests(self) -> list[dict[str, Any]]:
        """The details of all `message.requested` since the last time."""
        return [json.loads(body)["detail"] for body in self.take("Requested")]

    def records(self, user: str) -> list[Record]:
        """The decision records of a user, oldest first."""
        return list(self.aws.ledger.read(user))[::-1]

    def said(self, user: str) -> list[str]:
        """Outcome and reason of each record of a user, oldest first."""
        return [f"{r.outcome} {r.reason or ''}".strip() for r in self.records(user)]

    def items(self, user: str) -> dict[str, dict[str, Any]]:
        """All items of a user's partition by sort key."""
        answer = self.client("dynamodb").query(
            TableName=self.aws.settings.table,
            KeyConditionExpression="PK = :user",
            ExpressionAttributeValues={":user": {"S": f"USER#{user}"}},
        )
        return {item["SK"]["S"]: item for item in answer["Items"]}


@contextmanager
def aws_world() -> Iterator[AwsWorld]:
    """A world at START; the handlers that were imported use it."""
    environment = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "POWERTOOLS_METRICS_NAMESPACE": "Unless",
        "POWERTOOLS_SERVICE_NAME": "test",
    }
    with (
        pytest.MonkeyPatch.context() as patch,
        time_machine.travel(START, tick=False) as clock,
        mock_aws(),
        one_call_at_a_time(),
    ):
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        begin_telemetry_anew()
        settings, queues = _deploy()
        with wiretap() as (session, wire):
            world = AwsWorld(OnAws(settings, Clients(session)), clock, queues, wire)
            for function in FUNCTIONS:
                patch.setattr(function, "from_environment", lambda: world.aws)
            yield world


def begin_telemetry_anew() -> None:
    """Forget what telemetry has read of the environment, and where it printed until now."""
    telemetry.cache_clear()
    logging.Logger.manager.loggerDict.pop("test", None)


def _deploy() -> tuple[Settings, dict[str, str]]:
    """Make what the functions need, the tables as in template.yaml."""
    dynamodb, sqs, events, scheduler = map(own_client, ("dynamodb", "sqs", "events", "scheduler"))
    for name in ("Table", "LedgerTable"):
        wanted = RESOURCES[name]["Properties"]
        parts = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
        dynamodb.create_table(TableName=name, **{p: wanted[p] for p in parts if p in wanted})
    names = ("DueQueue", "QuarantineQueue", "Requested")
    queues = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in names}
    events.create_event_bus(Name="bus")
    events.put_rule(Name="ours", EventBusName="bus", EventPattern='{"source": ["unless"]}')
    arn = f"arn:aws:sqs:{REGION}:123456789012:Requested"
    events.put_targets(Rule="ours", EventBusName="bus", Targets=[{"Id": "1", "Arn": arn}])
    scheduler.create_schedule_group(Name="group")
    settings = Settings(
        table="Table",
        ledger_table="LedgerTable",
        bus="bus",
        due_queue_url=queues["DueQueue"],
        due_queue_arn=f"arn:aws:sqs:{REGION}:123456789012:DueQueue",
        quarantine_queue_url=queues["QuarantineQueue"],
        schedule_group="group",
        scheduler_role_arn="arn:aws:iam::123456789012:role/scheduler",
        schedule_dlq_arn=f"arn:aws:sqs:{REGION}:123456789012:dlq",
    )
    return settings, queues
