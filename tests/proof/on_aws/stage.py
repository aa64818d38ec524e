"""
The deployed stack with microburst between it and AWS, and a provider of e-mail that counts.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.proof.on_aws.mail_provider import MailProvider, mail_provider
from tests.proof.on_aws.microburst import Microburst, microburst
from tests.proof.on_aws.partial_bus import PartialBus, partial_bus
from tests.proof.on_aws.workspace import publish
from unless.aws.clients import Clients
from unless.aws.whole_tables import WholeDueIndex, WholeLedger
from unless.cli.demo.watching import listener
from unless.cli.deployment import deployed
from unless.cli.local_aws import LocalAws, local_aws
from unless.composition import OnAws
from unless.engine.balance import Broken

ROOT = Path(__file__).parents[3]

VISIBILITY_SECONDS = 20
"""
How long a message stays hidden whose batch failed. template.yaml says 180 s; here it is less than
a function may run, so that retries come soon and often meet a run that is still at it.
"""

ONE_PAGE = 1_000_000
"""More schedules than there are; AWS itself gives 100 a page."""

FUNCTIONS = ("EvaluateFunctionName", "DeliverFunctionName", "SweepFunctionName")

OF_LOST = ("RuleDeadLetterQueue", "EventsDeadLetterQueue", "DueDeadLetterQueue",
           "ScheduleDeadLetterQueue", "QuarantineQueue")  # fmt: skip
"""The queues of template.yaml in which nothing may lie when all ends well."""


@dataclass
class Stage:
    """Everything that a run needs: the stack, its faults, and what it can be judged by."""

    aws: LocalAws
    app: OnAws
    faults: Microburst
    bus: PartialBus
    mail: MailProvider
    producer: Clients
    """Whose requests go through microburst, too."""
    requested_url: str
    """A queue that gets every `message.requested`."""
    heard: list[tuple[str, str]] = field(default_factory=list)
    """What came from there: user and send."""
    audited: Counter[Broken] = field(default_factory=Counter)
    """What the last audit has found."""

    @property
    def ledger(self) -> WholeLedger:
        """All decision records."""
        return WholeLedger(self.app.clients, self.app.settings.ledger_table)

    @property
    def due_index(self) -> WholeDueIndex:
        """All that is pending."""
        return WholeDueIndex(self.app.clients, self.app.settings.table)

    def fired(self) -> Counter[str]:
        """Count the faults of AWS since the start."""
        return self.faults.fired() + self.bus.refused

    def queued(self) -> int:
        """Count the events and due notices that wait, are delayed, or are being worked on."""
        urls = (self.aws.outputs["EventsQueueUrl"], self.aws.outputs["DueQueueUrl"])
        return sum(self._depth(url) for url in urls)

    def events_queued(self) -> int:
        """Count the events that wait or are being worked on."""
        return self._depth(self.aws.outputs["EventsQueueUrl"])

    def lost(self) -> Mapping[str, int]:
        """Count what lies in dead-letter queues and in quarantine."""
        urls = self._resources()
        return {name: self._depth(urls[name]) for name in OF_LOST}

    def schedules(self) -> set[str]:
        """Return the names of all schedules, in one page: ministack 1.5.33 has no other."""
        found = self.app.clients.get("scheduler").list_schedules(
            GroupName=self.app.settings.schedule_group, MaxResults=ONE_PAGE
        )
        return {each["Name"] for each in found["Schedules"]}

    def requested(self, users: str) -> Counter[str]:
        """Count the `message.requested` by send for users whose ids begin so; take them away."""
        sqs, url = self.app.clients.get("sqs"), self.requested_url
        while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                detail = json.loads(message["Body"])["detail"]
                self.heard.append((detail["user_id"], detail["send"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return Counter(send for user, send in self.heard if user.startswith(users))

    def pending(self, users: str) -> Counter[str]:
        """Count by definition what is pending for users whose ids begin so."""
        found = self.due_index.scan()
        return Counter(each.definition for each in found if each.user.startswith(users))

    def _depth(self, url: str) -> int:
        answer = self.app.clients.get("sqs").get_queue_attributes(
            QueueUrl=url, AttributeNames=["All"]
        )
        counts = answer["Attributes"]
        return sum(int(counts[key]) for key in counts if key.startswith("ApproximateNumber"))

    def _resources(self) -> dict[str, str]:
        answer = self.aws.client("cloudformation").describe_stack_resources(
            StackName=self.aws.stack
        )
        return {each["LogicalResourceId"]: each["PhysicalResourceId"]
                for each in answer["StackResources"]}  # fmt: skip


@contextmanager
def staged(progress: Callable[[str], None]) -> Iterator[Stage]:
    """
    Deploy the stack, put microburst and the provider between it and AWS, publish, and yield.

    Raises:
        LocalAwsFailed: the local AWS or microburst did not start.
    """
    with local_aws(ROOT, progress=progress) as aws, mail_provider() as mail:
        os.environ.update(aws.environment)
        progress("Putting microburst in between")
        with (
            microburst(ROOT, aws.endpoint, aws.folder / "microburst.log") as faults,
            partial_bus(faults.endpoint) as bus,
        ):
            redirect(aws, faults.endpoint, bus.url, mail.url)
            app = deployed(aws.stack)
            publish(app)
            start(aws)
            with listener(app.clients, app.settings.bus) as url:
                yield Stage(aws, app, faults, bus, mail, through(bus.url), url)


def through(endpoint: str) -> Clients:
    """Return clients of which the one of EventBridge talks to the endpoint."""
    clients, name = Clients(), "AWS_ENDPOINT_URL_EVENTBRIDGE"
    os.environ[name] = endpoint
    try:
        clients.get("events")
    finally:
        del os.environ[name]
    return clients


def start(aws: LocalAws) -> None:
    """Let each function have a process, so that the first events do not wait for one."""
    for output in FUNCTIONS[:2]:
        aws.client("lambda").invoke(FunctionName=aws.outputs[output], Payload=b'{"Records": []}')


def redirect(aws: LocalAws, endpoint: str, bus: str, mail: str) -> None:
    """Let the functions find AWS behind the endpoint, and EventBridge and SES at these."""
    functions, sqs = aws.client("lambda"), aws.client("sqs")
    for output in FUNCTIONS:
        name = aws.outputs[output]
        found = functions.get_function_configuration(FunctionName=name)
        variables = {
            **found["Environment"]["Variables"],
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ENDPOINT_URL_EVENTBRIDGE": bus,
            "AWS_ENDPOINT_URL_SESV2": mail,
        }
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables}
        )
    for output in ("EventsQueueUrl", "DueQueueUrl"):
        sqs.set_queue_attributes(
            QueueUrl=aws.outputs[output],
            Attributes={"VisibilityTimeout": str(VISIBILITY_SECONDS)},
        )
