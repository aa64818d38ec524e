"""Definitions as people write them, for the tests of their checks."""

from textwrap import dedent

from unless.definitions.checks import Checked, check
from unless.definitions.issues import Issue
from unless.definitions.reading import read_text
from unless.definitions.snapshot import EMPTY, Snapshot

FILE = "campaigns/c.yaml"


def checked(text: str, published: Snapshot = EMPTY) -> Checked:
    """Return the definitions of a YAML text, judged."""
    reading = read_text(dedent(text), FILE)
    return check(reading.documents, found=reading.issues, published=published)


def campaign(text: str = "", trigger: str = "{event: cart_add}") -> str:
    """Return the campaign `c`, its trigger on line 2 and the text from line 3 on."""
    return f"campaign: c\ntrigger: {trigger}\n{dedent(text)}\n"


def journey(text: str = "", entry: str = "{trigger: {event: registered}}") -> str:
    """
    Return the journey `v`, its entry on line 2 and the text from line 3 on.

    It sends one message, unless the text has steps of its own.
    """
    written = dedent(text)
    steps = "" if "steps:" in written else "steps: [{message: {}}]\n"
    return f"journey: v\nentry: {entry}\n{written}\n{steps}"


def found(text: str) -> list[tuple[str, str, int | None]]:
    """Return code, path and line of each issue; that all of them are complete is asserted."""
    issues = checked(text).issues
    for issue in issues:
        assert_complete(issue)
    return [(str(issue.code), issue.path, issue.line) for issue in issues]


def assert_complete(issue: Issue) -> None:
    """Assert that an issue says what, where, of which definition, and what to do about it."""
    assert issue.message
    assert issue.remedy
    assert issue.file == FILE
    assert issue.line is not None
    assert issue.kind
