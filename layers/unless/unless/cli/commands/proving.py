"""
The command with which maintainers attack Unless; people who use it need it not, so it is hidden.
"""

import os
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_REPORT = Path("build/prove.json")
"""Where the figures lie, from the folder of the checkout; git does not see it."""

commands = typer.Typer()


@commands.command(hidden=True)
def prove(
    parts: Annotated[
        list[str] | None,
        typer.Argument(metavar="PART", help="Only these parts.", show_default="all"),
    ] = None,
    scale: Annotated[
        float, typer.Option(min=0.00001, max=100, help="This share of the whole, for a try.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="Where chance begins.")] = 0,
    processes: Annotated[
        int | None,
        typer.Option("-j", min=1, help="Processes.", show_default="one for each processor"),
    ] = None,
    report: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the figures are written.")
    ] = DEFAULT_REPORT,
    resume: Annotated[
        bool, typer.Option("--resume", help="Leave out parts that this code has stood already.")
    ] = False,
    replay: Annotated[
        str | None, typer.Option(metavar="PART=CASE", help="Only this case, with its story.")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the figures of the report as Markdown.")
    ] = False,
) -> None:
    """Attack every promise, and say what became of it."""
    from unless.cli.prove import command

    if markdown:
        command.show_markdown(report)
        return
    if replay is not None:
        holds = command.replay(replay)
    else:
        number = processes or os.process_cpu_count() or 1
        asked = command.Asked(tuple(parts or ()), scale, seed, number, report, resume)
        holds = command.prove(asked)
    if not holds:
        raise typer.Exit(1)
