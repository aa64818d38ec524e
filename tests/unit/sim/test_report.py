"""
What a replay came to: the hours of the users' days, what cancelled, and what left too soon.
"""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.sim.played import CART, happens, history, reported, world_of
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason
from unless.sim.regret import LATER
from unless.sim.report import Cancelled, Owner

OWNER = Owner(Kind.CAMPAIGN, "cart")


def spared(*events_after_noon: float, **more: Any) -> list[int]:
    """Cart at noon, reminder at 13:00, purchases then: how many each longer delay had spared."""
    purchases = [happens("purchase", minutes, **more) for minutes in events_after_noon]
    report = reported(world_of(CART), [happens("cart_updated", 0), *purchases])
    assert report.regret.sent == {"cart": 1}
    return [report.regret.spared["cart", later] for later in LATER]


@pytest.mark.parametrize(
    ("bought", "expected"),
    [
        (61, [1, 1, 1, 1]),
        (60 + 15, [1, 1, 1, 1]),
        (60 + 16, [0, 1, 1, 1]),
        (60 + 4 * 60, [0, 0, 1, 1]),
        (60 + 24 * 60, [0, 0, 0, 1]),
        (60 + 24 * 60 + 1, [0, 0, 0, 0]),
    ],
)
def test_regret_goes_by_the_time_from_the_message_to_its_exception(
    bought: float, expected: list[int]
) -> None:
    """A longer delay spares what an exception up to that time, inclusive, would have cancelled."""
    assert spared(bought) == expected


def test_a_message_is_regretted_once() -> None:
    """Of several exceptions the first counts, whatever comes after it."""
    assert spared(70, 80, 2000) == [1, 1, 1, 1]


def test_only_an_exception_that_matches_is_regretted() -> None:
    """The purchase of another cart would have cancelled nothing, nor somebody else's."""
    assert spared(70, properties={"cart_id": "other"}) == [0, 0, 0, 0]
    assert spared(70, user="ben") == [0, 0, 0, 0]


def test_a_derived_event_is_regretted_as_it_would_have_cancelled() -> None:
    """A change of an attribute comes as no event of its own, and is an exception all the same."""
    row = {"event": "attribute_changed", "where": {"attribute": "plan"}}
    campaign = {**CART, "unless": [row]}
    events = [happens("cart_updated", 0), happens("visit", 70, attributes={"plan": "gold"})]
    regret = reported(world_of(campaign), events).regret
    assert [regret.spared["cart", later] for later in LATER] == [1, 1, 1, 1]


@pytest.mark.parametrize("seed", range(5))
def test_what_a_longer_delay_is_said_to_spare_it_spares(seed: int) -> None:
    """The messages that another hour would have spared are those that it does spare."""
    campaign, events = {**CART, "reeligible": "always"}, history(seed)
    report = reported(world_of(campaign), events)
    longer = reported(world_of({**campaign, "delay": {"after": "2h"}}), events)
    sent = [each.outcomes[OWNER][Outcome.SENT] for each in (report, longer)]
    assert report.regret.spared["cart", timedelta(hours=1)] == sent[0] - sent[1] > 0


def test_messages_are_followed_for_a_day_only() -> None:
    """What is held in memory are the messages of the last day, not those of the whole file."""
    days = 24 * 60
    events = [happens("cart_updated", n * days, user=f"u-{n}") for n in range(30)]
    report = reported(world_of({**CART, "reeligible": "always"}), events)
    assert report.regret.sent["cart"] == 30
    assert len(report.regret._open) <= 2
    assert len(report.regret._by_time) <= 2


def test_what_was_sent_is_counted_by_the_clock_of_its_user() -> None:
    """13:00 UTC is 8 in New York, and 14 on the workspace's clock where the user's is unknown."""
    workspace = {"workspace": {"zone": "Europe/Paris"}}
    events = [
        happens("cart_updated", 0, attributes={"time_zone": "America/New_York"}),
        happens("cart_updated", 0, user="ben"),
    ]
    hours = reported(world_of(workspace, CART), events).hours[OWNER]
    assert {hour: count for hour, count in enumerate(hours) if count} == {8: 1, 14: 1}


def test_what_cancelled_is_told_apart() -> None:
    """A purchase ends a send for good; another cart only starts the delay again."""
    row = {"event": "cart_updated", "match": "cart_id"}
    campaign = {**CART, "unless": [*CART["unless"], row]}
    events = [
        happens("cart_updated", 0),
        happens("cart_updated", 30),
        happens("purchase", 40),
        happens("cart_updated", 0, user="ben"),
    ]
    report = reported(world_of(campaign), events)
    assert report.cancelled == {
        Cancelled("cart", "cart_updated", Reason.RESCHEDULED): 1,
        Cancelled("cart", "purchase", Reason.EXCEPTION_EVENT): 1,
    }
    assert report.scheduled("cart") == 3
    assert report.outcomes[OWNER][Outcome.SENT] == 1
    assert report.last is not None
    assert report.first is not None
    assert report.last - report.first == timedelta(hours=1)
