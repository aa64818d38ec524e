"""What takes people out of a journey: single values only (J4), and not too late to see it (J2)."""

import pytest

from tests.unit.definitions.written import checked, found, journey
from tests.unit.definitions.written_steps import MESSAGE, delay, split, steps, wait_for

WAIT = steps(delay("1d"), MESSAGE)


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ('{event: a, where: {"items[].sku": bag}}', 'where."items[].sku"'),
        ('{event: a, where: {b: 1, "tags[]": {contains_any: [x]}}}', 'where."tags[]"'),
        ('{event: a, match: "items[].sku"}', "match"),
        ('{event: a, match: [cart_id, "items[].sku"]}', "match"),
        ('{event: a, match: {order: "carts[].id"}}', "match"),
        ('{event: attribute_changed, where: {attribute: "cars[].name"}}', "where.attribute"),
        ('{event: attribute_changed, where: {attribute: [plan, "cars[]"]}}', "where.attribute"),
    ],
)
def test_an_array_in_an_exit_event_is_refused(row: str, path: str) -> None:
    """J4: in a filter, in a match, and as the attribute that changes."""
    text = journey(f"exit: {{events: [{{event: b}}, {row}]}}")
    assert found(text) == [("array_in_exit", f"exit.events[1].{path}", 3)]


@pytest.mark.parametrize(
    "row",
    [
        "{event: purchase, where: {product_id: x}, match: cart_id}",
        """{event: a, where: {'"odd[]".name': 1}}""",
        "{event: a, where: {title: 'a[]'}}",
        "{event: attribute_changed, where: {attribute: plan}}",
        "{event: changed, where: {attribute: 'cars[]'}}",
    ],
)
def test_single_values_in_an_exit_event_are_fine(row: str) -> None:
    """A quoted name may hold brackets, and so may a value."""
    assert found(journey(f"exit: {{events: [{row}]}}")) == []


def test_an_exit_audience_may_ask_for_arrays() -> None:
    """J4 is about events; a profile is judged as everywhere."""
    assert found(journey('exit: {audience: {attribute: "cars[].name", eq: x}}')) == []


@pytest.mark.parametrize("text", ["{}", "{when: immediate}", "{events: []}"])
def test_an_exit_that_takes_nobody_out_is_refused(text: str) -> None:
    """Neither events nor an audience: something was forgotten."""
    assert found(journey(f"exit: {text}")) == [("bad_value", "exit", 3)]


@pytest.mark.parametrize(
    ("audience", "path"),
    [
        ("{segment: nobody}", "audience.segment"),
        ("{event: visit, where: {page: x}}", "audience.where.page"),
        ("{event: visit, count: {matches: many}}", "audience.count"),
    ],
)
def test_an_exit_audience_is_checked_as_any_other(audience: str, path: str) -> None:
    """Unknown segments, history that is not kept, numbers that are none."""
    ((_, at, line),) = found(journey(f"exit: {{audience: {audience}}}"))
    assert (at, line) == (f"exit.{path}", 3)


# --- a filter that is shorter than a wait ---

RECENT = "{event: purchase, last: {within_last: 1h}}"


@pytest.mark.parametrize(
    ("audience", "path"),
    [
        (RECENT, "last.within_last"),
        ("{event: purchase, first: {within_last: 23h}}", "first.within_last"),
        ("{received: welcome, last: {within_last: 1h}}", "last.within_last"),
        ("{attribute: paid_at, within_last: 1h}", "within_last"),
        ("{attribute: booked_for, within_next: 1h}", "within_next"),
        (f"{{any: [{{attribute: vip, eq: true}}, {RECENT}]}}", "any[1].last.within_last"),
        (f"{{not: {{not: {RECENT}}}}}", "not.not.last.within_last"),
        ("{not: {event: a, last: {more_than_ago: 1h}}}", "not.last.more_than_ago"),
        ("{segment: buyers}", "segment"),
        ("{all: [{segment: outer}]}", "all[0].segment"),
    ],
)
def test_an_exit_filter_shorter_than_a_wait_is_warned_of(audience: str, path: str) -> None:
    """J2: what happens early in the wait is past when the filter is judged."""
    text = journey(f"exit: {{audience: {audience}}}\n{WAIT}")
    text += f"---\nsegment: buyers\naudience: {RECENT}\n"
    text += "---\nsegment: outer\naudience: {any: [{segment: buyers}, {segment: outer2}]}\n"
    text += "---\nsegment: outer2\naudience: {attribute: a, eq: 1}\n"
    assert found(text) == [("exit_filter_shorter_than_wait", f"exit.audience.{path}", 3)]
    assert checked(text).ok


@pytest.mark.parametrize(
    "wait",
    [
        delay("61m"), "{delay: {after: 2h, at: '14:00'}}", "{delay: {days: 1, at: '14:00'}}",
        "{delay: {next: monday, at: '14:00'}}", wait_for(within="2h"),
        split(delay("2h")), wait_for(delay("2h"), within="1h"),
    ],
)  # fmt: skip
def test_every_wait_counts(wait: str) -> None:
    """Delays of each form and waits for events, also inside other steps; the longest is named."""
    text = journey(f"exit: {{audience: {RECENT}}}\n{steps(delay('5m'), wait, MESSAGE)}")
    (issue,) = checked(text).issues
    assert issue.code == "exit_filter_shorter_than_wait"
    assert "steps[1]" in issue.message


def test_days_of_a_count_are_as_short() -> None:
    """`in_last: 1d` reaches a day back, unless it asks that nothing happened."""
    for count, warned in (("", 1), ("count: {gte: 2}, ", 1), ("count: {eq: 0}, ", 0)):
        audience = f"{{event: purchase, {count}in_last: 1d}}"
        text = journey(f"exit: {{audience: {audience}}}\n{steps(delay('2d'), MESSAGE)}")
        assert [code for code, *_ in found(text)] == ["exit_filter_shorter_than_wait"] * warned


@pytest.mark.parametrize(
    ("audience", "wait"),
    [
        ("{event: purchase, last: {within_last: 1d}}", delay("1d")),
        ("{event: purchase, last: {within_last: 7d}}", "{delay: {next: monday, at: '09:00'}}"),
        (f"{{not: {RECENT}}}", delay("1d")),
        ("{event: purchase, last: {more_than_ago: 1h}}", delay("1d")),
        ("{attribute: plan, eq: gold}", delay("1d")),
        (RECENT, "{delay: {until: appointment_at}}"),
        (RECENT, MESSAGE),
    ],
)
def test_a_filter_that_sees_the_whole_wait_is_fine(audience: str, wait: str) -> None:
    """As long as the wait, or about what lasts, or after a wait of unknown length."""
    assert found(journey(f"exit: {{audience: {audience}}}\n{steps(wait, MESSAGE)}")) == []


def test_a_delay_with_nothing_after_it_is_no_wait() -> None:
    """J12: it completes the run at once, also as the last step of the last step."""
    for last in (delay("1d"), split(delay("1d"))):
        assert found(journey(f"exit: {{audience: {RECENT}}}\n{steps(MESSAGE, last)}")) == []
