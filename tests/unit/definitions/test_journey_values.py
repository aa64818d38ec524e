"""Mistakes in single keys and values of a journey: code, place and the help that is offered."""

import pytest

from tests.unit.definitions.written import checked, found, journey
from tests.unit.definitions.written_steps import (
    MESSAGE,
    branch,
    delay,
    experiment,
    split,
    steps,
    wait_for,
)


@pytest.mark.parametrize(
    ("text", "code", "path", "offered"),
    [
        ("exits: {events: [{event: a}]}", "unknown_key", "exits", "`exit`"),
        ("trigger: {event: a}", "unknown_key", "trigger", "inside `entry`"),
        ("audience: {attribute: a, eq: 1}", "unknown_key", "audience", "`entry` or `exit`"),
        ("delay: {after: 1h}", "unknown_key", "delay", "inside `steps`"),
        ("reentry: once", "bad_value", "reentry", "one of these three"),
        ("reentry: {after: 3}", "bad_duration", "reentry.after", "30m"),
        ("exit: {when: imediate, events: [{event: a}]}", "bad_value", "exit.when", "`immediate`"),
        ("exit: {events: {event: a}}", "bad_value", "exit.events", "a list"),
        ("exit: {events: [{event: a, macth: b}]}", "unknown_key", "exit.events[0].macth",
         "`match`"),
        ("exit: {audience: {attribute: a, equals: 1}}", "unknown_operator",
         "exit.audience.equals", "`eq`"),
        ("steps: []", "bad_value", "steps", "at least one"),
        ("steps: {delay: {after: 1h}}", "bad_value", "steps", "a list"),
        ("steps: [{dealy: {after: 1h}}]", "unknown_key", "steps[0].dealy", "`delay`"),
        ("steps: [{wait: {within: 1h}}]", "unknown_key", "steps[0].wait", "`wait_for`"),
        ("steps: [{delay: {after: 1h}, message: {}}]", "bad_value", "steps[0]", "one of them"),
        ("steps: [{}]", "bad_value", "steps[0]", "one of them"),
        ("steps: [message]", "bad_value", "steps[0]", "a mapping"),
        ("steps: [split]", "bad_value", "steps[0]", "a mapping"),
        ("steps: [7]", "bad_value", "steps[0]", "a mapping"),
        ("steps: [{delay: {after: 1h}, id: a}]", "unknown_key", "steps[0].id", "inside `delay`"),
        ("steps: [{message: {id: a b}}]", "bad_value", "steps[0].message.id", "letters"),
        ("steps: [{delay: 1h}]", "bad_value", "steps[0].delay", "a mapping"),
        ("steps: [{delay: {aftr: 1h}}]", "unknown_key", "steps[0].delay.aftr", "`after`"),
        ("steps: [{delay: {after: 5}}]", "bad_duration", "steps[0].delay.after", "unit"),
        ("steps: [{delay: {after: 1d, at: '25:00'}}]", "bad_value", "steps[0].delay.at", "09:00"),
        ("steps: [{delay: {days: 1}}]", "bad_value", "steps[0].delay.at", "Add `at`"),
        ("steps: [{delay: {after: 1h, days: 1}}]", "bad_value", "steps[0].delay", "Keep one"),
        ("steps: [{delay: {after: 1d, at: '14:00', zone: Parris}}]", "bad_time_zone",
         "steps[0].delay.zone", "IANA"),
        ("steps: [{delay: {best_time: yes, fallback: '10:00'}}]", "bad_value",
         "steps[0].delay.best_time", "Write true"),
        ("steps: [{exit: false}]", "bad_value", "steps[0].exit", "Write true"),
        ("steps: [{exit: 1}]", "bad_value", "steps[0].exit", "Write true"),
        ("steps: [{exit: {}}]", "bad_value", "steps[0].exit", "Write true"),
        ("steps: [{split: {then: [{message: {}}]}}]", "bad_value", "steps[0].split.if", "Add `if`"),
        ("steps: [{split: {if_: {segment: s}}}]", "unknown_key", "steps[0].split.if_", "`if`"),
        ("steps: [{wait_for: {paths: [{event: a, steps: []}]}}]", "bad_value",
         "steps[0].wait_for.within", "Add `within`"),
        ("steps: [{wait_for: {within: 32d, paths: [{event: a, steps: []}]}}]", "wait_too_long",
         "steps[0].wait_for.within", "31d"),
        ("steps: [{wait_for: {within: 1d, paths: []}}]", "bad_value",
         "steps[0].wait_for.paths", "at least one"),
        ("steps: [{branch: {paths: [{audience: {segmnt: s}, steps: []}]}}]", "unknown_key",
         "steps[0].branch.paths[0].audience.segmnt", "`segment`"),
        ("steps: [{experiment: {paths: [{weight: 0, steps: []}]}}]", "bad_value",
         "steps[0].experiment.paths[0].weight", "1 or more"),
        ("steps: [{experiment: {paths: [{weight: 0.5, steps: []}]}}]", "bad_value",
         "steps[0].experiment.paths[0].weight", "whole number"),
        ("steps: [{update: {attributes: {}}}]", "bad_value", "steps[0].update.attributes",
         "at least one"),
        ("steps: [{update: {attributes: null}}]", "bad_value", "steps[0].update.attributes",
         "a mapping"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_value_is_named(text: str, code: str, path: str, offered: str) -> None:
    """Each mistake is one issue, on its line, and offers what was probably meant."""
    (issue,) = checked(journey(text)).issues
    assert (issue.code, issue.path, issue.line) == (code, path, 3)
    assert (issue.kind, issue.id) == ("journey", "v")
    assert offered in issue.remedy


@pytest.mark.parametrize(
    ("step", "path"),
    [
        (split(delay("5")), "split.then[0].delay.after"),
        (split("", delay("5")), "split.else[0].delay.after"),
        (wait_for(delay("5")), "wait_for.paths[0].steps[0].delay.after"),
        (wait_for("", delay("5")), "wait_for.otherwise[0].delay.after"),
        (branch("", f"{MESSAGE}, {delay('5')}"), "branch.otherwise[1].delay.after"),
        (split(split(experiment("", delay("5")))),
         "split.then[0].split.then[0].experiment.paths[1].steps[0].delay.after"),
    ],
)  # fmt: skip
def test_a_mistake_inside_other_steps_is_found_at_its_place(step: str, path: str) -> None:
    """However deep a step lies, the mistake is told once, where it stands."""
    text = steps(MESSAGE, step)
    assert found(journey(text)) == [("bad_duration", f"steps[1].{path}", 3)]


def test_a_step_that_is_not_indented_says_so() -> None:
    """The usual slip: the step's keys stand beside its kind and not inside it."""
    text = "steps:\n  - delay:\n    after: 5d\n  - message: {}\n"
    empty, misplaced = checked(journey(text)).issues
    assert (empty.code, empty.path) == ("bad_value", "steps[0].delay")
    assert (misplaced.code, misplaced.path) == ("unknown_key", "steps[0].after")
    assert "indented further" in misplaced.remedy


def test_a_journey_with_every_kind_of_step_is_fine() -> None:
    """All forms that SPEC writes pass, and null in an update is a value."""
    text = """\
        quiet_hours: {from: "22:00", to: "08:00", then: hold}
        reentry: {after: 3d}
        exit:
          when: immediate
          events: [{event: purchase, where: {product_id: backpack-example}, match: cart_id}]
          audience: {attribute: plan, eq: gold}
        steps:
          - delay: {after: 1d, at: "14:00", zone: company}
          - message: {id: day5, channel: event}
          - split: {if: {attribute: vip, eq: true}, then: [{message: {}}], else: [{exit: true}]}
          - wait_for: {within: 31d, paths: [{event: session_start, steps: [{message: {}}]}]}
          - branch: {paths: [{audience: {attribute: a, eq: 1}, steps: []}], otherwise: []}
          - experiment: {paths: [{weight: 50, steps: [{message: {}}]}, {weight: 50, steps: []}]}
          - update: {attributes: {onboarded: true, plan: null, a: {b: null, c: [null]}}}
          - delay: {until: appointment_at, minus: 24h}
          - exit: true
    """
    assert found(journey(text)) == []
