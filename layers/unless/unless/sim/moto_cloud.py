"""
An AWS account in this process, with the resources of template.yaml and a clock that is moved.

It is moto: real clients, queues, tables, rules and schedules, but nothing in it runs by itself.
moto delivers from the bus to a queue at once; it never rings a schedule and runs no function, so
`unless.sim.aws_world` does both. E-mail goes through moto's SES. What moto does not know, or what
would need a receiver, is taken by `TakingChannel` and by `texts_are_taken`: no request leaves this
process.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from threading import RLock
from typing import Any
from unittest import mock

import time_machine
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from unless.app.ports import Message, Reply
from unless.aws.clients import Clients
from unless.composition import OnAws, from_environment
from unless.engine.decision import Answer
from unless.events.put_entry import OUR_SOURCE

REGION, ACCOUNT = "eu-west-1", "123456789012"
TABLE, LEDGER_TABLE, BUS, GROUP = "unless", "ledger", "unless", "unless"
EVENTS_QUEUE, DUE_QUEUE, QUARANTINE_QUEUE = "events", "due", "quarantine"
MESSAGE_QUEUE = "messages"
EMAIL_FROM = "shop@unless.example"

START = datetime(2000, 1, 1, tzinfo=UTC)
"""Where the clock stands before it is moved for the first time."""

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "POWERTOOLS_SERVICE_NAME": "unless",
    "POWERTOOLS_METRICS_NAMESPACE": "Unless",
}
"""What the functions find around them, beside their settings."""


class TakingChannel:
    """`unless.app.ports.Channel` that takes every message: its receiver is nobody's here."""

    def send(self, _message: Message) -> Reply:
        """Say yes."""
        return Reply(Answer.ACCEPTED)


class MotoCloud:
    """The account: its clock, its queues by name, and the application on it."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        """Make the resources, and the application as a function would make it."""
        self.clients = Clients()
        self._clock = clock
        names = (EVENTS_QUEUE, DUE_QUEUE, QUARANTINE_QUEUE, MESSAGE_QUEUE)
        self.queues = {name: self._make_queue(name) for name in names}
        self._make_bus()
        self._make_tables()
        self.clients.get("scheduler").create_schedule_group(Name=GROUP)
        self.clients.get("sesv2").create_email_identity(EmailIdentity=EMAIL_FROM)
        os.environ.update(self._settings())
        self.app: OnAws = from_environment()
        taking = TakingChannel()
        self.app.channels = {**self.app.channels, "push": taking, "webhook": taking}

    def move_to(self, now: datetime) -> None:
        """Let it be that time, for this whole process."""
        self._clock.move_to(now)

    def wipe(self) -> None:
        """Make every table, queue and schedule empty again."""
        for name, queue in self.queues.items():
            # Purging is allowed once in 60 seconds only, by a clock that goes back between runs.
            self.clients.get("sqs").delete_queue(QueueUrl=queue)
            self._make_queue(name)
        for name in self.schedules():
            self.clients.get("scheduler").delete_schedule(Name=name, GroupName=GROUP)
        for table in (TABLE, LEDGER_TABLE):
            for item in self.scan(table):
                key = {name: item[name] for name in ("PK", "SK")}
                self.clients.get("dynamodb").delete_item(TableName=table, Key=key)

    def schedules(self) -> list[str]:
        """Return the names of all schedules."""
        pages = self.clients.get("scheduler").get_paginator("list_schedules")
        found = pages.paginate(GroupName=GROUP).build_full_result()
        return [schedule["Name"] for schedule in found["Schedules"]]

    def scan(self, table: str) -> list[dict[str, Any]]:
        """Return all items of a table."""
        pages = self.clients.get("dynamodb").get_paginator("scan")
        items: list[dict[str, Any]] = pages.paginate(TableName=table).build_full_result()["Items"]
        return items

    def _make_queue(self, name: str) -> str:
        return str(self.clients.get("sqs").create_queue(QueueName=name)["QueueUrl"])

    def _make_secret(self) -> str:
        secrets = self.clients.get("secretsmanager")
        return str(secrets.create_secret(Name="signing", SecretString="of this process")["ARN"])

    def _make_bus(self) -> None:
        events = self.clients.get("events")
        events.create_event_bus(Name=BUS)
        pattern = json.dumps({"source": [{"anything-but": [OUR_SOURCE]}]})
        events.put_rule(Name="events", EventBusName=BUS, EventPattern=pattern)
        target = {"Id": "events", "Arn": arn("sqs", EVENTS_QUEUE)}
        events.put_targets(Rule="events", EventBusName=BUS, Targets=[target])

    def _make_tables(self) -> None:
        index = {
            "IndexName": "due",
            "KeySchema": _keys("due_shard", "due_at"),
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["definition"]},
        }
        on_index = ("due_shard", "due_at")
        self._make_table(TABLE, *on_index, GlobalSecondaryIndexes=[index])
        self._make_table(LEDGER_TABLE)

    def _make_table(self, name: str, *attributes: str, **more: Any) -> None:
        self.clients.get("dynamodb").create_table(
            TableName=name,
            KeySchema=_keys("PK", "SK"),
            AttributeDefinitions=[
                {"AttributeName": attribute, "AttributeType": "S"}
                for attribute in ("PK", "SK", *attributes)
            ],
            BillingMode="PAY_PER_REQUEST",
            **more,
        )

    def _settings(self) -> dict[str, str]:
        return {
            "UNLESS_TABLE": TABLE,
            "UNLESS_LEDGER_TABLE": LEDGER_TABLE,
            "UNLESS_BUS": BUS,
            "UNLESS_DUE_QUEUE_URL": self.queues[DUE_QUEUE],
            "UNLESS_DUE_QUEUE_ARN": arn("sqs", DUE_QUEUE),
            "UNLESS_QUARANTINE_QUEUE_URL": self.queues[QUARANTINE_QUEUE],
            "UNLESS_SCHEDULE_GROUP": GROUP,
            "UNLESS_SCHEDULER_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/unless-scheduler",
            "UNLESS_SCHEDULE_DLQ_ARN": arn("sqs", "schedule-failures"),
            "UNLESS_EMAIL_FROM": EMAIL_FROM,
            "UNLESS_SMS_IDENTITY": arn("sms-voice", "phone-number/unless"),
            "UNLESS_MESSAGE_QUEUE_URL": self.queues[MESSAGE_QUEUE],
            "UNLESS_SIGNING_SECRET": self._make_secret(),
            "UNLESS_UNSUBSCRIBE_URL": "https://unsubscribe.unless.example/",
        }


def arn(service: str, name: str) -> str:
    """Return the ARN of a resource of the account."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


