"""
Commands that need no AWS: writing definitions, and trying them.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from unless.cli.commands.parameters import DEFAULT_FOLDER, Json

PANEL = "Write and try, offline"

commands = typer.Typer()


class Through(StrEnum):
    """What a scenario may be run through, instead of the engine alone."""

    AWS = "aws"


@commands.command(rich_help_panel=PANEL)
def check(
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR", help="The folder of the workspace.", show_default=DEFAULT_FOLDER
        ),
    ] = None,
    json: Json = False,
    mermaid: Annotated[
        bool, typer.Option("--mermaid", help="Print the journeys as Mermaid flowcharts only.")
    ] = False,
    journey: Annotated[
        str | None, typer.Option(metavar="ID", help="Draw only the journey of this id.")
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Teach what a code means, on a simulated user."),
    ] = None,
) -> None:
    """Find mistakes in every definition, and draw the journeys."""
    if explain is not None:
        from unless.cli.lessons.explain import explain as teach

        teach(explain)
        return
    from unless.cli.check import check as run

    if not run(directory, as_json=json, as_mermaid=mermaid, journey=journey):
        raise typer.Exit(1)


@commands.command("test", rich_help_panel=PANEL)
def run_scenarios(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Files of scenarios, or folders.")
    ],
    through: Annotated[
        Through | None,
        typer.Option(help="Through the real handlers, store, queues and timers, in this process."),
    ] = None,
    json: Json = False,
) -> None:
    """Run scenarios: what happens, and what must follow."""
    from unless.cli.run_scenarios import run_all as run

    if not run(paths, through, as_json=json):
        raise typer.Exit(1)


@commands.command(rich_help_panel=PANEL)
def simulate(
    events: Annotated[
        list[Path],
        typer.Argument(
            metavar="EVENTS", help="Files of events, plain or gzip, or folders of such files."
        ),
    ],
    workspace: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="The folder of the workspace.", show_default=DEFAULT_FOLDER
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="OLD_DIR", help="Say what differs from the definitions in there."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="Stop there; what is due later waits.")
    ] = None,
    json: Json = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="With --against: for a comment on a pull request.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the report with plots as a page, too."),
    ] = None,
) -> None:
    """Play past events through a workspace, on a virtual clock."""
    from unless.cli.simulating.simulation import Asked
    from unless.cli.simulating.simulation import simulate as run

    run(Asked(workspace, against, tuple(events), until, json, markdown, html))


@commands.command(rich_help_panel=PANEL)
def schema() -> None:
    """Print the JSON Schema of the definitions, for editors."""
    from unless.cli.schema import schema as run

    run()


@commands.command(rich_help_panel=PANEL)
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the local AWS up, and say how to play on.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(help="The port of the local AWS; any free one by default.")
    ] = None,
) -> None:
    """Watch real events go through the whole pipeline, on this machine."""
    from unless.cli.demo.command import demo as run

    if not run(keep=keep, port=port):
        raise typer.Exit(1)
