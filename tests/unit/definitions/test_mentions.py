"""Which events a definition speaks of, so that `record: named` keeps their history."""

from tests.unit.definitions.written import campaign, checked, journey
from tests.unit.definitions.written_steps import branch, experiment, split, steps, wait_for
from unless.definitions.mentions import mentioned_events


def test_a_campaign_speaks_of_its_trigger_exceptions_and_audience() -> None:
    """Every event name that is written in it, however deep."""
    text = """\
        delay: {after: 1h}
        unless: [{event: left}]
        audience: {all: [{event: visit}, {not: {any: [{purchase_total: {gt: 1}}]}}, {segment: s}]}
        ---
        segment: s
        audience: {event: hidden}
    """
    (one,) = checked(campaign(text, "[{event: a}, {event: b}]")).campaigns.values()
    assert set(mentioned_events(one)) == {"a", "b", "left", "visit", "purchase"}


def test_a_journey_speaks_of_all_that_its_steps_name() -> None:
    """Entry, exit, waits, splits and branches, also inside other steps."""
    inside = experiment(wait_for().replace("event: a", "event: opened"))
    text = "exit: {events: [{event: left}], audience: {event: bought}}\n" + steps(
        split(split(inside)).replace("attribute: vip, eq: true", "event: visit"),
        branch(audience="{event: read}"),
    )
    entry = "{trigger: {event: registered}, audience: {event: invited}}"
    (one,) = checked(journey(text, entry)).journeys.values()
    assert set(mentioned_events(one)) == {
        "registered", "invited", "left", "bought", "opened", "visit", "read",
    }  # fmt: skip
