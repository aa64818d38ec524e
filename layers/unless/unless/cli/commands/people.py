"""
Commands on a stack about single users: what was decided, what waits, and forgetting them.
"""

from pathlib import Path
from typing import Annotated

import typer

from unless.cli.commands.parameters import Json, Stack, Yes

PANEL = "Ask about people, on AWS"

UserId = Annotated[str | None, typer.Argument(metavar="USER", help="Only of this user.")]
OfDefinition = Annotated[
    str | None,
    typer.Option(
        "--campaign", "--journey", metavar="ID", help="Only of the campaign or journey of this id."
    ),
]
_MOMENT = "A span from now, such as 2h, or an instant (UTC)."
DueFrom = Annotated[
    str | None, typer.Option(metavar="TIME", help=f"Only what is due then or later. {_MOMENT}")
]
DueTo = Annotated[
    str | None, typer.Option(metavar="TIME", help=f"Only what is due until then. {_MOMENT}")
]
PropertyIs = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="PATH=VALUE",
        help="Only where the trigger's property is this, such as cart_id=c-9; all must hold.",
    ),
]

commands = typer.Typer()


@commands.command(rich_help_panel=PANEL)
def why(
    user: Annotated[
        str | None, typer.Argument(metavar="USER", help="The user's id.", show_default=False)
    ] = None,
    definition: Annotated[
        str | None,
        typer.Argument(metavar="CAMPAIGN", help="Only of the campaign or journey of this id."),
    ] = None,
    stack: Stack = "unless",
    records: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Ask what `simulate --json` printed; - reads a pipe."),
    ] = None,
    event: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Say what this event would do now; write nothing."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only what was decided since, such as 3d.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=0, help="Show so many, 0 for all.", show_default="20, with --json all"),
    ] = None,
    audit: Annotated[
        bool,
        typer.Option("--audit", help="Of all users: does every trigger on record end once?"),
    ] = False,
    json: Json = False,
) -> None:
    """Say what was decided for a user, and why, newest first."""
    from unless.cli.why.command import Question
    from unless.cli.why.command import why as run

    question = Question(user, definition, records, event, since, limit, audit)
    if not run(question, stack, as_json=json):
        raise typer.Exit(1)


@commands.command(rich_help_panel=PANEL)
def pending(
    user: UserId = None,
    definition: OfDefinition = None,
    due_from: DueFrom = None,
    due_to: DueTo = None,
    where: PropertyIs = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Show so many.", show_default="50, with --json all"),
    ] = None,
    stack: Stack = "unless",
    json: Json = False,
) -> None:
    """Show what is waiting, due when, for what."""
    from unless.cli.item_filters import ItemFilters
    from unless.cli.pending import pending as run

    filters = ItemFilters(user, definition, due_from, due_to, tuple(where or ()))
    run(filters, stack, limit=limit, as_json=json)


@commands.command(rich_help_panel=PANEL)
def cancel(
    user: UserId = None,
    definition: OfDefinition = None,
    due_from: DueFrom = None,
    due_to: DueTo = None,
    where: PropertyIs = None,
    stack: Stack = "unless",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Cancel pending sends and runs; say first how many, then what became of each."""
    from unless.cli.cancel import cancel as run
    from unless.cli.item_filters import ItemFilters

    filters = ItemFilters(user, definition, due_from, due_to, tuple(where or ()))
    if not run(filters, stack, yes=yes, as_json=json):
        raise typer.Exit(1)


@commands.command("delete-user", rich_help_panel=PANEL)
def delete_user(
    user: Annotated[str, typer.Argument(metavar="USER", help="The user's id.")],
    stack: Stack = "unless",
    yes: Yes = False,
) -> None:
    """Forget a user: end what is pending, delete what is known."""
    from unless.cli.operate import delete_user as run

    run(user, stack, yes=yes)
