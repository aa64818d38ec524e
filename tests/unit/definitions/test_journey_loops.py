"""Warnings for journeys whose own messages let people enter again, directly or in a circle."""

from datetime import UTC, datetime

import pytest

from tests.unit.definitions.written import checked
from tests.unit.definitions.written_steps import MESSAGE, delay, split, steps
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)


def received(where: str = "") -> str:
    return f"{{event: message_interaction, where: {{{where}}}}}"


def journey(name: str, trigger: str, text: str = "", reentry: str = "always") -> str:
    written = text or steps("{message: {id: hello}}")
    return f"journey: {name}\nentry: {{trigger: {trigger}}}\nreentry: {reentry}\n{written}\n---\n"


def campaign(name: str, trigger: str, rest: str = "") -> str:
    return f"campaign: {name}\ntrigger: {trigger}\n{rest}\n---\n"


def looping(*documents: str) -> list[tuple[str, str]]:
    """Return id and path of each definition that is warned of."""
    issues = checked("".join(documents)).issues
    assert all((issue.code, issue.level) == ("send_loop", "warning") for issue in issues)
    return [(str(issue.id), issue.path) for issue in issues]


@pytest.mark.parametrize(
    "where",
    [
        "", "journey: v", "journey: v, step: hello", "action: received, channel: event",
        "step: [hello, bye]", "campaign: {blank: true}", "campaign: {ne: c}", "journey: {ne: w}",
    ],
)  # fmt: skip
def test_a_journey_that_hears_its_own_message_is_warned_of(where: str) -> None:
    """A filter that our own receipt passes lets everyone enter again."""
    assert looping(journey("v", received(where))) == [("v", "entry.trigger")]


@pytest.mark.parametrize(
    "where",
    ["journey: w", "step: bye", "campaign: v", "action: opened", "campaign: {blank: false}",
     "channel: email", "journey: {blank: true}", "journey: {ne: v}"],
)  # fmt: skip
def test_a_journey_that_hears_others_is_fine(where: str) -> None:
    """A filter that our own receipt cannot pass breaks the circle."""
    assert looping(journey("v", received(where))) == []


@pytest.mark.parametrize("reentry", ["always", "{after: 3d}"])
def test_only_who_may_enter_again_can_loop(reentry: str) -> None:
    """With `reentry: never` every circle ends after one turn."""
    assert looping(journey("v", received("journey: v"), reentry=reentry)) != []
    assert looping(journey("v", received("journey: v"), reentry="never")) == []


def test_every_message_of_a_journey_counts() -> None:
    """Also one inside other steps, by the name that its place gives it; not a step of others."""
    text = steps(MESSAGE, delay("1h"), split(MESSAGE))
    for step in ("'0'", "2.then.0"):
        assert looping(journey("v", received(f"journey: v, step: {step}"), text)) != []
    for step in ("'1'", "'2'", "2.else.0"):
        assert looping(journey("v", received(f"journey: v, step: {step}"), text)) == []


def test_a_journey_without_messages_causes_nothing() -> None:
    """Who sends nothing is not heard by anyone."""
    assert looping(journey("v", received(), steps(delay("1h"), "{exit: true}"))) == []


def test_campaigns_and_journeys_close_a_circle_together() -> None:
    """Each starts the other; both are warned of, and the circle is drawn."""
    documents = [
        campaign("c", received("journey: v")),
        journey("v", received("campaign: c")),
        journey("hanging", received("journey: v")),
    ]
    assert looping(*documents) == [("c", "trigger"), ("v", "entry.trigger")]
    first, second = checked("".join(documents)).issues
    assert "`c` → `v` → `c`" in first.message
    assert "`v` → `c` → `v`" in second.message
    assert "reentry: never" in second.remedy


def test_a_circle_through_a_journey_that_is_entered_once_is_fine() -> None:
    """It stops there."""
    documents = [
        campaign("c", received("journey: v")), journey("v", received("campaign: c"), "", "never"),
    ]  # fmt: skip
    assert looping(*documents) == []


def test_a_cancelled_message_lets_people_enter() -> None:
    """The journey cancels the campaign's message, starts it anew, and is entered by that."""
    documents = [
        journey("v", "{event: exception_performed, where: {campaign: c}}"),
        campaign(
            "c", received("journey: v"),
            f"delay: {{after: 1h}}\nunless: [{received('journey: v')}]",
        ),
    ]  # fmt: skip
    assert looping(*documents) == [("v", "entry.trigger")]


def test_a_circle_by_way_of_a_published_journey_is_found() -> None:
    """What is published already closes a circle as well as what comes with it."""
    published, _ = publish(EMPTY, checked(journey("v", received("campaign: c"))), NOW)
    text = campaign("c", received("journey: v"))
    assert checked(text).issues == ()
    assert [issue.id for issue in checked(text, published).issues] == ["c"]
