"""What an audience may not ask: segments that are not there, circles, history that is not kept."""

from datetime import UTC, datetime

import pytest

from tests.unit.definitions.written import campaign, checked, found
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
LAPSED = "\n---\nsegment: lapsed\naudience: {event: session_start, last: {more_than_ago: 30d}}\n"


def segment(name: str, audience: str) -> str:
    return f"segment: {name}\naudience: {audience}\n---\n"


@pytest.mark.parametrize(
    ("audience", "path"),
    [
        ("{segment: lapsde}", "audience.segment"),
        ("{all: [{attribute: a, eq: 1}, {not: {segment: lapsde}}]}", "audience.all[1].not.segment"),
    ],
)
def test_a_segment_that_no_file_defines_is_refused(audience: str, path: str) -> None:
    """However deep it is named; the nearest one is offered."""
    (issue,) = checked(campaign(f"audience: {audience}") + LAPSED).issues
    assert (issue.code, issue.path, issue.line, issue.id) == ("unknown_segment", path, 3, "c")
    assert "`lapsed`" in issue.remedy


def test_a_segment_may_name_others() -> None:
    """Segments of segments are fine, in whatever order they stand."""
    text = segment("a", "{not: {segment: b}}") + segment("b", "{attribute: x, eq: 1}")
    assert found(text + campaign("audience: {any: [{segment: a}, {segment: b}]}")) == []


def test_a_segment_that_is_refused_is_not_unknown_as_well() -> None:
    """One mistake is told once: the segment's own, not that nobody knows it."""
    issues = checked(segment("s", "{attribute: x}") + campaign("audience: {segment: s}")).issues
    assert [(issue.kind, issue.code) for issue in issues] == [("segment", "bad_value")]


def test_a_published_segment_is_known() -> None:
    """What is already published need not be in the folder again."""
    published, _ = publish(EMPTY, checked(LAPSED.removeprefix("\n---\n")), NOW)
    text = campaign("audience: {segment: lapsed}")
    assert not checked(text).ok
    assert checked(text, published).ok


@pytest.mark.parametrize(
    "text",
    [
        segment("a", "{segment: a}"),
        segment("a", "{not: {segment: b}}") + segment("b", "{all: [{segment: a}]}"),
        segment("a", "{segment: b}") + segment("b", "{segment: c}") + segment("c", "{segment: a}"),
    ],
)
def test_segments_in_a_circle_are_refused(text: str) -> None:
    """A segment that is made of itself can never be judged; each of the circle says so."""
    issues = checked(text).issues
    assert {issue.code for issue in issues} == {"bad_value"}
    assert [issue.id for issue in issues] == sorted(checked(text).segments)
    assert all("made of itself" in issue.message for issue in issues)


def test_many_segments_that_share_others_are_judged_quickly() -> None:
    """Twice two to the power of thirty ways lead down; none of them is walked twice."""
    rows = [segment(f"s{n}", f"{{all: [{{segment: s{n + 1}}}, {{segment: s{n + 1}}}]}}")
            for n in range(30)]  # fmt: skip
    text = "".join(rows) + segment("s30", "{event: visit}")
    loop = campaign("audience: {segment: s0}", "{event: visit}")
    assert [issue.code for issue in checked(text + loop).issues] == ["audience_uses_trigger"]


@pytest.mark.parametrize(
    ("audience", "path"),
    [
        ("{event: visit, where: {page: home}}", "audience.where.page"),
        ("{event: purchase, where: {price: {gt: 5}}}", "audience.where.price"),
        ("{any: [{event: cart, where: {product_id: x}}]}", "audience.any[0].where.product_id"),
    ],
)
def test_history_that_is_not_kept_cannot_be_asked(audience: str, path: str) -> None:
    """Only purchases by product are kept, so other properties of past events are refused."""
    assert found(campaign(f"audience: {audience}")) == [("filter_not_kept", path, 3)]


@pytest.mark.parametrize(
    "audience",
    [
        "{event: purchase, where: {product_id: bag}, count: {eq: 0}}",
        "{event: purchase, where: {product_id: [bag, hat]}, last: {within_last: 3d}}",
        "{event: visit, where: {}}",
        "{event: visit, count: {gte: 2}, in_last: 30d}",
        "{event: visit, count: 3}",
        "{purchase_total: {gte: 99.5}}",
        "{received: welcome, last: {more_than_ago: 7d}}",
        "{subscription_group: news, eq: true}",
        "{attribute: tags, contains_any: [a]}",
    ],
)
def test_history_that_is_kept_can_be_asked(audience: str) -> None:
    """Counts, first and last times, products, totals and receipts are kept."""
    assert found(campaign(f"audience: {audience}")) == []


@pytest.mark.parametrize(
    ("audience", "path"),
    [
        ("{event: visit, count: {within_last: 1d}}", "audience.count"),
        ("{event: visit, count: often}", "audience.count"),
        ("{event: visit, count: {eq: true}}", "audience.count"),
        ("{received: welcome, count: {in: ['1']}}", "audience.count"),
        ("{purchase_total: {gte: 2026-01-01}}", "audience.purchase_total"),
    ],
)
def test_a_count_is_compared_with_numbers(audience: str, path: str) -> None:
    """Anything else never matches anyone, and nobody means that."""
    assert found(campaign(f"audience: {audience}")) == [("bad_value", path, 3)]


@pytest.mark.parametrize(
    ("trigger", "audience", "path"),
    [
        ("{event: visit}", "{event: visit}", "audience"),
        ("[{event: a}, {event: visit}]", "{any: [{not: {event: visit}}]}", "audience.any[0].not"),
        ("{event: purchase}", "{purchase_total: {gte: 100}}", "audience"),
        ("{event: purchase, where: {product_id: [bag, hat]}}",
         "{event: purchase, where: {product_id: hat}}", "audience"),
        ("{event: message_interaction, where: {campaign: welcome}}", "{received: welcome}",
         "audience"),
        ("{event: session_start}", "{segment: lapsed}", "audience"),
        ("{event: subscription_changed}", "{event: subscription_changed}", "audience"),
    ],
)  # fmt: skip
def test_an_audience_that_asks_about_its_own_trigger_is_warned_of(
    trigger: str, audience: str, path: str
) -> None:
    """The history is from before the trigger, however deep in tree or segments it is asked."""
    text = campaign(f"audience: {audience}", trigger) + LAPSED
    assert found(text) == [("audience_uses_trigger", path, 3)]
    assert checked(text).ok


@pytest.mark.parametrize(
    ("trigger", "audience"),
    [
        ("{event: visit}", "{event: visited}"),
        ("{event: visit}", "{attribute: visit, eq: 1}"),
        ("{event: email_added}", "{event: email_added}"),
        ("{event: email_added}", "{attribute: email, blank: false}"),
        ("{event: attribute_changed, where: {attribute: plan}}", "{attribute: plan, eq: gold}"),
        ("{event: subscription_changed}", "{attribute: email_subscribe, eq: opted_in}"),
        ("{event: purchase, where: {product_id: bag}}",
         "{event: purchase, where: {product_id: hat}}"),
        ("{event: message_interaction, where: {campaign: other}}", "{received: welcome}"),
        ("{event: message_interaction, where: {action: opened}}", "{received: welcome}"),
        ("{event: visit}", "{segment: lapsed}"),
    ],
)  # fmt: skip
def test_an_audience_that_asks_about_something_else_is_fine(trigger: str, audience: str) -> None:
    """Other events, other products, and attributes judged after the change (C3) are no race."""
    assert found(campaign(f"audience: {audience}", trigger) + LAPSED) == []
