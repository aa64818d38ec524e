"""
Lessons on mistakes: what they teach is what the check finds and what the simulation does.
"""

import os
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Typed
from unless.cli.lessons.lesson import Lesson, Version, lesson_on
from unless.cli.lessons.playing import play
from unless.definitions.issues import CheckCode
from unless.engine.records import OPEN, Record
from unless.sim.expectations import compare, terminal_rows

PRINTED = Path(__file__).with_name("lessons")
"""The lessons as they are printed. `RENEW=1 pytest` on this file writes them anew: read them."""

STORIES = (
    CheckCode.AUDIENCE_USES_TRIGGER,
    CheckCode.EXIT_FILTER_SHORTER_THAN_WAIT,
    CheckCode.SEND_LOOP,
    CheckCode.WINDOW_NEVER_MET,
    CheckCode.DELAY_EXCEEDS_DURATION,
    CheckCode.EXCEPTION_NEEDS_DELAY,
    CheckCode.SESSION_START_BOTH,
)
"""Those that are held word for word."""

every_code = pytest.mark.parametrize("code", CheckCode)


def records(lesson: Lesson, version: Version) -> list[Record]:
    """Return the decisions that a version leads to."""
    moments = play(version.played(), lesson.users, lesson.when)
    return [record for moment in moments for record in moment.records]


@every_code
def test_the_wrong_version_has_the_mistake(code: CheckCode) -> None:
    """The check finds the code that is taught in it, and nothing else."""
    lesson = lesson_on(code)
    assert {issue.code for issue in lesson.wrong.checked().issues} == {code}


@every_code
def test_the_mended_version_has_none(code: CheckCode) -> None:
    """What a lesson recommends passes the check, without a warning; so does what is simulated."""
    lesson = lesson_on(code)
    assert lesson.mended.checked().issues == ()
    if lesson.wrong.taken_for:
        assert lesson.wrong.played().issues == ()


@every_code
def test_what_is_simulated_is_what_the_lesson_says(code: CheckCode) -> None:
    """Every terminal record of both versions is expected, and no other."""
    lesson = lesson_on(code)
    assert lesson.mended.expect
    for version in (lesson.wrong, lesson.mended):
        if version.expect is not None:
            comparison = compare(version.expect, terminal_rows(records(lesson, version)), [])
            assert comparison.equal, comparison


@every_code
def test_a_lesson_shows_a_difference(code: CheckCode) -> None:
    """The same events end otherwise under the mended version than under the wrong one."""
    lesson = lesson_on(code)
    if lesson.wrong.expect is not None:
        wrong, mended = (
            [
                (record.at, record.outcome, record.definition)
                for record in records(lesson, version)
                if record.outcome not in OPEN
            ]
            for version in (lesson.wrong, lesson.mended)
        )
        assert wrong != mended


@pytest.mark.parametrize("code", STORIES)
def test_a_story_is_printed_as_it_was_read(typed: Typed, code: CheckCode) -> None:
    """The printed lesson is the text that was read and found good."""
    printed = typed("check", "--explain", code).stdout
    golden = PRINTED / f"{code}.txt"
    if os.environ.get("RENEW"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


@every_code
def test_every_code_can_be_explained(typed: Typed, code: CheckCode) -> None:
    """The command prints both versions, and what happens under them."""
    result = typed("check", "--explain", code)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{code.level}[{code}]  ")
    assert result.stdout.index("\nWrong\n") < result.stdout.index("\nMended\n")
    assert result.stdout.count("\n  → ") == 2


def test_a_code_that_does_not_exist_is_told(typed: Typed) -> None:
    """A misspelt code is a wrong command, and the nearest one is offered."""
    result = typed("check", "--explain", "send_lop")
    assert result.exit_code == 2
    assert "`send_loop`" in result.stderr
