"""
What people watch: the stages of the set-up, then a timeline, with what still waits below it.

A terminal shows colour and the seconds that are left; a pipe gets the same lines, plain.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.status import Status
from rich.table import Table
from rich.text import Text

from unless.aws.due_queue import DELAY_SECONDS_MAX
from unless.cli.demo.watching import News, Schedule, Watch, is_last, trigger_of
from unless.cli.words import SIGNS, STYLES, compared_values, sentence, value
from unless.definitions.durations import format_duration
from unless.engine.model import UserEvent
from unless.engine.records import AFTERWARDS, OPEN, Outcome, Record

REFRESHES_A_SECOND = 4
BAR_COLUMNS = 24
NAME_COLUMNS = 6
OUTCOME_COLUMNS = 10
CAMPAIGN_COLUMNS = 20
EVENT_COLUMNS = 19
SHORT = 20
WORTH_SAYING = timedelta(minutes=1)
"""How long before it was put an event must have happened for that to be said."""


def name_of(user: str) -> str:
    """Return the user's id as a name for people."""
    return user.removeprefix("u-")


class Stages:
    """The set-up: one line for each stage, with the seconds that it took once it is over."""

    def __init__(self, console: Console) -> None:
        """Show nothing yet."""
        self._console = console
        self._status: Status | None = None
        self.sentence = ""
        self._begun = 0.0

    def __call__(self, sentence: str) -> None:
        """End the stage before, and begin this one."""
        self.end()
        self.sentence, self._begun = sentence, time.monotonic()
        if self._console.is_terminal:
            self._status = self._console.status(Text(sentence))
            self._status.start()
        else:
            self._console.print(f"  {sentence} …")

    def end(self, *, well: bool = True) -> None:
        """End the present stage, if there is one."""
        if self._status is not None:
            self._status.stop()
            self._status = None
            seconds = f"  {time.monotonic() - self._begun:.1f} s"
            sign = ("  ✓ ", "green") if well else ("  ✗ ", "red")
            self._console.print(Text.assemble(sign, self.sentence, (seconds, "dim")))


class Timeline:
    """The acts as they go: events, decisions, schedules, messages, each with its second."""

    def __init__(self, console: Console) -> None:
        """Start the clock of the timeline."""
        self._console = console
        self.begun = datetime.now(UTC)

    @contextmanager
    def live(self, watch: Watch) -> Iterator[None]:
        """Show on a terminal, below the lines, what still waits and how long."""
        if not self._console.is_terminal:
            yield
            return
        with Live(
            get_renderable=lambda: waiting(watch),
            console=self._console,
            refresh_per_second=REFRESHES_A_SECOND,
            transient=True,
        ):
            yield

    def act(self, title: str) -> None:
        """Print the title of an act."""
        self._console.print()
        self._console.print(Text(f"  {title}", "bold"))

    def event(self, event: UserEvent, *, again: bool) -> None:
        """Print an event that was put, with what matters of it; `again`: it was put before."""
        past = event.arrived - event.time
        ago = f"  {format_duration(past)} ago" if past >= WORTH_SAYING else ""
        self._line(
            event.arrived,
            event.user,
            Text.assemble(
                "→ ",
                (f"{event.name:<{EVENT_COLUMNS}}", "bold"),
                (f"  {said(event.properties or event.attributes)}{ago}", "dim"),
                ("  the same event again" if again else "", "yellow"),
            ),
        )

    def beside(self, user: str, what: str, how: str) -> None:
        """Print what happened to an e-mail of the user, beside the bus."""
        text = Text.assemble("→ ", (f"{what:<{EVENT_COLUMNS}}", "bold"), (f"  {how}", "dim"))
        self._line(datetime.now(UTC), user, text)

    def news(self, news: News, watch: Watch) -> None:
        """Print what a look brought."""
        for record in news.records:
            self._line(record.at, record.user, decision(record, watch))
        for schedule in news.made:
            made = Text.assemble("  EventBridge schedule ", (short(schedule), "cyan"))
            made.append(f" {schedule.expression} UTC")
            self._line(datetime.now(UTC), watch.owner_of(schedule.name), made)
        for schedule in news.gone:
            gone = Text.assemble("  EventBridge schedule ", (short(schedule), "yellow"), " deleted")
            self._line(datetime.now(UTC), watch.owner_of(schedule.name), gone)

    def _line(self, at: datetime, user: str, text: Text) -> None:
        seconds = max((at - self.begun).total_seconds(), 0)
        start = f"  {seconds:5.1f} s  {name_of(user):<{NAME_COLUMNS}} "
        line = Text.assemble((start, "dim"), text)
        self._console.print(line, no_wrap=True, overflow="ellipsis")


