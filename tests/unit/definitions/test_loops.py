"""Warnings for campaigns whose own messages trigger them, directly or in a circle."""

from datetime import UTC, datetime

import pytest

from tests.unit.definitions.written import checked
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)


def received(where: str = "") -> str:
    return f"{{event: message_interaction, where: {{{where}}}}}"


def cancelled(name: str) -> str:
    return f"{{event: exception_performed, where: {{campaign: {name}}}}}"


def one(name: str, trigger: str, rest: str = "") -> str:
    return f"campaign: {name}\ntrigger: {trigger}\n{rest}\n---\n"


def looping(*documents: str) -> list[str]:
    """Return the campaigns that are warned of."""
    issues = checked("".join(documents)).issues
    assert all(
        (issue.code, issue.level, issue.path) == ("send_loop", "warning", "trigger")
        for issue in issues
    )
    return [str(issue.id) for issue in issues]


@pytest.mark.parametrize(
    "where",
    [
        "", "campaign: c", "action: received", "campaign: c, action: received, channel: event",
        "campaign: [b, c]", "campaign: {ne: d}", "campaign: {matches: ^C$}", "send: {blank: false}",
        "campaign: {not_matches: x}", "campaign: {not_in: [a]}", "other: {blank: true}",
        "other: {ne: 5}", "action: {contains_any: [receiv]}",
    ],
)  # fmt: skip
def test_a_campaign_that_hears_its_own_message_is_warned_of(where: str) -> None:
    """A filter that our own receipt passes makes the campaign its own trigger."""
    assert looping(one("c", received(where))) == ["c"]


@pytest.mark.parametrize(
    "where",
    [
        "campaign: d", "action: opened", "channel: email", "campaign: {ne: c}", "campaign: [a, b]",
        "campaign: {not_in: [c]}", "campaign: {not_matches: C}", "campaign: {matches: x}",
        "other: 5", "other: {blank: false}", "campaign: {blank: true}",
    ],
)  # fmt: skip
def test_a_campaign_that_hears_others_is_fine(where: str) -> None:
    """A filter that our own receipt cannot pass breaks the circle."""
    assert looping(one("c", received(where))) == []


def test_a_circle_of_campaigns_is_warned_of_at_each_and_drawn() -> None:
    """Every campaign of a circle is warned of, and no one that only hangs on it."""
    circle = [
        one("a", received("campaign: c")),
        one("b", received("campaign: a")),
        one("c", received("campaign: b")),
        one("hanging", received("campaign: a")),
        one("first", "{event: visit}"),
    ]
    assert looping(*circle) == ["a", "b", "c"]
    assert "`a` → `b` → `c` → `a`" in checked("".join(circle)).issues[0].message


def test_a_chain_is_fine() -> None:
    """Messages that follow each other and end are what campaigns are for."""
    assert looping(one("a", "{event: x}"), one("b", received("campaign: a"))) == []


def test_a_circle_by_way_of_published_campaigns_is_found() -> None:
    """What is published already closes a circle as well as what comes with it."""
    published, _ = publish(EMPTY, checked(one("a", received("campaign: b"))), NOW)
    text = one("b", received("campaign: a"))
    assert checked(text).issues == ()
    assert [issue.id for issue in checked(text, published).issues] == ["b"]


def test_a_cancelled_message_closes_a_circle_that_starts_it_anew() -> None:
    """a's message starts b and, later, cancels it by way of c; the cancelling starts a."""
    documents = [
        one("a", cancelled("b")),
        one(
            "b",
            received("campaign: a"),
            f"delay: {{after: 1h}}\nunless: [{received('campaign: c')}]",
        ),
        one("c", received("campaign: a"), "delay: {after: 10m}"),
    ]
    assert looping(*documents) == ["a", "c"]


def test_a_cancelled_message_that_only_the_app_can_start_is_fine() -> None:
    """Each turn needs a new cart, which no message of ours brings."""
    documents = [
        one("a", cancelled("b")),
        one("b", "{event: cart_add}", f"delay: {{after: 1h}}\nunless: [{received('campaign: a')}]"),
    ]
    assert looping(*documents) == []


def test_a_campaign_that_follows_its_own_cancelling_is_fine() -> None:
    """A second try after an exception needs another exception for a third."""
    rest = "delay: {after: 1h}\nunless: [{event: purchase}]"
    assert looping(one("a", f"[{{event: cart_add}}, {cancelled('a')}]", rest)) == []


def converting(name: str, trigger: str, row: str, rest: str = "") -> str:
    return one(name, trigger, f"conversions: [{row}]\n{rest}")


def test_a_circle_through_a_conversion_is_warned_of() -> None:
    """Its receipt is a conversion of the first, and that triggers the first again."""
    first = converting("a", "{event: conversion, where: {campaign: a}}", received("campaign: a"))
    assert looping(first) == ["a"]
    other = converting("a", "{event: go}", received("campaign: b"))
    second = one("b", "{event: conversion, where: {campaign: a}}")
    assert looping(other, second) == []


@pytest.mark.parametrize(
    "row", [received("campaign: a, action: clicked"), "{event: order}", "{event: conversion}"]
)
def test_a_conversion_that_people_make_is_no_circle(row: str) -> None:
    """They decide whether it goes on; and a receipt is converted once."""
    assert looping(converting("a", "{event: conversion, where: {campaign: a}}", row)) == []
