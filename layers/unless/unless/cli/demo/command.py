"""
`unless demo`: starts a local AWS, plays the acts on it, says why, and leaves nothing behind.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from rich.console import Console
from rich.text import Text

from unless.cli.console import Failure, count, output
from unless.cli.demo.cast import PEOPLE, Person
from unless.cli.demo.functions import FunctionLog, read_log
from unless.cli.demo.play import Play
from unless.cli.demo.report import (
    Run,
    say_gone,
    say_kept,
    say_result,
    show_logs,
    show_mails,
    show_verdicts,
    show_where,
)
from unless.cli.demo.screen import Stages, Timeline
from unless.cli.demo.stage import ROOT, WARM_UPS, Bus, publish_example, start_functions
from unless.cli.demo.stamping import city_at_noon, read_rows
from unless.cli.demo.surroundings import failures_are_sentences, no_other_aws, signals_raise
from unless.cli.demo.verdict import Verdict, unexpected, without_record
from unless.cli.demo.watching import Watch, listener
from unless.cli.deployment import deployed
from unless.cli.failures import INTERRUPTED
from unless.cli.local_aws import LocalAws, local_aws
from unless.definitions.models import Kind
from unless.definitions.snapshot import Snapshot

BREATH_SECONDS = 1.5
"""The pause after each act on a terminal; a pipe has none."""

REMOVING = "Removing what was started"
INTERRUPTION = "Interrupted. Everything that was started is gone again."

FUNCTIONS = (*WARM_UPS, "SweepFunctionName")


def demo(*, keep: bool, port: int | None) -> bool:
    """
    Play the demo and return whether everything came as expected.

    Raises:
        Failure: the local AWS is not to be had, or something in the checkout is missing.
    """
    console, begun = output(), time.monotonic()
    console.print(Text("Send this, after that, unless …", "bold"))
    console.print("Real events through the real template.yaml, on a local AWS.\n")
    stages = Stages(console)
    played: bool | None = None
    with signals_raise(), no_other_aws(), failures_are_sentences(ROOT):
        try:
            with local_aws(ROOT, port=port, keep=keep, progress=stages) as aws:
                os.environ.update(aws.environment)
                try:
                    played = _play(aws, console, stages, begun)
                finally:
                    stages.end(well=played is not None)
                    if played is None or not keep:
                        stages(REMOVING)
        except KeyboardInterrupt:
            raise Failure(INTERRUPTION, code=INTERRUPTED) from None
        finally:
            stages.end(well=stages.sentence == REMOVING)
    if keep:
        say_kept(console, aws)
    else:
        say_gone(console, aws)
    return played


def _play(aws: LocalAws, console: Console, stages: Stages, begun: float) -> bool:
    """Publish, play and report on a running local AWS."""
    app = deployed(aws.stack)
    stages("Publishing campaigns/")
    snapshot, rows = publish_example(app), read_rows(ROOT / "events" / "demo.jsonl")
    stages("Starting the functions")
    start_functions(aws)
    stages.end()
    set_up_seconds = time.monotonic() - begun
    zone = city_at_noon(app.clock())
    _say_when(console, app.clock().astimezone(zone), zone.key, snapshot)
    users = tuple(person.user for person in PEOPLE)
    with listener(app.clients, app.settings.bus) as url:
        watch = Watch(app, users, url, aws.endpoint)
        bus = Bus(app.clients, app.settings.bus, rows, zone)
        breath = BREATH_SECONDS if console.is_terminal else 0.0
        play = Play(watch, bus, Timeline(console), aws.outputs["EventsQueueUrl"], breath)
        play.run()
    show_mails(console, watch)
    verdicts = play.verdicts()
    show_verdicts(console, verdicts)
    logs = [read_log(app.clients, aws.outputs[name]) for name in FUNCTIONS]
    run = Run(bus.put_count, set_up_seconds, play.seconds, snapshot.version)
    show_where(console, aws, watch, logs, run)
    return _conclude(console, verdicts, watch, logs)


def _say_when(console: Console, clock: datetime, zone: str, live: Snapshot) -> None:
    kinds = Counter(each.kind for each in live.definitions.values())
    campaigns = count(kinds[Kind.CAMPAIGN], "campaign")
    journeys = count(kinds[Kind.JOURNEY], "journey")
    console.print()
    for line in (
        f"  {campaigns} and {journeys} are live as written, with waits of an hour to days.",
        "  Each event says that it happened just as long ago, but for some seconds.",
        f"  Everybody lives where it is {clock:%H:%M} ({zone}), outside the quiet hours.",
    ):
        console.print(Text(line, "dim"))


def _conclude(
    console: Console,
    verdicts: Mapping[Person, list[Verdict]],
    watch: Watch,
    logs: list[FunctionLog],
) -> bool:
    """Say whether all came as expected, and if not, what to look at; return which."""
    extra, strays = unexpected(watch), without_record(watch)
    for mail in strays:
        console.print(
            Text(f"  ✗ no record says that this was sent: to {mail.to}, {mail.subject}", "red"),
            soft_wrap=True,
        )
    for record in extra:
        console.print(
            Text(f"  ✗ nobody expected: {json.dumps(record.as_json())}", "red"), soft_wrap=True
        )
    every = [verdict for several in verdicts.values() for verdict in several]
    good = sum(not verdict.problem for verdict in every)
    ok = good == len(every) and not extra and not strays
    if not ok:
        show_logs(console, logs)
    say_result(console, good, len(every), ok=ok)
    return ok
