"""
What may be typed after `unless`: the commands with their arguments, options and help.

Each command's work is in a module of its own, imported when it is run: `unless --help` reads no
definition, no AWS client and no engine.
"""

from typing import Any

import typer
from typer.core import TyperGroup

from unless.cli.commands import offline, operating, people, previewing, proving
from unless.cli.failures import guarded


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
every = (offline, previewing, operating, people, proving)
for commands in (module.commands for module in every):
    app.add_typer(commands)
