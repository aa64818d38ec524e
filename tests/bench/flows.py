"""
The flows of DESIGN section 4, each as a batch of ten messages about ten users.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.deliver import app as deliver
from functions.evaluate import app as evaluate
from tests.bench.instant_aws import InstantAws
from unless.app.messages import notice_from_json
from unless.aws.clients import Clients
from unless.aws.queue_event import messages_of
from unless.aws.settings import Settings
from unless.composition import OnAws
from unless.definitions.checks import check
from unless.definitions.documents import Document
from unless.engine.decide import decide
from unless.engine.decision import Answer, Dispatched
from unless.engine.model import UserEvent
from unless.events.intake import parse_envelope

BATCH = 10
CAMPAIGNS = 1_000
NOW = datetime(2026, 2, 2, 12, tzinfo=UTC)
DELAY = timedelta(hours=1)

CART = {
    "campaign": "cart",
    "trigger": {"event": "cart_updated", "where": {"cart_value": {"gte": 100, "lte": 200}}},
    "audience": {"attribute": "country", "in": ["FR", "BE"]},
    "delay": {"after": "1h"},
    "unless": [{"event": "purchase", "match": "cart_id"}],
    "reeligible": {"after": "7d"},
}
WORKSPACE = {"workspace": {"zone": "Europe/Paris", "record": ["page_viewed"]}}
"""Only of `page_viewed` is the history kept, and of what a campaign refers to."""

ATTRIBUTES = {
    "country": "FR", "language": "fr", "plan": "gold", "first_name": "Ana", "logins": 17,
    "email": "ana@example.test", "time_zone": "Europe/Paris", "email_subscribe": "opted_in",
}  # fmt: skip
PROPERTIES = {"cart_id": "c-1", "cart_value": 150, "items": [{"sku": "bag", "quantity": 1}]}

type Message = dict[str, Any]


@dataclass(frozen=True)
class Flow:
    """What happens to each user, after what had happened; `calls` are those for each message."""

    what: str
    event: str = ""
    earlier: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


READ, WRITE = "dynamodb.Query", "dynamodb.TransactWriteItems"
FLOWS = (
    Flow("an event nobody cares about", "scrolled"),
    Flow("an event that is only remembered", "page_viewed", calls=(READ, WRITE)),
    Flow(
        "a trigger starts a pending send",
        "cart_updated",
        calls=(READ, WRITE, "scheduler.CreateSchedule"),
    ),
    Flow(
        "an exception cancels one",
        "purchase",
        earlier=("cart_updated",),
        calls=(READ, WRITE, "scheduler.DeleteSchedule"),
    ),
    Flow(
        "a due send goes out",
        earlier=("cart_updated",),
        calls=(READ, WRITE, "events.PutEvents", WRITE),
    ),
)
"""One without an event is about the due notices of what the earlier events started."""


@dataclass
class Stage:
    """The functions on an AWS that answers at once, with CAMPAIGNS campaigns live."""

    account: InstantAws
    app: OnAws
    now: datetime = NOW
    context: Any = field(default_factory=lambda: _Context())

    def publish(self) -> None:
        """Publish the campaign of the flows, and others that wait for other events."""
        others = [
            CART | {"campaign": f"other-{n}", "trigger": {"event": f"other-{n % 50}"}, "unless": []}
            for n in range(1, CAMPAIGNS)
        ]
        documents = [Document(each) for each in (WORKSPACE, CART, *others)]
        long_ago = NOW - timedelta(days=365)
        plan = self.app.operate.plan_publish(check(documents), launch_default=long_ago)
        self.app.operate.carry_out(plan)

    def prepare(self, flow: Flow) -> "Prepared":
        """Let happen what happened earlier; what is then to be measured is returned."""
        self.now = NOW - timedelta(minutes=5)
        self.handle(evaluate.handler, batch("registered", self.now, ATTRIBUTES))
        for name in flow.earlier:
            self.handle(evaluate.handler, batch(name, self.now))
        if flow.event:
            self.now = NOW
            return Prepared(evaluate.handler, batch(flow.event, NOW), self)
        self.now += DELAY
        return Prepared(deliver.handler, {"Records": list(self._due_notices())}, self)

    def handle(self, handler: Callable[..., Any], messages: Message) -> None:
        """Let the function take in the batch."""
        assert handler(messages, self.context) == {"batchItemFailures": []}

    def _due_notices(self) -> Iterator[Message]:
        for number in range(BATCH):
            for item in self.app.store.load(f"u-{number}").state.pending.values():
                notice = {"user": item.user, "item": item.id, "turn": item.turn}
                yield message(number, notice, self.now)


@dataclass
class Prepared:
    """A batch, and the function that takes it in."""

    handler: Callable[..., Any]
    messages: Message
    stage: Stage

    def whole(self) -> None:
        """Do all of it, as Lambda would."""
        self.stage.handle(self.handler, self.messages)

    def decisions(self) -> Callable[[], int]:
        """Return what understands and decides the messages without any AWS; it counts records."""
        store, now = self.stage.app.store, self.stage.now
        definitions = self.stage.app.definitions.current(now)
        states = [store.load(f"u-{number}").state for number in range(BATCH)]

        def evaluated() -> int:
            count = 0
            for incoming, state in zip(messages_of(self.messages), states, strict=True):
                event = parse_envelope(incoming.body, incoming.arrived)
                assert isinstance(event, UserEvent)
                if definitions.concerns(event):
                    count += len(decide(state, event, definitions, now).records)
            return count

        def delivered() -> int:
            count = 0
            for incoming, state in zip(messages_of(self.messages), states, strict=True):
                notice = notice_from_json(incoming.body)
                assert notice is not None
                claimed = decide(state, notice, definitions, now).state
                answer = Dispatched(notice.user, notice.item, Answer.ACCEPTED)
                count += len(decide(claimed, answer, definitions, now).records)
            return count

        return evaluated if self.handler is evaluate.handler else delivered


def batch(name: str, at: datetime, attributes: Mapping[str, Any] | None = None) -> Message:
    """Return such an event of each user, as Lambda gets them from the queue."""
    detail = {"time": at.isoformat(), "properties": PROPERTIES, "attributes": attributes or {}}
    bodies = [
        {
            "source": "com.acme.shop",
            "detail-type": name,
            "id": f"envelope-{number}",
            "detail": {"user_id": f"u-{number}", "id": f"{name}-{at:%H%M}", **detail},
        }
        for number in range(BATCH)
    ]
    return {"Records": [message(number, body, at) for number, body in enumerate(bodies)]}


def message(number: int, body: Mapping[str, Any], at: datetime) -> Message:
    """Return one message of a queue."""
    sent = str(int(at.timestamp() * 1000))
    return {
        "messageId": f"m-{number}",
        "body": json.dumps(body),
        "attributes": {"SentTimestamp": sent, "ApproximateReceiveCount": "1"},
    }


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 30_000


@contextmanager
def stage() -> Iterator[Stage]:
    """The functions on an AWS of their own, with everything published."""
    names = (
        "table ledger_table bus due_queue_url due_queue_arn quarantine_queue_url "
        "schedule_group scheduler_role_arn schedule_dlq_arn"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Unless")
        patch.setenv("POWERTOOLS_SERVICE_NAME", "bench")
        account = InstantAws()
        settings = Settings.from_environment(
            {f"UNLESS_{name.upper()}": name for name in names.split()}
        )
        app = OnAws(settings, Clients(account.session), lambda: made.now)
        made = Stage(account, app)
        for function in (evaluate, deliver):
            patch.setattr(function, "from_environment", lambda: app)
        made.publish()
        yield made
