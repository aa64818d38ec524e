"""
Commands on a stack that change what is published, and what comes in; and what came of it.
"""

from pathlib import Path
from typing import Annotated

import typer

from unless.cli.commands.parameters import Folder, Json, Stack, Yes

PANEL = "Run, on AWS"

Events = Annotated[
    Path,
    typer.Argument(
        metavar="EVENTS", help="A file of events, one JSON object a line, plain or .gz."
    ),
]
DefinitionId = Annotated[
    str, typer.Argument(metavar="ID", help="The id of the campaign or journey.")
]

commands = typer.Typer()


@commands.command(rich_help_panel=PANEL)
def publish(directory: Folder, stack: Stack = "unless", yes: Yes = False) -> None:
    """Check a workspace and make it live; say first what changes."""
    from unless.cli.publish import publish as run

    run(directory, stack, yes=yes)


@commands.command(rich_help_panel=PANEL)
def put(
    events: Events,
    stack: Stack = "unless",
    source: Annotated[
        str, typer.Option(help="The source of events that name none.")
    ] = "unless.put",
    backfill: Annotated[
        bool,
        typer.Option(
            "--backfill",
            help=(
                "Load the past as history only: nothing is started by it. A line without `event` "
                'is a profile: {"user": "u", "attributes": {…}, "time": …}. Interrupted, the same '
                "command goes on where it stopped; what it has done is noted beside the file."
            ),
        ),
    ] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin a backfill again with the first line.")
    ] = False,
) -> None:
    """Put events on the bus; only what was refused is sent again."""
    if restart and not backfill:
        raise typer.BadParameter("goes with --backfill only", param_hint="--restart")
    if backfill:
        from unless.cli.backfill import backfill as load

        done = load(events, stack, source, restart=restart)
    else:
        from unless.cli.put import put as run

        done = run(events, stack, source)
    if not done:
        raise typer.Exit(1)


@commands.command(rich_help_panel=PANEL)
def stats(
    definition: Annotated[
        str | None,
        typer.Argument(
            metavar="CAMPAIGN", help="The id of a campaign or journey; all without one."
        ),
    ] = None,
    stack: Stack = "unless",
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only what was decided since, such as 7d.")
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Count what `simulate --json` printed; - reads a pipe."),
    ] = None,
    json: Json = False,
) -> None:
    """Count what was triggered, sent, opened and converted, and why not."""
    from unless.cli.stats.command import stats as run

    run(definition, stack, since=since, records=records, as_json=json)


def _operation(name: str, help_text: str) -> None:
    """Add one of the commands that differ in nothing but what they do to the definition."""

    @commands.command(name, rich_help_panel=PANEL, help=help_text)
    def operate(definition: DefinitionId, stack: Stack = "unless", yes: Yes = False) -> None:
        from unless.cli.operate import operate as run

        run(name, definition, stack, yes=yes)


_operation("pause", "Hold back every message of a campaign or journey until it is resumed.")
_operation("resume", "Make a paused or stopped campaign or journey live again.")
_operation("stop", "End a campaign or journey; what a campaign has pending is cancelled.")
_operation("archive", "Stop a campaign or journey and put it away.")
