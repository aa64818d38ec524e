"""The command `unless`."""


def main() -> None:
    """Run what was typed on the command line, and exit with its code."""
    from unless.cli.commands import app

    app(prog_name="unless")
