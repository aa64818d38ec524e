"""
The stage of the demo: the deployed stack, warm, with the example campaigns on it.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from unless.aws.clients import Clients
from unless.aws.put_events import Numbered, put_events
from unless.cli.check import load_valid
from unless.cli.console import Failure
from unless.cli.demo.stamping import Row, stamp
from unless.cli.demo.story import Cue
from unless.cli.local_aws import LocalAws
from unless.composition import OnAws
from unless.definitions.snapshot import Snapshot
from unless.engine.model import UserEvent
from unless.events.intake import parse_row
from unless.events.put_entry import PutEntry, as_put_entry
from unless.events.rejection import Rejected

ROOT = Path(__file__).resolve().parents[5]
"""The checkout; the package is installed from it in place."""

SOURCE = "com.acme.shop"

LAUNCHED_AGO = timedelta(days=30)
"""
How long the campaigns are said to have been launched: triggers before the launch never count (C1),
and those of the demo happened up to two hours ago.
"""

NO_MESSAGES = json.dumps({"Records": []})
NO_LINK = json.dumps({"requestContext": {"http": {"method": "GET"}}})
WARM_UPS = {
    "EvaluateFunctionName": NO_MESSAGES,
    "DeliverFunctionName": NO_MESSAGES,
    "UnsubscribeFunctionName": NO_LINK,
}
"""What each function is started with, by the output that names it; nothing comes of it."""


def publish_example(app: OnAws) -> Snapshot:
    """Publish campaigns/ as `unless publish` does, launched LAUNCHED_AGO; return what is live."""
    launched = app.clock() - LAUNCHED_AGO
    plan = app.operate.plan_publish(load_valid(ROOT / "campaigns"), launch_default=launched)
    app.operate.carry_out(plan)
    return plan.after


def start_functions(aws: LocalAws) -> None:
    """
    Let the functions start by a batch without messages, or a request without a link: warm.

    Each is held to one run at a time: another worker would take seconds to start, in which
    messages fall due that an exception, waiting behind it, must still cancel.

    Raises:
        Failure: one of them does not start; the text is what it said.
    """

    def start(output: str) -> None:
        functions, name = aws.client("lambda"), aws.outputs[output]
        functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)
        answer = functions.invoke(FunctionName=name, Payload=WARM_UPS[output])
        if answer.get("FunctionError"):
            said = answer["Payload"].read().decode(errors="replace")
            raise Failure(f"{name} does not start: {said}")

    with ThreadPoolExecutor() as pool:
        list(pool.map(start, WARM_UPS))


@dataclass
class Bus:
    """The way onto the bus; remembers when each event is said to have happened."""

    clients: Clients
    name: str
    rows: dict[str, Row]
    zone: ZoneInfo
    times: dict[str, datetime] = field(default_factory=dict)
    put_count: int = 0

    def put(self, cues: Sequence[Cue], lead: timedelta) -> list[UserEvent]:
        """Put the events, stamped so that what is nearly due is due after `lead`; return them."""
        now = datetime.now(UTC)
        rows = [stamp(self.rows[cue.event], cue, now, lead, self.zone) for cue in cues]
        entries = [Numbered(n, self._entry(row)) for n, row in enumerate(rows)]
        for answered in put_events(self.clients, entries):
            for refused in answered.refused:
                raise Failure(f"The bus refused an event: {refused.code} {refused.said}.")
            self.put_count += answered.accepted
        events = [_event(row, now) for row in rows]
        self.times |= {event.id: event.time for event in events}
        return events

    def _entry(self, row: Row) -> PutEntry:
        entry = as_put_entry(row, source=SOURCE, bus=self.name)
        if isinstance(entry, Rejected):
            raise Failure(f"An event of the demo cannot be put: {entry.detail}.")
        return entry


def _event(row: Row, now: datetime) -> UserEvent:
    event = parse_row(row, now, "")
    if isinstance(event, Rejected):
        raise Failure(f"An event of the demo cannot be understood: {event.detail}.")
    return event
