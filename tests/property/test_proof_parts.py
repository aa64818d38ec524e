"""The parts of the proof that use the fault simulator find what is wrong, and tell it."""

import pytest

from unless.sim.faults.mutants import MUTANTS, made
from unless.sim.proof.catalogue import PARTS, do
from unless.sim.proof.parts import Found, Job, shares

pytestmark = pytest.mark.slow

NO_CLAIM = next(mutant for mutant in MUTANTS if mutant.name == "M2")


def test_histories_are_told_small_when_they_break_a_promise() -> None:
    """A mistake in the application ends in a story, and its seed has it again."""
    with made(NO_CLAIM):
        found = PARTS["histories"].work(Job("histories", seed=0, first=0, size=12))
        assert found.wrong
        (first, *_) = found.violations
        assert any("BROKEN" in line for line in first.story)
        assert PARTS["histories"].replay(first.case).wrong
    assert not PARTS["histories"].replay(first.case).wrong


def test_a_crash_point_is_told_when_it_breaks_a_promise() -> None:
    """A scenario, a call and a fault are enough to have it again."""
    part = PARTS["crash"]
    job = next(job for job in part.jobs(1.0, 0) if "E01" in job.about)
    assert not part.work(job).wrong
    with made(NO_CLAIM):
        found = part.work(job)
        assert found.wrong
        (first, *_) = found.violations
        assert first.story
        assert part.replay(first.case).wrong


def test_every_scenario_that_can_be_played_is_a_job() -> None:
    """They are more than thirty, and a share of the whole is a share of each one's points."""
    jobs = PARTS["crash"].jobs(0.01, 0)
    assert len(jobs) > 100
    assert {job.size for job in jobs} == {1_000}


def test_a_mistake_that_is_not_found_is_a_violation() -> None:
    """In one single history the rarest of them cannot be seen; M2 shows within fifty."""
    assert PARTS["mutants"].replay("M10/swept:1:0").wrong == 1
    caught = PARTS["mutants"].replay("M2/swept:50:0")
    assert not caught.wrong
    assert caught.seen["caught"] == 1


def test_rare_states_that_were_not_seen_are_a_complaint() -> None:
    """Where nothing rare came about, nothing was proved."""
    assert PARTS["histories"].conclude(Found(cases=200_000), 1.0)
    assert not PARTS["histories"].conclude(Found(cases=20), 0.0001)


def test_an_attack_that_fails_itself_is_a_violation() -> None:
    """What is raised in a job is told, and does not end the others."""
    done = do(Job("crash", 0, about="a scenario that there is not"))
    assert done.found.wrong == 1
    assert "the attack itself failed" in done.found.violations[0].sentence


def test_jobs_cover_all_cases_once() -> None:
    """The last one takes what is left."""
    jobs = shares("p", 25, 10, seed=1)
    covered = [n for job in jobs for n in range(job.first, job.first + job.size)]
    assert covered == list(range(25))
