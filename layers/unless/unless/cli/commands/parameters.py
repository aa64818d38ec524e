"""
Arguments and options that several commands have.
"""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_FOLDER = "this folder if unless.yaml is in it, else campaigns"
Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="The folder of the workspace, with unless.yaml.")
]
Stack = Annotated[
    str, typer.Option(envvar="UNLESS_STACK", help="The name of the CloudFormation stack.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
Json = Annotated[bool, typer.Option("--json", help="For machines: one JSON object a line.")]
