"""
What really happened, read from where it is kept: the ledger, the schedules, the bus, the queue.
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
from unless.composition import OnAws
from unless.engine.records import Outcome, Record

LISTENER = "unless-demo"
"""The rule and the queue by which the demo hears what leaves."""


@dataclass(frozen=True, slots=True)
class Request:
    """A `message.requested` that came off the bus."""

    send: str
    campaign: str
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
    records: list[Record] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    gone: dict[str, Schedule] = field(default_factory=dict)
    delayed: int = 0
    """Messages of the queue `due` whose delay is not over, about."""
    _seen: set[str] = field(default_factory=set)
    _unheard: list[Record] = field(default_factory=list)

    def look(self) -> News:
        """
        Return what is new since the last look, the oldest first.

        That something was sent is news once its request came off the bus.
        """
        self._listen()
        new = sorted(self._new_records(), key=_moment)
        self.records += new
        heard = {request.send for request in self.requests}
        candidates = [*self._unheard, *new]
        self._unheard = [r for r in candidates if r.outcome is Outcome.SENT and r.send not in heard]
        news = News(records=[r for r in candidates if r not in self._unheard])
        self._compare_schedules(news)
        self.delayed = self._count_delayed()
        return news

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
                request = Request(detail["send"], detail["campaign"], detail["user_id"])
                self.requests.append(request)
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


def _moment(record: Record) -> tuple[datetime, bool]:
    """Return what orders records: at one instant, what ends comes before what begins."""
    return record.at, record.outcome is Outcome.SCHEDULED


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
