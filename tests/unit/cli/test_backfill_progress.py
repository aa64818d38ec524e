"""
How far a backfill has come, kept beside the file: what is settled, what is to be tried again.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from unless.cli.backfill_progress import Offered, Progress, line_digest
from unless.cli.console import Failure

NOW = datetime(2026, 2, 2, tzinfo=UTC)


def progress(folder: Path, target: str = "stack", *, restart: bool = False) -> Progress:
    """How far the file has come, as a new process finds it."""
    return Progress.of(folder / "past.jsonl", target, restart=restart)


def offer(known: Progress, *numbers: int) -> None:
    """Send these lines on their way; each is an event of its own hour."""
    for number in numbers:
        at = NOW + timedelta(hours=number)
        known.offer(Offered(number, line_digest(number, {"n": number}), "visit", at))


def test_what_the_bus_refuses_is_open_until_it_takes_it(tmp_path: Path) -> None:
    """Also for the next process; the lines around it are done."""
    known = progress(tmp_path)
    offer(known, 1, 2, 3, 4)
    known.settle(3, {2})
    known.save()
    found = progress(tmp_path)
    assert [line for line in range(1, 6) if found.is_open(line)] == [2, 4, 5]
    offer(found, 2)
    found.settle(2, ())
    assert (found.line, found.accepted, found.failed) == (3, 3, set())


def test_the_digest_is_that_of_the_lines_on_the_bus(tmp_path: Path) -> None:
    """Whatever was refused on the way, and in whatever order it got there."""
    at_once, later = progress(tmp_path), progress(tmp_path)
    offer(at_once, 1, 2, 3)
    at_once.settle(3, ())
    offer(later, 1, 2, 3)
    later.settle(3, {1, 2})
    assert later.digest != at_once.digest
    offer(later, 1, 2)
    later.settle(2, {1})
    offer(later, 1)
    later.settle(1, ())
    assert later.digest == at_once.digest


def test_a_line_that_no_bus_should_get_is_open(tmp_path: Path) -> None:
    """It may be mended; it counts as reached, so that the lines after it are not put again."""
    known = progress(tmp_path)
    known.offer(Offered(1, 0))
    offer(known, 2)
    known.settle(2, ())
    assert (known.line, known.accepted, known.failed) == (2, 1, {1})


def test_the_earliest_time_of_each_event_is_kept(tmp_path: Path) -> None:
    """Over several runs; profiles have no time of their own."""
    known = progress(tmp_path)
    offer(known, 3, 5)
    known.offer(Offered(6, 1, "unless.profile"))
    known.settle(6, ())
    known.save()
    found = progress(tmp_path)
    offer(found, 2)
    found.settle(2, ())
    assert found.oldest == {"visit": NOW + timedelta(hours=2)}


def test_each_stack_has_a_progress_of_its_own(tmp_path: Path) -> None:
    """What is on one bus is not on the other; a restart forgets one of them."""
    for target in ("one", "two"):
        known = progress(tmp_path, target)
        offer(known, 1)
        known.settle(1, ())
        known.save()
    assert progress(tmp_path, "one").line == 1
    assert progress(tmp_path, "one", restart=True).line == 0
    assert progress(tmp_path, "one").line == 0
    assert progress(tmp_path, "two").line == 1


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_put(tmp_path: Path) -> None:
    """Otherwise nobody would know how far it came."""
    with pytest.raises(Failure, match="cannot be written"):
        progress(tmp_path / "missing")
