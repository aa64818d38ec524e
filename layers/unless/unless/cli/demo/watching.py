"""
What really happened, read from where it is kept: the ledger, the schedules, the bus, the queue,
the mailboxes.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from unless.aws.clients import Clients
from unless.aws.record_json import record_id
from unless.channels.event import REQUESTED
from unless.cli.demo.mailbox import Mail, read_mails
from unless.composition import OnAws
from unless.definitions.models import Kind
from unless.engine.model import Run
from unless.engine.records import OPEN, Outcome, Record

LISTENER = "unless-demo"
"""The rule and the queue by which the demo hears what leaves."""

ORDER = (
    Outcome.CANCELLED,
    Outcome.SCHEDULED,
    Outcome.ENTERED,
    Outcome.SKIPPED,
    Outcome.SENT,
    Outcome.COMPLETED,
    Outcome.EXITED,
    Outcome.CONVERTED,
    Outcome.INTERACTED,
)
"""What is told first of several outcomes at one instant: the end of one thing, then the next."""

type Trigger = tuple[str, str, str]
"""A user, a campaign or journey, and the event that triggered it."""


def trigger_of(what: Record | Run) -> Trigger:
    """Return what a record, or a run, is about."""
    return what.user, what.definition, what.event


def is_last(record: Record) -> bool:
    """Return whether nothing follows of the trigger: no outcome on the way, no mere message."""
    return record.outcome not in OPEN and record.step is None


def moment(record: Record) -> tuple[datetime, int]:
    """Return what orders records: at one instant, a cancellation comes first, a run's end last."""
    return record.at, ORDER.index(record.outcome)


