"""What a campaign may not be although each value is right, and near misses that are fine."""

import pytest

from tests.unit.definitions.written import campaign, checked, found

AFTER = "delay: {after: 1h}\n"


@pytest.mark.parametrize("delay", ["", "delay: {after: 0s}", "delay: {after: PT0S}"])
def test_an_exception_needs_a_delay(delay: str) -> None:
    """E2: without a delay, and no time is none, nothing is left to cancel."""
    text = campaign(f"unless: [{{event: purchase}}]\n{delay}")
    assert found(text) == [("exception_needs_delay", "unless", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "unless: []",
        "unless: [{event: purchase}]\ndelay: {after: 1s}",
        "unless: [{event: purchase}]\ndelay: {days: 0, at: '09:00'}",
        "unless: [{event: purchase}]\ndelay: {next: monday, at: '09:00'}",
        "unless: [{event: purchase}]\ndelay: {until: due_at}",
    ],
)
def test_an_exception_with_any_delay_is_fine(text: str) -> None:
    """Every other form of delay leaves time for an exception."""
    assert found(campaign(text)) == []


@pytest.mark.parametrize(
    "trigger", ["{event: session_start}", "[{event: cart_add}, {event: session_start}]"]
)
def test_session_start_may_not_be_trigger_and_exception(trigger: str) -> None:
    """E5, C4: in whatever row they stand."""
    text = campaign(AFTER + "unless:\n  - {event: purchase}\n  - {event: session_start}", trigger)
    assert found(text) == [("session_start_both", "unless[1].event", 6)]


@pytest.mark.parametrize(
    ("trigger", "exception"),
    [("cart_add", "session_start"), ("session_start", "cart_add"), ("cart_add", "cart_add")],
)
def test_another_event_may_be_both(trigger: str, exception: str) -> None:
    """Any other event may restart its own delay, and session_start may be one of the two."""
    text = campaign(f"{AFTER}unless: [{{event: {exception}}}]", f"{{event: {trigger}}}")
    assert found(text) == []


@pytest.mark.parametrize(
    "names", ["'tags[]'", "'tags[].name'", "[plan, 'tags[]']", "{in: ['tags[]']}", "{eq: 'a[].b'}"]
)
def test_a_change_of_an_array_is_no_trigger(names: str) -> None:
    """An `attribute_changed` of an array never happens, so it may not be waited for."""
    row = f"{{event: attribute_changed, where: {{attribute: {names}}}}}"
    assert found(campaign(trigger=row)) == [
        ("array_attribute_trigger", "trigger.where.attribute", 2)
    ]
    assert found(campaign(trigger=f"[{{event: x}}, {row}]")) == [
        ("array_attribute_trigger", "trigger[1].where.attribute", 2)
    ]
    assert found(campaign(f"{AFTER}unless: [{row}]")) == [
        ("array_attribute_trigger", "unless[0].where.attribute", 4)
    ]


@pytest.mark.parametrize(
    "trigger",
    [
        "{event: attribute_changed, where: {attribute: tags}}",
        "{event: attribute_changed, where: {attribute: {ne: 'tags[]'}}}",
        "{event: attribute_changed}",
        "{event: order, where: {attribute: 'tags[]'}}",
        "{event: order, where: {'items[].sku': bag}}",
    ],
)
def test_other_arrays_are_fine(trigger: str) -> None:
    """Arrays in the properties of other events, and attributes that are none, are accepted."""
    assert found(campaign(trigger=trigger)) == []


def test_an_id_may_be_used_once() -> None:
    """The second definition of an id is the mistake, and it says where the first stands."""
    text = "campaign: c\ntrigger: {event: a}\n---\ncampaign: c\ntrigger: {event: b}\n"
    (issue,) = checked(text).issues
    assert (issue.code, issue.path, issue.line, issue.id) == ("duplicate_id", "campaign", 4, "c")
    assert "line 1 of campaigns/c.yaml" in issue.message


def test_a_workspace_may_be_given_once() -> None:
    """Two workspaces contradict each other."""
    (issue,) = checked("workspace: {}\n---\nworkspace: {zone: UTC}\n").issues
    assert (issue.code, issue.kind, issue.line) == ("duplicate_id", "workspace", 3)


def test_a_campaign_and_a_segment_may_share_an_id() -> None:
    """Ids are unique among definitions of a kind."""
    text = "campaign: c\ntrigger: {event: a}\n---\nsegment: c\naudience: {attribute: a, eq: 1}\n"
    assert checked(text).ok


@pytest.mark.parametrize(
    "text",
    [
        "message: {channel: event}",
        "message: {}",
        "message: {channel: in_app, expires: 3d}",
        "delay: {best_time: true, fallback: '10:00'}",
        "conversions: []",
        "conversions: [{event: purchase}]",
        "conversions: [{event: purchase, within: 31d}]",
        "control_percent: 0",
        "control_percent: 5",
    ],
)
def test_what_can_be_carried_out_is_accepted(text: str) -> None:
    """Every part of a campaign, at its defaults and at its limits."""
    assert found(campaign(text)) == []


def test_a_conversion_may_not_follow_longer_than_receipts_are_kept() -> None:
    """It would be cut short in silence otherwise."""
    text = "conversions: [{event: a}, {event: b, within: P31DT1S}]"
    (issue,) = checked(campaign(text)).issues
    assert (issue.code, issue.path) == ("bad_value", "conversions[1].within")
    assert "31d" in issue.message


@pytest.mark.parametrize("per", ["day", "week", "1h", "31d"])
def test_a_cap_looks_back_as_far_as_receipts_are_kept(per: str) -> None:
    """Calendar days, and durations up to 31 days."""
    assert checked(f"workspace: {{caps: [{{max: 2, per: {per}}}]}}\n").ok


def test_a_cap_may_not_look_back_further_than_receipts_are_kept() -> None:
    """It would let more messages through than people wrote."""
    (issue,) = checked("workspace: {caps: [{max: 1, per: day}, {max: 2, per: 32d}]}\n").issues
    assert (issue.code, issue.path) == ("bad_value", "workspace.caps[1].per")


def test_a_cap_of_a_channel_that_does_not_exist_is_refused() -> None:
    """It would never hold anything back."""
    (issue,) = checked("workspace: {caps: [{max: 2, per: week, channel: mail}]}\n").issues
    assert (issue.code, issue.path) == ("bad_value", "workspace.caps[0].channel")
    assert "email" in issue.remedy
