"""
The end of the demo: for each person what came, what was expected and why; then what ran where.
"""

import json
import os
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from unless.cli.console import columns, count, printable
from unless.cli.demo.cast import PEOPLE, Person
from unless.cli.demo.functions import FunctionLog
from unless.cli.demo.mailbox import LINK, MESSAGES, Mail
from unless.cli.demo.screen import NAME_COLUMNS, OUTCOME_COLUMNS, name_of
from unless.cli.demo.stage import ROOT
from unless.cli.demo.stamping import city_at_noon
from unless.cli.demo.verdict import Verdict
from unless.cli.demo.watching import Watch
from unless.cli.local_aws import EMAIL_FROM, LocalAws
from unless.cli.sam import host_architecture
from unless.cli.words import STYLES

INDENT = NAME_COLUMNS + 3

SHOWN = ("u-ana", "u-chloe")
"""Whose e-mails are shown."""

LINK_COLUMNS = 24
LINK_NOTE = (
    "The signed link in each is also its header List-Unsubscribe, of which this SES keeps no copy."
)

LOG_LINES = 8
"""How much of each function's log is shown when something went wrong."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the demo did: counts and seconds."""

    put: int
    set_up_seconds: float
    seconds: float
    version: str


def show_mails(console: Console, watch: Watch) -> None:
    """Print two of the e-mails as they lie in the mailboxes, in both languages."""
    for user in SHOWN:
        for mail in (each for each in watch.mails if each.user == user):
            console.print()
            console.print(Padding(_letter(mail), (0, 0, 0, 2), expand=False))
    html = sum(1 for mail in watch.mails if mail.html)
    note = f"  {count(len(watch.mails), 'e-mail')} at SES, {html} of them as HTML too. {LINK_NOTE}"
    console.print(Padding(Text(note.strip(), "dim"), (0, 0, 0, 2), expand=False))


def _letter(mail: Mail) -> Panel:
    head = Text.assemble(
        *(
            part
            for name, said in (("From", mail.sender), ("To", mail.to), ("Subject", mail.subject))
            for part in ((f"{name:<9}", "dim"), (f"{printable(said)}\n", "bold"))
        )
    )
    lines = LINK.sub(_shortened, mail.text).strip().split("\n")
    return Panel.fit(head.append("\n").append("\n".join(map(printable, lines))))


def _shortened(link: re.Match[str]) -> str:
    """Return the link to unsubscribe without most of its token."""
    return f"{link[0][:LINK_COLUMNS]}…"


def show_verdicts(console: Console, verdicts: Mapping[Person, Sequence[Verdict]]) -> None:
    """Print for each person what they did, what came of it, and why."""
    console.print()
    console.print(Text("  What came of it, and why (✓ as expected)", "bold"))
    for person in PEOPLE:
        console.print()
        who = (f"  {name_of(person.user):<{NAME_COLUMNS}} ", "bold")
        console.print(Text.assemble(who, person.did))
        for verdict in verdicts[person]:
            _show(console, verdict)


def _show(console: Console, verdict: Verdict) -> None:
    """Print what came of a trigger, and on the next line why."""
    record, ok = verdict.record, not verdict.problem
    came = f"{record.outcome if record else 'nothing':<{OUTCOME_COLUMNS}}"
    line = Text.assemble(
        ("✓ ", "green") if ok else ("✗ ", "bold red"),
        (came, STYLES[record.outcome] if record else "red"),
        f"  {verdict.ending.definition}",
        f"  {verdict.ending.step}" if verdict.ending.step else "",
        (f"  {record.reason}" if record and record.reason else "", "dim"),
        (f"  {verdict.problem}" if verdict.problem else "", "bold red"),
    )
    console.print(Padding(line, (0, 0, 0, INDENT), expand=False))
    if verdict.why:
        console.print(Padding(Text(verdict.why, "dim"), (0, 0, 0, INDENT + 2), expand=False))