@dataclass(frozen=True, slots=True)
class Request:
    """A `message.requested` that came off the bus; `definition` is the campaign or journey."""

    send: str
    definition: str
    user: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as EventBridge Scheduler holds it: `expression` is its time, in UTC."""

    name: str
    expression: str


@dataclass(slots=True)
class News:
    """What one look brought."""

    records: list[Record] = field(default_factory=list)
    made: list[Schedule] = field(default_factory=list)
    gone: list[Schedule] = field(default_factory=list)


@dataclass
class Watch:
    """Everything seen so far; `look` brings it up to date."""

    app: OnAws
    users: tuple[str, ...]
    listener_url: str
    endpoint: str
    records: list[Record] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    gone: dict[str, Schedule] = field(default_factory=dict)
    runs: dict[Trigger, Run] = field(default_factory=dict)
    """The runs of journeys as last seen, also those that have ended since."""
    delayed: int = 0
    """Messages of the queue `due` whose delay is not over, about."""
    _seen: set[str] = field(default_factory=set)
    _held_back: list[Record] = field(default_factory=list)

    def look(self) -> News:
        """
        Return what is new since the last look, the oldest first.

        That something was sent is news once its request came off the bus, or its e-mail lies at
        SES, and what its journey did next after that.
        """
        self._listen()
        self.mails = read_mails(self.endpoint)
        new = sorted(self._new_records(), key=moment)
        self.records += new
        news = News(records=self._heard([*self._held_back, *new]))
        self._look_at_runs()
        self._compare_schedules(news)
        self.delayed = self._count_delayed()
        return news

    def item_of(self, record: Record) -> str:
        """Return the id of the due item of the record, by which its schedules are named."""
        run = self.runs.get(trigger_of(record))
        return run.id if run else str(record.send)

    def owner_of(self, schedule: str) -> str:
        """Return the user whose schedule has that name, empty as long as it is not known."""
        items = ((r.user, self.item_of(r)) for r in self.records)
        return next((user for user, item in items if schedule.startswith(f"{item}-")), "")

    def mail_of(self, record: Record) -> Mail | None:
        """Return the e-mail that the record speaks of, None where it was none."""
        return next((mail for mail in self.mails if mail.send == record.send), None)

    def is_unsubscribed(self, user: str) -> bool:
        """Return whether the user is known to want no more e-mail."""
        subscribed = self.app.store.load(user).state.attributes.get("email_subscribe")
        return subscribed is not None and subscribed.value == "unsubscribed"

    def _heard(self, candidates: list[Record]) -> list[Record]:
        heard = {request.send for request in self.requests} | {mail.send for mail in self.mails}
        held_back: set[Trigger] = set()
        news: list[Record] = []
        self._held_back = []
        for record in candidates:
            if record.outcome is Outcome.SENT and record.send not in heard:
                held_back.add(trigger_of(record))
            (self._held_back if trigger_of(record) in held_back else news).append(record)
        return news

    def _look_at_runs(self) -> None:
        entered = {trigger_of(r) for r in self.records if r.outcome is Outcome.ENTERED}
        ended = {trigger_of(r) for r in self.records if is_last(r)}
        for user in {user for user, _, _ in entered - ended}:
            for item in self.app.store.load(user).state.pending.values():
                if isinstance(item, Run):
                    self.runs[trigger_of(item)] = item

    def _new_records(self) -> Iterator[Record]:
        for user in self.users:
            for record in self.app.ledger.read(user):
                name = record_id(record)
                if name not in self._seen:
                    self._seen.add(name)
                    yield record

    def _listen(self) -> None:
        sqs = self.app.clients.get("sqs")
        while True:
            answer = sqs.receive_message(QueueUrl=self.listener_url, MaxNumberOfMessages=10)
            messages = answer.get("Messages", [])
            for message in messages:
                detail = json.loads(message["Body"])["detail"]
                definition = detail.get(Kind.CAMPAIGN) or detail[Kind.JOURNEY]
                self.requests.append(Request(detail["send"], definition, detail["user_id"]))
                sqs.delete_message(
                    QueueUrl=self.listener_url, ReceiptHandle=message["ReceiptHandle"]
                )
            if not messages:
                return

    def _compare_schedules(self, news: News) -> None:
        scheduler = self.app.clients.get("scheduler")
        group = self.app.settings.schedule_group
        names = {each["Name"] for each in scheduler.list_schedules(GroupName=group)["Schedules"]}
        for name in names - self.schedules.keys():
            if not self.owner_of(name):
                continue  # it is made before the record is: the next look knows whose it is
            try:
                found = scheduler.get_schedule(Name=name, GroupName=group)
            except ClientError:
                continue  # it went between the two calls
            self.schedules[name] = Schedule(name, found["ScheduleExpression"])
            news.made.append(self.schedules[name])
        for name in self.schedules.keys() - names - self.gone.keys():
            self.gone[name] = self.schedules[name]
            news.gone.append(self.schedules[name])

    def _count_delayed(self) -> int:
        name = "ApproximateNumberOfMessagesDelayed"
        answer = self.app.clients.get("sqs").get_queue_attributes(
            QueueUrl=self.app.settings.due_queue_url, AttributeNames=[name]
        )
        return int(answer["Attributes"].get(name, 0))


@contextmanager
def listener(clients: Clients, bus: str) -> Iterator[str]:
    """
    Yield the URL of a queue that gets every `message.requested` of the bus.

    Queue and rule are removed at the end.
    """
    sqs, events = clients.get("sqs"), clients.get("events")
    pattern = json.dumps({"source": ["unless"], "detail-type": [REQUESTED]})
    url = sqs.create_queue(QueueName=LISTENER)["QueueUrl"]
    try:
        arn = _arn(sqs, url)
        events.put_rule(Name=LISTENER, EventBusName=bus, EventPattern=pattern)
        try:
            target = {"Id": LISTENER, "Arn": arn}
            events.put_targets(Rule=LISTENER, EventBusName=bus, Targets=[target])
            yield url
        finally:
            events.remove_targets(Rule=LISTENER, EventBusName=bus, Ids=[LISTENER])
            events.delete_rule(Name=LISTENER, EventBusName=bus)
    finally:
        sqs.delete_queue(QueueUrl=url)


def _arn(sqs: Any, url: str) -> str:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])
