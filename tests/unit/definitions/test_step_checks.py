"""Steps of a journey: one name each, not too many, and none that nobody can come to (J12, J13)."""

import pytest

from tests.unit.definitions.written import checked, found, journey
from tests.unit.definitions.written_steps import (
    EXIT,
    LEAVE,
    MESSAGE,
    branch,
    delay,
    experiment,
    split,
    steps,
    wait_for,
)
from unless.definitions.journeys import STEPS_MAX


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (steps("{message: {id: a}}", "{message: {id: a}}"), "steps[1].message.id"),
        (steps("{delay: {id: a, after: 1d}}", "{message: {id: a}}"), "steps[1].message.id"),
        (steps(split("{message: {id: a}}", name="a")), "steps[0].split.then[0].message.id"),
        (steps("{message: {id: '2'}}", delay("1h"), MESSAGE), "steps[0].message.id"),
        (steps(MESSAGE, "{message: {id: '0'}}"), "steps[1].message.id"),
        (steps("{message: {id: '1'}}", EXIT), "steps[0].message.id"),
    ],
)
def test_two_steps_of_one_name_are_refused(text: str, path: str) -> None:
    """Ids and places are names alike: a record must say which step it means."""
    assert found(journey(text)) == [("duplicate_id", path, 3)]


@pytest.mark.parametrize(
    "text",
    [
        steps("{message: {id: '0'}}", "{message: {id: '1'}}"),
        steps("{message: {id: '1'}}", "{message: {id: '0'}}"),
        steps("{message: {id: a}}", "{message: {id: A}}"),
        steps("{message: {id: '7'}}", MESSAGE, MESSAGE),
    ],
)
def test_a_place_is_no_name_of_a_step_with_an_id(text: str) -> None:
    """A step with an id is not named by its place, so another may have that as its id."""
    assert found(journey(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        steps(
            "{split: {if: {attribute: a, eq: 1}, then: [{message: {id: m}}], "
            "else: [{message: {id: m}}]}}"
        ),
        steps(
            "{branch: {paths: [{audience: {attribute: a, eq: 1}, steps: [{message: {id: m}}]}, "
            "{audience: {attribute: a, eq: 2}, steps: [{message: {id: m}}]}], "
            "otherwise: [{delay: {after: 1h}}, {message: {id: m}}]}}"
        ),
    ],
)
def test_ways_of_which_a_run_takes_one_may_name_their_steps_alike(text: str) -> None:
    """Nobody comes to both, so a record says well enough which message it was."""
    assert found(journey(text)) == []


def test_a_step_after_the_ways_shares_no_name_with_those_inside() -> None:
    """Whoever comes from inside comes to the step after, too."""
    inside = "{split: {if: {attribute: a, eq: 1}, then: [{message: {id: m}}], else: []}}"
    assert found(journey(steps(inside, "{message: {id: m}}"))) == [
        ("duplicate_id", "steps[1].message.id", 3)
    ]


def many(number: int) -> str:
    """Return so many steps, of which the first holds half of the others."""
    inner = (number - 1) // 2
    outer = number - 1 - inner
    return steps(split(", ".join([MESSAGE] * inner)), *[MESSAGE] * outer)


def test_no_more_than_200_steps() -> None:
    """J12: the steps inside others count, and 200 are fine."""
    assert STEPS_MAX == 200
    assert found(journey(many(200))) == []
    assert found(journey(many(201))) == [("list_too_long", "steps", 3)]
    (issue,) = checked(journey(many(201))).issues
    assert "not 201" in issue.message


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (steps(EXIT, MESSAGE), "steps[1]"),
        (steps(EXIT, MESSAGE, EXIT, MESSAGE), "steps[1]"),
        (steps(split(f"{EXIT}, {MESSAGE}")), "steps[0].split.then[1]"),
        (steps(split(LEAVE, LEAVE), MESSAGE), "steps[1]"),
        (steps(wait_for(LEAVE, LEAVE), MESSAGE), "steps[1]"),
        (steps(branch(LEAVE, LEAVE), MESSAGE), "steps[1]"),
        (steps(experiment(LEAVE, LEAVE), MESSAGE), "steps[1]"),
        (steps(split(LEAVE, experiment(LEAVE)), MESSAGE), "steps[1]"),
        (steps(branch(split(LEAVE, LEAVE) + ", " + MESSAGE)), "steps[0].branch.paths[0].steps[1]"),
    ],
)
def test_a_step_that_nobody_can_come_to_is_refused(text: str, path: str) -> None:
    """J12: behind an exit, or behind ways that all end in one, the first such step is named."""
    assert found(journey(text)) == [("unreachable_step", path, 3)]


@pytest.mark.parametrize(
    "text",
    [
        steps(MESSAGE, EXIT),
        steps(split(LEAVE), MESSAGE),
        steps(split("", LEAVE), MESSAGE),
        steps(split(LEAVE, LEAVE)),
        steps(wait_for(LEAVE), MESSAGE),
        steps(wait_for("", LEAVE), MESSAGE),
        steps(branch(LEAVE), MESSAGE),
        steps(experiment(LEAVE, ""), MESSAGE),
    ],
)
def test_a_step_that_some_can_come_to_is_fine(text: str) -> None:
    """One way that goes on is enough."""
    assert found(journey(text)) == []


def awaiting(*paths: str) -> str:
    written = ", ".join(f"{{{path}, steps: [{MESSAGE}]}}" for path in paths)
    return steps(f"{{wait_for: {{within: 1d, paths: [{written}]}}}}")


def test_a_path_behind_one_that_takes_every_such_event_is_refused() -> None:
    """J9: the first path whose event happens is taken, so the second one never is."""
    where = "steps[0].wait_for.paths[1]"
    for second in ("event: a", "event: a, where: {b: 1}"):
        assert found(journey(awaiting("event: a", second))) == [("unreachable_step", where, 3)]


def test_paths_that_each_take_some_events_are_fine() -> None:
    """The narrow path first, the one for the rest after it, and other events beside them."""
    text = awaiting("event: a, where: {b: 1}", "event: a, where: {b: 2}", "event: a", "event: c")
    assert found(journey(text)) == []
