"""
What may be typed after `unless`: the commands with their arguments, options and help.

Each command's work is in a module of its own, imported when it is run: `unless --help` reads no
definition, no AWS client and no engine.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from unless.cli.failures import guarded

DEFAULT_FOLDER = "this folder if unless.yaml is in it, else campaigns"
Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="The folder of the workspace, with unless.yaml.")
]
Events = Annotated[
    Path,
    typer.Argument(
        metavar="EVENTS", help="A file of events, one JSON object a line, plain or .gz."
    ),
]
Stack = Annotated[
    str, typer.Option(envvar="UNLESS_STACK", help="The name of the CloudFormation stack.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
Json = Annotated[bool, typer.Option("--json", help="For machines: one JSON object a line.")]
DefinitionId = Annotated[
    str, typer.Argument(metavar="ID", help="The id of the campaign or journey.")
]

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

OFFLINE, AWS = "Write and try, offline", "Run, on AWS"


class Through(StrEnum):
    """What a scenario may be run through, instead of the engine alone."""

    AWS = "aws"


class Commands(TyperGroup):
    """The commands; whatever one of them raises ends as a sentence and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed."""
        with guarded():
            return super().invoke(ctx)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Send this, after that, unless something else happens first.",
    epilog=(
        "Commands on AWS take AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL from the environment."
    ),
)


@app.command(rich_help_panel=OFFLINE)
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


@app.command("test", rich_help_panel=OFFLINE)
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


@app.command(rich_help_panel=OFFLINE)
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
    from unless.cli.simulation import Asked
    from unless.cli.simulation import simulate as run

    run(Asked(workspace, against, tuple(events), until, json, markdown, html))


@app.command(rich_help_panel=OFFLINE)
def schema() -> None:
    """Print the JSON Schema of the definitions, for editors."""
    from unless.cli.schema import schema as run

    run()


@app.command(rich_help_panel=OFFLINE)
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


@app.command(rich_help_panel=AWS)
def publish(directory: Folder, stack: Stack = "unless", yes: Yes = False) -> None:
    """Check a workspace and make it live; say first what changes."""
    from unless.cli.publish import publish as run

    run(directory, stack, yes=yes)


@app.command(rich_help_panel=AWS)
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


@app.command(rich_help_panel=AWS)
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


@app.command(rich_help_panel=AWS)
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


def _operation(name: str, help_text: str) -> None:
    """Add one of the commands that differ in nothing but what they do to the definition."""

    @app.command(name, rich_help_panel=AWS, help=help_text)
    def operate(definition: DefinitionId, stack: Stack = "unless", yes: Yes = False) -> None:
        from unless.cli.operate import operate as run

        run(name, definition, stack, yes=yes)


_operation("pause", "Hold back every message of a campaign or journey until it is resumed.")
_operation("resume", "Make a paused or stopped campaign or journey live again.")
_operation("stop", "End a campaign or journey; what a campaign has pending is cancelled.")
_operation("archive", "Stop a campaign or journey and put it away.")


@app.command("delete-user", rich_help_panel=AWS)
def delete_user(
    user: Annotated[str, typer.Argument(metavar="USER", help="The user's id.")],
    stack: Stack = "unless",
    yes: Yes = False,
) -> None:
    """Forget a user: end what is pending, delete what is known."""
    from unless.cli.operate import delete_user as run

    run(user, stack, yes=yes)


@app.command(rich_help_panel=AWS)
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
