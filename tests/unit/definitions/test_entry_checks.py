"""Who enters a journey: audiences, triggers that never happen, times that are never met."""

import pytest

from tests.unit.definitions.written import checked, found, journey
from tests.unit.definitions.written_steps import (
    MESSAGE,
    branch,
    delay,
    split,
    steps,
    wait_for,
)

DAY = "{start: 2026-02-01T00:00:00Z, end: 2026-02-02T00:00:00Z}"


@pytest.mark.parametrize(
    ("audience", "code", "path"),
    [
        ("{segment: nobody}", "unknown_segment", "segment"),
        ("{not: {segment: nobody}}", "unknown_segment", "not.segment"),
        ("{event: visit, where: {page: x}}", "filter_not_kept", "where.page"),
        ("{purchase_total: {matches: much}}", "bad_value", "purchase_total"),
        ("{received: c, count: {matches: x}}", "bad_value", "count"),
        ("{event: registered}", "audience_uses_trigger", ""),
        ("{not: {event: registered}}", "audience_uses_trigger", "not"),
    ],
)
def test_an_entry_audience_is_checked_as_a_campaigns(audience: str, code: str, path: str) -> None:
    """The same mistakes, at their place below `entry`."""
    text = journey(entry=f"{{trigger: {{event: registered}}, audience: {audience}}}")
    place = f"entry.audience{'.' if path else ''}{path}"
    assert found(text) == [(code, place, 2)]


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ("{split: {if: {segment: nobody}}}", "split.if.segment"),
        (branch(audience="{segment: nobody}"), "branch.paths[0].audience.segment"),
        (split(branch(audience="{any: [{segment: nobody}]}")),
         "split.then[0].branch.paths[0].audience.any[0].segment"),
    ],
)  # fmt: skip
def test_the_audiences_of_steps_are_checked(step: str, path: str) -> None:
    """Wherever a step asks for an audience."""
    text = journey(steps(MESSAGE, step))
    assert found(text) == [("unknown_segment", f"steps[1].{path}", 3)]


def test_a_segment_that_is_defined_is_known_everywhere() -> None:
    """Entry, exit, split and branch may all name it."""
    named = "{segment: s}"
    text = journey(
        f"exit: {{audience: {named}}}\n"
        + steps(f"{{split: {{if: {named}}}}}", branch(audience=named)),
        entry=f"{{trigger: {{event: a}}, audience: {named}}}",
    )
    assert found(text + "---\nsegment: s\naudience: {attribute: b, eq: 1}\n") == []


def test_a_split_may_ask_for_the_trigger() -> None:
    """When a step is walked, the trigger is history already: there is no race."""
    assert found(journey(steps("{split: {if: {event: registered}}}"))) == []


CHANGED = '{event: attribute_changed, where: {attribute: "cars[].name"}}'


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        (journey(entry=f"{{trigger: {CHANGED}}}"), "entry.trigger", 2),
        (journey(entry=f"{{trigger: [{{event: a}}, {CHANGED}]}}"), "entry.trigger[1]", 2),
        (journey(steps(wait_for().replace("{event: a, ", CHANGED[:-1] + ", "))),
         "steps[0].wait_for.paths[0]", 3),
    ],
)  # fmt: skip
def test_the_change_of_an_array_never_happens(text: str, path: str, line: int) -> None:
    """It is derived for single values only, so nobody would enter and no wait would end."""
    assert found(text) == [("array_attribute_trigger", f"{path}.where.attribute", line)]


@pytest.mark.parametrize("rest", ["", ", trigger_outside: hold"])
def test_an_empty_window_is_warned_of(rest: str) -> None:
    """W1: from and to the same is a window of no length."""
    window = f"{{from: '09:00', to: '09:00'{rest}}}"
    text = journey(entry=f"{{trigger: {{event: a}}, window: {window}}}")
    assert found(text) == [("window_never_met", "entry.window", 2)]
    assert checked(text).ok
    assert found(text.replace("to: '09:00'", "to: '08:00'")) == []


def entered(duration: str, *written: str) -> str:
    return journey(steps(*written), entry=f"{{trigger: {{event: a}}, duration: {duration}}}")


@pytest.mark.parametrize(
    "wait",
    [delay("25h"), "{delay: {days: 2, at: '09:00'}}", wait_for(within="2d"),
     "{delay: {next: monday, at: '09:00'}}"],
)  # fmt: skip
def test_a_wait_longer_than_the_duration_is_warned_of(wait: str) -> None:
    """The duration limits when people enter, and the author may think it ends the journey."""
    (issue,) = checked(entered(DAY, delay("1h"), wait, MESSAGE, wait, MESSAGE)).issues
    assert (issue.code, issue.path, issue.line) == ("delay_exceeds_duration", "steps[1]", 3)
    assert "only when people enter" in issue.message


@pytest.mark.parametrize(
    ("duration", "wait"),
    [
        (DAY, delay("24h")),
        ("{start: 2026-02-01T00:00:00Z}", delay("90d")),
        ("{end: 2026-02-01T00:00:00Z}", delay("90d")),
        (DAY, "{delay: {until: appointment_at}}"),
    ],
)
def test_a_wait_within_the_duration_is_fine(duration: str, wait: str) -> None:
    """Exactly as long, or a duration or wait without a known length."""
    assert found(entered(duration, wait, MESSAGE)) == []


def test_a_duration_that_ends_before_it_starts_is_warned_of() -> None:
    """Nobody ever enters; the waits do not matter then."""
    text = entered("{start: 2026-02-02, end: 2026-02-01}", delay("9d"), MESSAGE)
    assert found(text) == [("delay_exceeds_duration", "entry.duration", 2)]


@pytest.mark.parametrize(
    "step",
    [
        "{message: {channel: in_app, expires: 3d}}",
        "{delay: {best_time: true, fallback: '10:00'}}",
        split("{message: {channel: in_app}}"),
    ],
)
def test_what_a_step_can_carry_out_is_accepted(step: str) -> None:
    """An in-app message and the best time, also inside another step."""
    assert found(journey(steps(MESSAGE, step, MESSAGE))) == []
