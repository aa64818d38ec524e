"""`unless prove`: a small proof, its report, and cases that are had again."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Typed
from unless.cli.prove.report import Figures, Report, read_report, write_report
from unless.cli.prove.words import how_long
from unless.sim.proof.malformed.part import Malformed
from unless.sim.proof.parts import Found, Violation

pytestmark = pytest.mark.slow  # each proof starts a process

TINY = ("--scale", "0.00001", "-j", "1")


def test_a_small_proof_writes_its_figures(typed: Typed, tmp_path: Path) -> None:
    """It says how long it takes, one line when a part is over, and a table; the file has it all."""
    file = tmp_path / "build" / "prove.json"
    told = typed("prove", "malformed", *TINY, "--seed", "3", "--report", file)
    assert told.exit_code == 0, told.output
    assert "malformed  about 10 messages" in told.output
    assert "malformed  10 messages, nothing" in told.output
    written = json.loads(file.read_text())["parts"]["malformed"]
    assert (written["cases"], written["wrong"], written["seed"]) == (10, 0, 3)
    assert (
        "| malformed | 10 messages | nothing |"
        in typed("prove", "--markdown", "--report", file).output
    )


def test_a_part_that_this_code_has_stood_is_left_out(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--resume` goes on after it; another seed or another code is another proof."""
    monkeypatch.setattr("unless.cli.prove.command.code_name", lambda: "one")
    file = tmp_path / "prove.json"
    words = ("prove", "malformed", *TINY, "--report", file)
    typed(*words)
    again = typed(*words, "--resume")
    assert "about" not in again.output
    assert "malformed" in again.output
    assert "about" in typed(*words, "--resume", "--seed", "1").output
    monkeypatch.setattr("unless.cli.prove.command.code_name", lambda: "another")
    assert "about" in typed(*words, "--resume", "--seed", "1").output


def test_a_broken_promise_ends_with_1_and_the_command_for_it(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The story is told, with nothing that a terminal would obey, and how to have it again."""

    def broken(_: Malformed, case: str) -> Found:
        found = Found(cases=1)
        found.violate(Violation(case, "V5: it went back", ("first", "second\x1b[2J")))
        return found

    monkeypatch.setattr(Malformed, "replay", broken)
    told = typed("prove", "--replay", "malformed=0:7")
    assert told.exit_code == 1
    assert "V5: it went back" in told.output
    assert "again: unless prove --replay 'malformed=0:7'" in told.output
    assert "\x1b[2J" not in told.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("prove", "nothing"), "There is no part 'nothing'."),
        (("prove", "--replay", "zones=Mars/Base@2026-01-01"), "names no case of the proof"),
        (("prove", "--replay", "malformed=x"), "names no case of the proof"),
    ],
)
def test_what_does_not_exist_is_said(words: tuple[str, ...], said: str, typed: Typed) -> None:
    """A wrong name ends with 2 and a sentence."""
    told = typed(*words)
    assert told.exit_code == 2
    assert said in told.output


def test_a_case_is_had_again(typed: Typed) -> None:
    """A change of a clock that is in order says so."""
    told = typed("prove", "--replay", "zones=Europe/Paris@2026-03-29T01:00:00+00:00")
    assert told.exit_code == 0, told.output
    assert "nothing is wrong" in told.output
    assert "only" not in told.output  # what one case cannot show is no complaint


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Also with violations; and another file is refused with a remedy."""
    known: dict[str, Any] = {"noun": "n", "cases": 2, "wrong": 1, "seconds": 1.5, "seed": 0}
    violation = Violation("7", "wrong", ("a", "b"))
    figures = Figures(
        **known, scale=1.0, processes=2, code="c", at="2026-02-02T10:00:00+00:00",
        seen={"x": 1}, unproven=("y",), violations=(violation,),
    )  # fmt: skip
    file = tmp_path / "prove.json"
    report = Report().with_part("p", figures)
    write_report(file, report)
    assert read_report(file) == report


def test_lengths_of_time_are_said_as_people_do() -> None:
    """Seconds, minutes, hours."""
    assert [how_long(s) for s in (5, 240, 7200)] == ["5 s", "4 min", "2.0 h"]