def said(properties: Mapping[str, Any]) -> str:
    """Return the first properties, or attributes, that are single values, as words."""
    single = [(k, v) for k, v in properties.items() if not isinstance(v, list | Mapping)]
    return ", ".join(f"{key} {value(each)}" for key, each in single[:2])


def decision(record: Record, watch: Watch) -> Text:
    """Return what was decided, with its timer, its step or its reason."""
    style = STYLES[record.outcome]
    text = Text.assemble(
        (f"{SIGNS[record.outcome]} {record.outcome:<{OUTCOME_COLUMNS}}", style),
        f"  {record.definition:<{CAMPAIGN_COLUMNS}}",
    )
    if record.outcome is Outcome.SCHEDULED and record.due:
        return text.append(f"  {timer(record.at, record.due)}", "dim")
    if record.outcome is Outcome.ENTERED:
        run = watch.runs.get(trigger_of(record))
        return text.append(f"  first step {timer(record.at, run.due)}" if run else "", "dim")
    if record.step:
        text.append(f"  {record.step}")
    if record.outcome is Outcome.SENT:
        mail = watch.mail_of(record)
        where = f"e-mail to {mail.to}: {mail.subject}" if mail else "message.requested on the bus"
        return text.append(f"  {where}", "dim")
    if record.outcome in AFTERWARDS:
        return text.append(f"  {sentence(record)}", "dim")
    if record.reason:
        text.append(f"  {record.reason}", style)
        text.append(f"  {compared_values(record.detail)}", "dim")
    text.rstrip()
    return text


def timer(at: datetime, due: datetime) -> str:
    """Return when it is due, and which kind of timer rings then."""
    seconds = round((due - at).total_seconds())
    if seconds <= 0:
        return "due at once"
    kind = "SQS delay" if seconds <= DELAY_SECONDS_MAX else "EventBridge Scheduler"
    return f"due in {span(due - at)}: {kind}"


def span(given: timedelta) -> str:
    """Return the span as people say it: to the second, one of more than an hour to the minute."""
    unit = 60 if given > timedelta(hours=1) else 1
    return format_duration(timedelta(seconds=round(given.total_seconds() / unit) * unit))


def short(schedule: Schedule) -> str:
    """Return enough of the schedule's name to know it by."""
    name = schedule.name
    return name if len(name) <= SHORT else f"{name[:10]}…{name[-4:]}"


def waiting(watch: Watch) -> RenderableType:
    """Return what is pending now, with a bar that fills until it is due."""
    now = datetime.now(UTC)
    records = list(watch.records)
    ended = {trigger_of(record) for record in records if is_last(record)}
    table = Table.grid(padding=(0, 2))
    for record in records:
        run = watch.runs.get(trigger_of(record))
        due = run.due if run else record.due
        if record.outcome in OPEN and due and trigger_of(record) not in ended:
            since = max(record.at, run.since) if run else record.at
            table.add_row(
                Text(f"  {name_of(record.user)}", "cyan"),
                Text(record.definition),
                _bar(since, due, now),
                Text(f"in {span(due - now)}" if due > now else "now"),
            )
    if not table.row_count:
        return Text("")
    there = len(watch.schedules) - len(watch.gone)
    note = f"  waiting: {watch.delayed} in the due queue with a delay, {there} in Scheduler"
    return Group(Text(""), Text(note, "dim"), table)


def _bar(since: datetime, due: datetime, now: datetime) -> ProgressBar:
    total = (due - since).total_seconds()
    done = (now - since).total_seconds()
    return ProgressBar(total=max(total, 1), completed=min(done, total), width=BAR_COLUMNS)
