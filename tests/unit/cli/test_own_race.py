"""
The race shown on people's own campaign: a user made up from their trigger and their audience.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.cli.conftest import Typed
from unless.cli.check import EXAMPLES_MAX
from unless.cli.lessons.own_race import OwnRace, own_race
from unless.definitions.checks import check_values
from unless.definitions.reading import read_text
from unless.engine.records import Outcome

OWN = """\
campaign: thanks
trigger: {event: purchase, where: {currency: [EUR, CHF], "items[].price": {gt: 5}}}
audience:
  all:
    - {attribute: country, in: [FR, BE]}
    - {event: purchase, where: {product_id: backpack}}
delay: {after: 1h}
"""

EVERYTHING = (
    "{all: [{not: {attribute: plan, eq: staff}}, {attribute: age, gte: 18, lt: 30}, "
    "{subscription_group: news, eq: true}, {received: hello, count: {gte: 2}}, "
    "{event: registered, first: {more_than_ago: 30d}}, {event: visit}]}"
)


def race(text: str) -> OwnRace | None:
    """Return the example for the first finding of a text."""
    checked = check_values([document.value for document in read_text(text).documents])
    issue = next(i for i in checked.issues if i.code == "audience_uses_trigger")
    return own_race(checked, issue)


def outcomes(example: OwnRace | None) -> list[list[str]]:
    """Return what became of the two times, as it is, and as it is mended."""
    assert example
    versions = [example.moments, *([example.mended.moments] if example.mended else [])]
    return [
        [record.reason or record.outcome for moment in moments for record in moment.records]
        for moments in versions
    ]


def test_the_check_shows_who_is_skipped_and_what_mends_it(typed: Typed, folder: Path) -> None:
    """Below the finding stand a skipped user of this campaign, and the trigger that sees them."""
    (folder / "cart.yaml").write_text(OWN)
    lines = [line.strip() for line in typed("check", folder).stdout.splitlines()]
    at = lines.index("A simulated user with country FR:")
    event = "purchase  currency EUR, items {price: 6}, product_id "
    assert lines[at + 1].endswith(f"ana  · {event}backpack")
    assert "- skipped    thanks  The user was not in the audience" in lines[at + 2]
    assert lines[at + 3].endswith(f"ana  · {event}other")
    assert lines[at + 4].endswith("✓ sent       thanks")
    assert "product_id: backpack}}` and without this filter:" in lines[at + 5]
    assert lines[at + 7].endswith("✓ sent       thanks")
    assert "product_id is other, expected backpack" in lines[at + 9]


@pytest.mark.parametrize(
    ("audience", "ends"),
    [
        ("{event: visit}", [["not_in_audience", "sent"], ["sent", "sent"]]),
        ("{event: visit, count: {gte: 3}}", [["not_in_audience", "sent"], ["sent", "sent"]]),
        (
            "{event: visit, last: {within_last: 2h}}",
            [["not_in_audience", "sent"], ["sent", "sent"]],
        ),
        ("{event: visit, last: {more_than_ago: 7d}}", [["not_in_audience", "sent"], ["sent"] * 2]),
        ("{not: {event: visit}}", [["sent", "not_in_audience"]]),
        ("{event: visit, count: {eq: 0}}", [["sent", "not_in_audience"]]),
        ("{any: [{attribute: vip, eq: true}, {event: visit}]}", [["not_in_audience", "sent"]]),
        (
            EVERYTHING,
            [["not_in_audience", "sent"], ["sent", "sent"]],
        ),
    ],
)
def test_what_is_shown_is_what_happens(audience: str, ends: list[list[str]]) -> None:
    """The two times end as the warning says, whatever else the audience asks for."""
    text = f"campaign: c\ntrigger: [{{event: other}}, {{event: visit}}]\naudience: {audience}\n"
    assert outcomes(race(text)) == ends


def test_the_sum_of_purchases_is_asked_of_the_event() -> None:
    """Who reaches the sum by this purchase is skipped, until the app sends the sum along."""
    text = "campaign: c\ntrigger: {event: purchase}\naudience: {purchase_total: {gte: 100}}\n"
    assert outcomes(race(text)) == [["not_in_audience", "sent"], ["sent", "sent"]]


def test_a_segment_is_looked_into() -> None:
    """The user is in the segment but for the trigger; what mends a segment is not guessed."""
    text = (
        "campaign: c\ntrigger: {event: visit}\naudience: {segment: s}\n---\n"
        "segment: s\naudience: {all: [{attribute: plan, eq: gold}, {event: visit}]}\n"
    )
    assert outcomes(race(text)) == [["not_in_audience", "sent"]]


def test_a_journey_is_about_entering() -> None:
    """The user is kept out the first time and enters the second."""
    text = (
        "journey: v\nentry: {trigger: {event: visit}, audience: {event: visit}}\n"
        "steps: [{delay: {after: 1d}}, {message: {}}]\n"
    )
    assert outcomes(race(text))[0] == ["not_in_audience", "entered"]


def test_where_no_user_can_be_made_up_there_is_none() -> None:
    """A receipt cannot be played, and then nothing is shown."""
    text = (
        "campaign: c\ntrigger: {event: message_interaction, where: {action: received}}\n"
        "audience: {received: d}\nreeligible: never\n---\ncampaign: d\ntrigger: {event: x}\n"
    )
    assert race(text) is None


def test_a_folder_full_of_races_shows_a_few(typed: Typed, folder: Path) -> None:
    """Every finding is told, and the first ones are shown."""
    text = "campaign: c{}\ntrigger: {{event: visit}}\naudience: {{event: visit}}\n"
    (folder / "cart.yaml").write_text("---\n".join(text.format(n) for n in range(9)))
    printed = typed("check", folder).stdout
    assert printed.count("warning[audience_uses_trigger]") == 9
    assert printed.count("A simulated user:") == EXAMPLES_MAX


conditions = st.fixed_dictionaries(
    {},
    optional={
        "eq": st.sampled_from(["a", 1, 2.5, True, ""]),
        "in": st.lists(st.sampled_from(["a", 3, False]), max_size=3),
        "ne": st.sampled_from(["a", "other", 0]),
        "gte": st.sampled_from([0, 10, "0001-01-01", "9999-12-31"]),
        "matches": st.sampled_from(["^a+$", "x|y", "[0-9]{3}", "\\bcart\\b"]),
        "contains_any": st.lists(st.sampled_from(["a", 1]), max_size=2),
        "blank": st.booleans(),
        "before": st.sampled_from(["0001-01-01", "2026-02-02"]),
        "within_last": st.sampled_from(["1h", "3650d"]),
        "more_than_ahead": st.sampled_from(["1h", "3650d"]),
        "day_of_year": st.just("02-29"),
    },
).filter(bool)
paths = st.sampled_from(["a", "a.b", "a[].b", "a[][]", '"a.b"', "time_zone", "", "x" * 300])


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(paths.filter(bool), conditions, max_size=3), paths.filter(bool), conditions)
def test_any_filters_are_solved_or_left(
    where: dict[str, object], path: str, asked: dict[str, object]
) -> None:
    """Whatever is asked, either the first time is skipped for the audience or nothing is shown."""
    checked = check_values(
        [
            {
                "campaign": "c",
                "trigger": {"event": "visit", "where": where},
                "audience": {"all": [{"attribute": path, **asked}, {"event": "visit"}]},
            }
        ]
    )
    if checked.ok:
        (issue,) = checked.issues
        example = own_race(checked, issue)
        if example is not None:
            first, *later = [each for moment in example.moments for each in moment.records]
            assert first.reason == "not_in_audience"
            assert [record.outcome for record in later] == [Outcome.SENT]