def _keys(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]


@contextmanager
def one_call_at_a_time() -> Iterator[None]:
    """
    Let moto finish a call before it begins another.

    The functions work on several users in parallel threads. moto takes back a refused transaction
    by putting its old copy of all tables in place, and with it what another thread wrote meanwhile.
    """
    answer, lock = BotocoreStubber.process_request, RLock()

    def locked(stubber: BotocoreStubber, request: Any) -> Any:
        with lock:
            return answer(stubber, request)

    with mock.patch.object(BotocoreStubber, "process_request", locked):
        yield


@contextmanager
def texts_are_taken() -> Iterator[None]:
    """Let every text be sent: moto knows no AWS End User Messaging."""
    answer = BotocoreStubber.process_request

    def with_texts(stubber: BotocoreStubber, request: Any) -> Any:
        if request.headers.get("X-Amz-Target") == b"PinpointSMSVoiceV2.SendTextMessage":
            return 200, {}, json.dumps({"MessageId": "taken"})
        return answer(stubber, request)

    with mock.patch.object(BotocoreStubber, "process_request", with_texts):
        yield


@contextmanager
def moto_cloud() -> Iterator[MotoCloud]:
    """Yield an account with a clock that stands still until it is moved; the environment is its."""
    before = dict(os.environ)
    with ExitStack() as stack:
        stack.callback(os.environ.update, before)
        stack.callback(os.environ.clear)
        stack.callback(from_environment.cache_clear)
        from_environment.cache_clear()
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
            os.environ.pop(name, None)
        os.environ.update(ENVIRONMENT)
        stack.enter_context(mock_aws())
        stack.enter_context(one_call_at_a_time())
        stack.enter_context(texts_are_taken())
        clock = stack.enter_context(time_machine.travel(START, tick=False))
        yield MotoCloud(clock)
