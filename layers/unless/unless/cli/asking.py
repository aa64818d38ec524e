"""
Asking before something is done that others feel.
"""

import sys

from unless.cli.console import Ended, Failure, output

YES = frozenset({"y", "yes"})


def agree(question: str, *, yes: bool, needs_yes: bool = True) -> None:
    """
    Return once the person agrees; `yes` is agreement given before.

    Without a terminal nobody can be asked: then `needs_yes` says whether that stops it.

    Raises:
        Failure: the person does not agree, or cannot be asked.
    """
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        if needs_yes:
            raise Failure("Nothing was done: nobody can be asked here.", "Add --yes to do it.")
        return
    try:
        answer = output().input(f"{question} [y/N] ", markup=False)
    except EOFError:
        answer = ""
    if answer.strip().lower() not in YES:
        raise Ended("Nothing was done.")
