"""
`unless check --explain CODE`: what a mistake is, on a simulated user, and what mends it.
"""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from unless.cli.check import STYLES
from unless.cli.console import Failure, output
from unless.cli.lessons.lesson import Lesson, Version, lesson_on
from unless.cli.lessons.playing import play, show_timeline
from unless.definitions.issues import CheckCode, choices, nearest

INDENT = 4
"""Columns by which definitions are set in."""


def explain(code: str) -> None:
    """
    Print the lesson on a code.

    Raises:
        Failure: there is no such code.
    """
    show_lesson(output(), lesson_on(_known(code)))


def _known(code: str) -> CheckCode:
    names = [each.value for each in CheckCode]
    if code in names:
        return CheckCode(code)
    offered = nearest(code, names)
    raise Failure(
        f"There is no code {code!r}.",
        f"Did you mean `{offered}`?" if offered else f"Known are {choices(names)}.",
        code=2,
    )


def show_lesson(console: Console, lesson: Lesson) -> None:
    """Print what the code means, then the wrong and the mended version with what happens."""
    level = lesson.code.level
    console.print(Text.assemble((f"{level}[{lesson.code}]", STYLES[level]), f"  {lesson.title}"))
    console.print()
    console.print(Text(lesson.means))
    _show_version(console, lesson.wrong, "Wrong", "red")
    _say_mistakes(console, lesson)
    _show_what_happens(console, lesson, lesson.wrong)
    _show_version(console, lesson.mended, "Mended", "green")
    _show_what_happens(console, lesson, lesson.mended)


def _show_version(console: Console, version: Version, heading: str, style: str) -> None:
    console.print()
    console.print(Text(heading, f"bold {style}"))
    for line in version.define.rstrip().splitlines():
        console.print(Text(" " * INDENT + line, "cyan"), soft_wrap=True)


def _say_mistakes(console: Console, lesson: Lesson) -> None:
    """Print what the check says of the wrong version."""
    console.print()
    for issue in lesson.wrong.checked().issues:
        if issue.code is lesson.code:
            label = (f"{issue.level}[{issue.code}]", STYLES[issue.level])
            said = Text.assemble(label, f" at {issue.path}: {issue.message}")
            console.print(Padding(said, (0, 0, 0, 2)) if console.is_terminal else Text("  ") + said)


def _show_what_happens(console: Console, lesson: Lesson, version: Version) -> None:
    console.print()
    if version.expect is not None:
        show_timeline(console, play(version.played(), lesson.users, lesson.when))
        if not version.expect:
            console.print("  (nothing follows)")
    arrow = Text(f"→ {version.happens}")
    console.print(Padding(arrow, (0, 0, 0, 2)) if console.is_terminal else Text("  ") + arrow)