def show_where(
    console: Console, aws: LocalAws, watch: Watch, logs: Sequence[FunctionLog], run: Run
) -> None:
    """Print what ran where, and how much of it."""
    packages = installed()
    stack = f"{aws.stack}: template.yaml, {_resources(aws)} resources, {host_architecture()}"
    asked = count(len(watch.requests), "message.requested", "message.requested")
    mails = count(len(watch.mails), "e-mail")
    schedules = f"{len(watch.schedules)} made, {len(watch.gone)} deleted again"
    rows = [
        ("local AWS", f"ministack {packages.get('ministack', '?')} at {aws.endpoint}"),
        ("stack", f"{stack}, deployed by sam {packages.get('aws-sam-cli', '?')}"),
        ("definitions", f"campaigns/, version {run.version}, launched 30 days ago"),
        ("bus", f"{aws.outputs['BusName']}: {count(run.put, 'event')} in, {asked} out"),
        ("SES", f"{mails} out, from {EMAIL_FROM}"),
        ("queues", ", ".join(_queue(aws.outputs[q]) for q in ("EventsQueueUrl", "DueQueueUrl"))),
    ]
    rows += [("function", f"{log.name}: {count(log.runs, 'run')}") for log in logs]
    rows[-1] = (rows[-1][0], f"{rows[-1][1]} (every minute)")
    rows += [
        ("tables", f"{aws.outputs['TableName']}, {aws.outputs['LedgerTableName']}"),
        ("records", f"{len(watch.records)} decisions about {len(watch.users)} users"),
        ("schedules", f"{schedules}, group {aws.outputs['ScheduleGroupName']}"),
        ("time", f"{run.set_up_seconds:.0f} s set-up, {run.seconds:.0f} s events to messages"),
    ]
    console.print()
    console.print(Text("  What ran where", "bold"))
    console.print()
    columns(console, [(Text(f"  {label}", "dim"), text) for label, text in rows])


def show_logs(console: Console, logs: Sequence[FunctionLog]) -> None:
    """Print what each function said last, for whoever looks for a fault."""
    for log in logs:
        console.print()
        console.print(Text(f"  {log.name} said last:", "bold"))
        for line in log.tail(LOG_LINES) or ["(nothing)"]:
            console.print(Text(f"    {line}", "dim"), soft_wrap=True)


def installed() -> dict[str, str]:
    """Return the versions in the environment of the local AWS, by package."""
    paths = [str(path) for path in ROOT.glob(".venv-aws/lib/python*/site-packages")]
    return {each.name: each.version for each in distributions(path=paths)}


def _resources(aws: LocalAws) -> int:
    answer = aws.client("cloudformation").describe_stack_resources(StackName=aws.stack)
    return len(answer["StackResources"])


def _queue(url: str) -> str:
    return url.rsplit("/", 1)[-1]


# --- the last words -------------------------------------------------------------------------


def say_result(console: Console, good: int, of: int, *, ok: bool) -> None:
    """Print the one line that counts."""
    console.print()
    console.print(
        Text(f"  {good} of {of} outcomes are as expected.", "bold green" if ok else "bold red")
    )


def say_gone(console: Console, aws: LocalAws) -> None:
    """Print whether anything is left of what was started."""
    host, port = aws.endpoint.removeprefix("http://").split(":")
    with socket.socket() as probe:
        is_open = probe.connect_ex((host, int(port))) == 0
    if is_open or aws.folder.exists():
        console.print(f"  Something is left at {aws.endpoint} or in {aws.folder}.", style="red")
    else:
        console.print("  Everything that was started is gone again: processes, port, files.")


def say_kept(console: Console, aws: LocalAws) -> None:
    """Print how to play on, and how to end it."""
    zone = city_at_noon(datetime.now(UTC)).key
    row = {"user": "u-max", "event": "registered", "attributes": {"time_zone": zone}}
    exports = " ".join(f"{name}={value}" for name, value in aws.environment.items())
    unset = ["  unset AWS_PROFILE"] if "AWS_PROFILE" in os.environ else []
    console.print()
    console.print(Text("  The local AWS stays up. To play on:", "bold"))
    for line in (
        "",
        *unset,
        f"  export {exports}",
        f"  echo '{json.dumps(row)}' > now.jsonl",
        "  .venv/bin/unless put now.jsonl          # a welcome at once, and the onboarding begins",
        "  .venv/bin/unless pause abandoned_cart   # and resume, stop, archive, delete-user",
        "  .venv/bin/unless why u-chloe            # and pending, stats abandoned_cart",
        "  .venv/bin/unless preview abandoned_cart --user u-chloe --stack unless",
        f"  curl {aws.endpoint}{MESSAGES}     # the mailboxes",
        f"  tail -f {aws.folder / 'aws.log'}",
        "",
        f"  kill {aws.pid}    # ends it and removes its files",
    ):
        console.print(line, soft_wrap=True)
