"""The control group of a campaign is drawn once and for all, and gets nothing but counts."""

from itertools import pairwise

import pytest

from tests.unit.engine.deciding import after, at, defined, event
from unless.engine.control import in_control_group
from unless.engine.decide import decide
from unless.engine.model import ControlEntry, UserState
from unless.engine.records import Outcome, Reason

USERS = [f"user-{number}" for number in range(4000)]

CAMPAIGN = {
    "campaign": "c",
    "trigger": {"event": "go"},
    "reeligible": "always",
    "control_percent": 100,
    "conversions": [{"event": "order", "within": "1h"}, {"event": "visit", "within": "2h"}],
}


@pytest.mark.parametrize("percent", [1, 5, 20, 50, 80, 99])
def test_a_group_has_its_share_of_the_users(percent: int) -> None:
    """Within two percentage points, of four thousand."""
    share = sum(in_control_group(user, "c", percent) for user in USERS) / len(USERS)
    assert abs(share - percent / 100) < 0.02


def test_nobody_and_everybody() -> None:
    """No percent and a hundred percent have no exception."""
    assert not any(in_control_group(user, "c", 0) for user in USERS)
    assert all(in_control_group(user, "c", 100) for user in USERS)


def test_a_group_that_grows_keeps_whom_it_had() -> None:
    """At every percentage the members are among those of the next."""
    members = [
        {user for user in USERS[:500] if in_control_group(user, "c", percent)}
        for percent in range(101)
    ]
    assert all(few <= more for few, more in pairwise(members))


def test_the_groups_of_two_campaigns_have_nothing_to_do_with_each_other() -> None:
    """Half of one half is in the other's half."""
    of_c = [user for user in USERS if in_control_group(user, "c", 50)]
    both = sum(in_control_group(user, "d", 50) for user in of_c)
    assert 0.45 < both / len(of_c) < 0.55


def test_an_id_of_any_characters_has_its_place() -> None:
    """Also one that no encoding of the world can write; the same every time it is asked."""
    for user in ("", "\ud800", "ü\x1f", "x" * 2048):
        assert in_control_group(user, "c", 50) == in_control_group(user, "c", 50)


def test_the_group_of_a_user_is_the_same_in_every_process() -> None:
    """It is part of what was decided: a change of the hash would mix the groups of a comparison."""
    drawn = [in_control_group(user, "c", 50) for user in ("ana", "bob", "cleo", "finn", "gus")]
    assert drawn == [True, False, False, True, False]


def test_the_time_of_conversions_opens_with_the_first_trigger() -> None:
    """Later triggers open it again only when it is over: each entry stands for one message."""
    published = defined(CAMPAIGN)
    state = after((0, event("go")), (7200, event("go", 7200)), definitions=published)
    assert state.control == {"c": ControlEntry(at(0))}
    state = decide(state, event("go", 7201), published, at(7201)).state
    assert state.control == {"c": ControlEntry(at(7201))}


def test_the_entry_has_the_time_of_the_trigger() -> None:
    """Not that of its arrival."""
    late = event("go", arrived=at(600))
    state = decide(UserState("u"), late, defined(CAMPAIGN), at(600)).state
    assert state.control["c"].time == at(0)


def test_without_conversions_nothing_is_remembered() -> None:
    """An entry would cost a write and count for nothing."""
    plain = {name: value for name, value in CAMPAIGN.items() if name != "conversions"}
    assert after((0, event("go")), definitions=defined(plain)).control == {}


def test_the_conversions_of_the_control_group_are_told_and_derive_nothing() -> None:
    """Once for each row, with the reason in place of a send."""
    published = defined(CAMPAIGN, {"campaign": "d", "trigger": {"event": "conversion"}})
    state = after((0, event("go")), definitions=published)
    decision = decide(state, event("order", 1800), published, at(1800))
    (record,) = decision.records
    assert (record.outcome, record.reason) == (Outcome.CONVERTED, Reason.CONTROL_GROUP)
    assert (record.definition, record.event, record.send) == ("c", "order-1800", None)
    assert record.detail == {"row": 0, "primary": True, "after_s": 1800}
    assert decision.derived == ()
    again = decide(decision.state, event("order", 1900), published, at(1900))
    assert again.records == ()
    other = decide(again.state, event("visit", 7200), published, at(7200))
    assert [record.detail["row"] for record in other.records] == [1]
    late = decide(other.state, event("visit", 7201), published, at(7201))
    assert late.records == ()
