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
    ("text", "path"),
    [
        ("message: {channel: email}", "message.channel"),
        ("message: {template: x.liquid}", "message.template"),
        ("message: {subject: Hello}", "message.subject"),
        ("message: {text: ''}", "message.text"),
        ("delay: {best_time: true, fallback: '10:00'}", "delay.best_time"),
        ("conversions: [{event: purchase, within: 3d}]", "conversions"),
        ("control_percent: 5", "control_percent"),
    ],
)
def test_what_is_not_available_yet_is_refused(text: str, path: str) -> None:
    """A part that cannot be carried out is refused and never ignored."""
    (issue,) = checked(campaign(text)).issues
    assert (issue.code, issue.path, issue.line) == ("bad_value", path, 3)
    assert "not available in this version yet" in issue.message


@pytest.mark.parametrize(
    "text", ["message: {channel: event}", "message: {}", "conversions: []", "control_percent: 0"]
)
def test_what_asks_for_nothing_is_accepted(text: str) -> None:
    """The defaults, written out, are available."""
    assert found(campaign(text)) == []


def test_the_caps_of_a_workspace_are_not_available_yet() -> None:
    """What would let more messages through than people wrote is refused."""
    (issue,) = checked("workspace: {caps: [{max: 2, per: week}]}\n").issues
    assert (issue.code, issue.kind, issue.path) == ("bad_value", "workspace", "workspace.caps")
    assert "not available in this version yet" in issue.message


def test_a_wrong_value_is_told_before_it_is_unavailable() -> None:
    """Who wrote a wrong value is told that, not that a later version would take it."""
    (issue,) = checked(campaign("control_percent: 200")).issues
    assert "not available" not in issue.message
