"""
The command that shows a message before it goes out.
"""

from pathlib import Path
from typing import Annotated

import typer

from unless.cli.commands.parameters import DEFAULT_FOLDER, Json

PANEL = "Write and try, offline"

commands = typer.Typer()


@commands.command(rich_help_panel=PANEL)
def preview(
    definition: Annotated[
        str, typer.Argument(metavar="CAMPAIGN", help="The id of the campaign or journey.")
    ],
    workspace: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="The folder of the workspace.", show_default=DEFAULT_FOLDER
        ),
    ] = None,
    step: Annotated[
        str | None,
        typer.Option(help="Of a journey: the step of the message; the first one by default."),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(
            metavar="JSON|FILE|ID",
            help="Who gets it; somebody in the audience by default.",
            show_default=False,
        ),
    ] = None,
    event: Annotated[
        str | None,
        typer.Option(
            metavar="JSON|FILE",
            help="The event that triggers it; one that passes its filters by default.",
            show_default=False,
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="TAG", help="As if the user's language were this.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the page of an e-mail, too.")
    ] = None,
    stack: Annotated[
        str | None,
        typer.Option(help="Look up the user of this id on that CloudFormation stack."),
    ] = None,
    json: Json = False,
) -> None:
    """Show a message as it would go out."""
    from unless.cli.preview.asked import Question
    from unless.cli.preview.command import preview as run

    question = Question(definition, workspace, step, user, event, language, stack)
    if not run(question, html, as_json=json):
        raise typer.Exit(1)
