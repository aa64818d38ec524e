"""
A world in which scenarios run through the real handlers, store, queues and timers.

Rows go onto the bus, the queues are drained in order into the functions of functions/, and
schedules ring when their time has come; process time stands still and is moved.
"""

import importlib.util
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from unless.app.messages import notice_from_json
from unless.app.ports import Loaded
from unless.aws.items import DUE, due_item_of, unpack
from unless.aws.record_json import record_from_json
from unless.definitions.checks import Checked
from unless.definitions.operating import Action, Refused
from unless.definitions.snapshot import Snapshot
from unless.engine.claims import step_name
from unless.engine.model import DueItem, DueStatus, UserState
from unless.engine.records import Record
from unless.events.put_entry import as_put_entry
from unless.events.rejection import Rejected
from unless.sim.moto_cloud import (
    BUS,
    DUE_QUEUE,
    EVENTS_QUEUE,
    GROUP,
    LEDGER_TABLE,
    TABLE,
    MotoCloud,
)
from unless.sim.world import LONG_AGO

FUNCTIONS = Path(__file__).resolve().parents[4] / "functions"
"""The functions of the checkout from which this package is installed (`pip install -e .`)."""

ROUNDS_MAX = 1_000
"""Most rounds until nothing is due; campaigns that trigger each other for ever end here."""

BATCH = 10
"""Messages of one invocation, as template.yaml sets it."""

_AT = re.compile(r"at\((.+)\)")

type Message = dict[str, Any]


class TimerMissing(Exception):
    """A send is due and no timer rang for it."""


class AwsWorld:
    """`World` on an account in this process."""

    def __init__(self, cloud: MotoCloud) -> None:
        """Begin with nothing, in an account that may have been used before."""
        cloud.wipe()
        self._cloud = cloud
        self._functions = {name: load_handler(name) for name in ("evaluate", "deliver")}
        self._forgotten: dict[str, Record] = {}

    # --- what people do -----------------------------------------------------------------------

    def published(self) -> Snapshot:
        """Return what is published."""
        return self._cloud.app.snapshots.read()[0]

    def publish(self, checked: Checked, now: datetime, *, first: bool) -> None:
        """Make the definitions live."""
        self._cloud.move_to(now)
        operate = self._cloud.app.operate
        everything = _keeping_every_record(checked)
        plan = operate.plan_publish(everything, launch_default=LONG_AGO if first else None)
        operate.carry_out(plan)
        self._cloud.app.definitions.fresh(now)

    def operate(self, action: str, name: str, now: datetime) -> None:
        """Pause, resume, stop or archive."""
        self._cloud.move_to(now)
        plan = self._cloud.app.operate.plan_action(Action(action), name)
        if not isinstance(plan, Refused):
            self._cloud.app.operate.carry_out(plan)
            self._cloud.app.definitions.fresh(now)

    def seed(self, state: UserState) -> None:
        """Begin with this user."""
        before = Loaded(UserState(state.user), 0)
        self._cloud.app.store.commit(before, state, [], LONG_AGO)

    def put(self, events: Iterable[Mapping[str, object]], now: datetime) -> None:
        """Put rows of events on the bus, and let evaluate take in what comes out of it."""
        self._cloud.move_to(now)
        for row in events:
            entry = as_put_entry(row, source="scenario", bus=BUS)
            if not isinstance(entry, Rejected):
                self._cloud.clients.get("events").put_events(Entries=[entry])
        self._drain(EVENTS_QUEUE, "evaluate")

    def delete_user(self, user: str, now: datetime) -> None:
        """Delete the user; what was recorded of them before is kept here."""
        self._cloud.move_to(now)
        self._forgotten |= self._ledger()
        self._cloud.app.deletion.delete(user)

    # --- what the clock does ------------------------------------------------------------------

    def next_due(self) -> datetime | None:
        """Return when the next timer rings, in whole seconds as timers do."""
        return min(
            (rings_at(send) for send in self.due_items() if send.status is not DueStatus.PARKED),
            default=None,
        )

    def ring(self, now: datetime) -> None:
        """
        Let every timer ring whose time has come, until nothing is due.

        Raises:
            TimerMissing: something is due and nothing rang for it.
        """
        self._cloud.move_to(now)
        for _ in range(ROUNDS_MAX):
            self._ring_schedules(now)
            if not self._drain(DUE_QUEUE, "deliver"):
                break
        for send in self.due_items():
            if send.status is not DueStatus.PARKED and rings_at(send) <= now:
                raise TimerMissing(f"{send.definition}: due {send.due}, and no timer rang by {now}")

    def _ring_schedules(self, now: datetime) -> None:
        scheduler, sqs = self._cloud.clients.get("scheduler"), self._cloud.clients.get("sqs")
        for name in self._cloud.schedules():
            schedule = scheduler.get_schedule(Name=name, GroupName=GROUP)
            match = _AT.fullmatch(schedule["ScheduleExpression"])
            if match and datetime.fromisoformat(match[1]).replace(tzinfo=UTC) <= now:
                queue = self._cloud.queues[DUE_QUEUE]
                sqs.send_message(QueueUrl=queue, MessageBody=schedule["Target"]["Input"])
                scheduler.delete_schedule(Name=name, GroupName=GROUP)

    # --- what happened ------------------------------------------------------------------------

    def records(self) -> list[Record]:
        """Return the decision records so far, in the order in which they were made."""
        found = self._forgotten | self._ledger()
        return sorted(found.values(), key=lambda record: record.at)

    def pending(self) -> list[DueItem]:
        """Return the pending sends that may still go out."""
        plans = self._cloud.app.definitions.fresh(LONG_AGO).plans
        due = self.due_items()
        return [each for each in due if (p := plans.get(each.definition)) and p.owns(each)]

    def step_of(self, item: DueItem) -> str | None:
        """Return the name of the step in which a run is."""
        definitions = self._cloud.app.definitions
        alone = UserState(item.user, pending={item.id: item})
        return step_name(item, definitions.covering(definitions.fresh(LONG_AGO), alone))

    def due_items(self) -> list[DueItem]:
        """Return all pending sends and runs, also those whose end by a stop is still to come."""
        return [
            due_item_of(item, item["PK"]["S"].removeprefix("USER#"))
            for item in self._cloud.scan(TABLE)
            if item["SK"]["S"].startswith(DUE)
        ]

    def _ledger(self) -> dict[str, Record]:
        return {
            item["PK"]["S"] + item["SK"]["S"]: record_from_json(json.loads(unpack(item["data"])))
            for item in self._cloud.scan(LEDGER_TABLE)
        }

    # --- queues and functions -----------------------------------------------------------------

    def _drain(self, queue: str, function: str) -> int:
        """Hand everything visible in the queue to the function, in order; return how many."""
        messages = self._receive(self._cloud.queues[queue])
        if queue == DUE_QUEUE:
            places = {send.id: (send.due, send.order) for send in self.due_items()}
            messages.sort(key=lambda message: _place(message, places))
        for start in range(0, len(messages), BATCH):
            self._invoke(queue, function, messages[start : start + BATCH])
        return len(messages)

    def _receive(self, url: str) -> list[Message]:
        found: list[Message] = []
        sqs = self._cloud.clients.get("sqs")
        while batch := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=BATCH, AttributeNames=["All"]
        ).get("Messages"):
            found.extend(batch)
        return found

    def _invoke(self, queue: str, function: str, messages: Sequence[Message]) -> None:
        event = {"Records": [_record(message) for message in messages]}
        with redirect_stdout(StringIO()):  # logs and metrics, which Lambda would take
            failed = self._functions[function](event, _Context())["batchItemFailures"]
        if failed:
            raise RuntimeError(f"{function} returned {len(failed)} of {len(messages)} messages")
        for message in messages:
            self._cloud.clients.get("sqs").delete_message(
                QueueUrl=self._cloud.queues[queue], ReceiptHandle=message["ReceiptHandle"]
            )


