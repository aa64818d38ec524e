"""The command `unless`."""

import sys
from io import TextIOWrapper


def main() -> None:
    """Run what was typed on the command line, and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no ✓ shows a ?
    try:
        from unless.cli.commands import app

        app(prog_name="unless")
    except KeyboardInterrupt:
        sys.exit(130)
