"""
Publishing and operating journeys as a person types it: what is said of the people inside, and done.
"""

from pathlib import Path

import pytest

from tests.integration.journeys import ring_until_quiet, told
from tests.integration.test_commands import Typed, typed_on
from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

JOURNEY = """\
journey: tour
entry: {trigger: {event: registered}}
exit: {events: [{event: purchase}]}
steps:
  - delay: {after: 1h}
  - message: {id: hello}
"""


@pytest.fixture
def typed(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command, on the stack `unless` whose outputs are those of the world."""
    return typed_on(world, monkeypatch)


@pytest.fixture
def folder(tmp_path: Path, typed: Typed, world: AwsWorld) -> Path:
    """A workspace with one journey, published, and one user in it."""
    (tmp_path / "unless.yaml").write_text("workspace: {zone: Europe/Paris}")
    (tmp_path / "tour.yaml").write_text(JOURNEY)
    assert "+ journey tour  new, live" in typed("publish", tmp_path).output
    world.evaluate(world.event("u", "registered"))
    return tmp_path


def test_a_changed_journey_leaves_those_inside_their_version(typed: Typed, folder: Path) -> None:
    """A publish says that runs keep what they entered with, not that they are judged anew."""
    (folder / "tour.yaml").write_text(JOURNEY.replace("1h", "2h"))
    said = typed("publish", folder, "--yes").output
    assert "~ journey tour  changed; 1 run: keeps the version that it entered with" in said
    assert "pending send" not in said


def test_publishing_a_journey_as_draft_lets_those_inside_run_dry(
    typed: Typed, folder: Path
) -> None:
    """A publish that takes a journey out of work says how those inside leave."""
    (folder / "tour.yaml").write_text(JOURNEY + "status: draft\n")
    said = typed("publish", folder, "--yes").output
    assert "live -> draft; 1 run: leave at the end of their waits (`journey_stopped`)" in said


@pytest.mark.usefixtures("folder")
def test_a_stop_cancels_nothing_and_who_comes_to_the_end_of_a_wait_leaves(
    world: AwsWorld, typed: Typed
) -> None:
    """What is said of a stop is what happens: the wait runs on, its end is the way out."""
    said = typed("stop", "tour", "--yes").output
    assert "Stopping the journey tour lets nobody enter and cancels nothing, with 1 run" in said
    assert "leaves (`journey_stopped`)" in said
    assert world.said("u") == ["entered"]
    world.pass_time(minutes=61)
    ring_until_quiet(world)
    assert world.said("u") == ["entered", "exited journey_stopped"]


@pytest.mark.usefixtures("folder")
def test_a_stop_that_is_taken_back_in_time_costs_nobody_the_journey(
    world: AwsWorld, typed: Typed
) -> None:
    """A resume before the end of the wait lets the run go on, as it is said."""
    typed("stop", "tour", "--yes")
    said = typed("resume", "tour", "--yes").output
    assert "lets people enter from now on, and 1 run go on; who has left stays out" in said
    world.pass_time(minutes=61)
    ring_until_quiet(world)
    assert told(world) == ["entered", "sent hello", "completed"]


@pytest.mark.usefixtures("folder")
def test_a_pause_holds_those_whose_wait_ends_until_the_resume(
    world: AwsWorld, typed: Typed
) -> None:
    """Who is held is counted at the pause, and those who go on at the resume."""
    paused = typed("pause", "tour", "--yes").output
    assert "Pausing the journey tour holds 1 run where a wait ends" in paused
    world.pass_time(minutes=61)
    ring_until_quiet(world)
    resumed = typed("resume", "tour", "--yes").output
    assert "Resuming the journey tour with 1 run: those held go on now" in resumed
    assert "tour is live again; 1 held run judged now" in resumed
    ring_until_quiet(world)
    assert told(world) == ["entered", "sent hello", "completed"]


@pytest.mark.usefixtures("folder")
def test_an_archive_names_the_journey_and_how_it_is_revived(typed: Typed) -> None:
    """An archived journey is put away with those inside still on their way out."""
    said = typed("archive", "tour", "--yes").output
    assert "Archiving the journey tour lets nobody enter and leaves no record of triggers" in said
    assert "with 1 run under way" in said
    assert "`status: live` revives it" in said


@pytest.mark.usefixtures("folder")
def test_deleting_a_user_ends_runs_too(world: AwsWorld, typed: Typed) -> None:
    """A run counts as what is pending of a user."""
    assert "ends 1 pending send or run (`user_not_found`)" in typed("delete-user", "u").output
    assert "u is deleted: 1 send or run ended" in typed("delete-user", "u", "--yes").output
    assert not world.aws.store.load("u").state.pending
