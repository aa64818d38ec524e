"""One id, one definition: among the documents, and with what is published."""

from datetime import UTC, datetime

import pytest

from tests.unit.definitions.written import campaign, checked, journey
from unless.definitions.checks import check_values
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)

A_CAMPAIGN = campaign().replace("campaign: c", "campaign: x")
A_JOURNEY = journey().replace("journey: v", "journey: x")


@pytest.mark.parametrize(
    ("first", "second", "kinds"),
    [
        (A_JOURNEY, A_JOURNEY, ("journey", "journey")),
        (A_CAMPAIGN, A_JOURNEY, ("campaign", "journey")),
        (A_JOURNEY, A_CAMPAIGN, ("journey", "campaign")),
    ],
)
def test_campaigns_and_journeys_share_their_ids(
    first: str, second: str, kinds: tuple[str, str]
) -> None:
    """Commands and records name both by the id alone, so the second one is refused."""
    (issue,) = checked(f"{first}---\n{second}").issues
    assert (issue.code, issue.kind, issue.id) == ("duplicate_id", kinds[1], "x")
    assert issue.path == kinds[1]
    assert f"{kinds[0]} `x`" in issue.message


def test_a_duplicate_is_left_out() -> None:
    """What is judged and published is the first one."""
    both = checked(f"{A_CAMPAIGN}---\n{A_JOURNEY}")
    assert (list(both.campaigns), list(both.journeys)) == (["x"], [])
    assert list(both.documents) == [("campaign", "x")]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [(A_CAMPAIGN, A_JOURNEY, "campaign"), (A_JOURNEY, A_CAMPAIGN, "journey")],
)
def test_an_id_stays_what_it_was_published_as(before: str, after: str, kind: str) -> None:
    """A journey cannot take the place of a campaign, nor the other way round."""
    published, _ = publish(EMPTY, checked(before), NOW)
    (issue,) = checked(after, published).issues
    assert issue.code == "duplicate_id"
    assert f"a {kind} `x` is published already" in issue.message
    assert checked(before, published).ok


def test_a_segment_may_share_the_id_of_a_journey() -> None:
    """A segment is named in audiences only, where nothing else can be meant."""
    assert checked(f"{A_JOURNEY}---\nsegment: x\naudience: {{attribute: a, eq: 1}}\n").ok


def test_a_duplicate_without_a_file_is_told_of_the_one_above() -> None:
    """Values have no lines to point to."""
    value = {"campaign": "x", "trigger": {"event": "a"}}
    (issue,) = check_values([value, value]).issues
    assert "above" in issue.message