def _keeping_every_record(checked: Checked) -> Checked:
    """Return the definitions without a word on which records are kept: a scenario expects all."""
    documents = dict(checked.documents)
    if (known := documents.get(("workspace", ""))) is not None:
        kept = {key: value for key, value in known["workspace"].items() if key != "ledger"}
        documents["workspace", ""] = {"workspace": kept}
    return replace(checked, documents=documents)


class _Context(SimpleNamespace):
    """What Lambda tells a function about its run."""

    function_name = "through-aws"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:through-aws"
    aws_request_id = "through-aws"

    def get_remaining_time_in_millis(self) -> int:
        """There is always the whole time of a function left."""
        return 30_000


def load_handler(function: str) -> Callable[[Any, Any], Any]:
    """
    Return the handler of a function of this checkout.

    Raises:
        FileNotFoundError: the package is not installed from a checkout.
    """
    file = FUNCTIONS / function / "app.py"
    if not file.is_file():
        raise FileNotFoundError(f"{file} does not exist; install from a checkout with `make setup`")
    spec = importlib.util.spec_from_file_location(f"unless_function_{function}", file)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{file} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    handler: Callable[[Any, Any], Any] = module.handler
    return handler


def rings_at(item: DueItem) -> datetime:
    """Return when the timer of the item rings: at its due time, rounded up to a second."""
    whole = item.due.replace(microsecond=0)
    return whole if whole == item.due else whole + timedelta(seconds=1)


def _place(message: Message, places: Mapping[str, tuple[datetime, int]]) -> tuple[datetime, int]:
    notice = notice_from_json(message["Body"])
    return places.get(notice.item if notice else "", (LONG_AGO, 0))


def _record(message: Message) -> dict[str, Any]:
    """Return a received message as Lambda hands it to a function."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }
