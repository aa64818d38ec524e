"""
What each mistake says about the people who would receive the messages.
"""

from textwrap import dedent

import pytest

from tests.unit.definitions.written import campaign, checked, journey
from unless.definitions.checking.loops import HOPS_MAX
from unless.definitions.effects import EFFECTS
from unless.definitions.issues import CheckCode, Issue
from unless.engine import triggers


def effect(text: str) -> str:
    """Return what the only mistake of a text means for people."""
    (issue,) = checked(text).issues
    return issue.effect


def test_every_code_says_what_it_does_to_people() -> None:
    """No code is without a sentence, and no sentence is without its code."""
    assert EFFECTS.keys() == {code.value for code in CheckCode}
    for said in EFFECTS.values():
        assert said[0].isupper()
        assert said.endswith(".")


@pytest.mark.parametrize("code", CheckCode)
def test_what_a_rule_does_not_say_its_code_says(code: CheckCode) -> None:
    """An issue is never without an effect."""
    assert Issue(code, "message", "remedy").effect == EFFECTS[code]


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ("{event: cart_add}", "Whoever does `cart_add` for the first time gets nothing"),
        ("{event: cart_add, count: {gte: 3}}", "for the third time gets nothing"),
        ("{event: cart_add, count: {gt: 20}}", "for the 21st time gets nothing"),
        ("{event: cart_add, count: {eq: 0}}", "a person's first ones pass"),
        ("{not: {event: cart_add}}", "a person's first ones pass"),
        ("{not: {event: cart_add, count: {eq: 0}}}", "for the first time gets nothing"),
        ("{event: cart_add, last: {within_last: 1d}}", "for the first time gets nothing"),
        ("{not: {any: [{event: cart_add, last: {within_last: 1d}}]}}", "first ones pass"),
    ],
)
def test_the_race_says_which_time_is_skipped(audience: str, said: str) -> None:
    """The sentence follows the count and every `not` around it."""
    assert said in effect(campaign(f"audience: {audience}"))


def test_the_race_inside_a_segment_follows_its_not() -> None:
    """A `not` around a segment turns round the filter inside it."""
    segment = "---\nsegment: s\naudience: {event: cart_add}\n"
    assert "first time gets nothing" in effect(campaign("audience: {segment: s}") + segment)
    turned = effect(campaign("audience: {not: {segment: s}}") + segment)
    assert "first ones pass" in turned


def test_the_race_of_a_journey_is_about_entering() -> None:
    """People do not enter; nothing is said about a message."""
    entry = "{trigger: {event: registered}, audience: {event: registered}}"
    assert "does not enter" in effect(journey(entry=entry))


def test_a_bound_of_the_engine_is_told_as_it_is() -> None:
    """The loop is cut off where the engine cuts it off."""
    assert HOPS_MAX == triggers.HOPS_MAX


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (campaign("unless: [{event: purchase}]"), "whoever does `purchase` a minute later"),
        (
            campaign("delay: {after: 2h}\nunless: [{event: session_start}]", "session_start"),
            "comes back within 2h each time would wait for ever",
        ),
        (campaign("delay: {after: 90}"), "90 may be seconds, minutes or days"),
        (campaign("audience:\n"), "Without `audience` everyone who triggers it would get it."),
        (campaign("reelegible: always"), "Without `reeligible` each person would get it once"),
        (campaign("audience: {segment: s}"), "Nobody is in `s`, so nobody would pass."),
        (campaign("audience: {not: {segment: s}}"), "let everyone pass"),
        (
            campaign('delay: {days: 1, at: "20:00"}\nwindow: {from: "09:00", to: "18:00"}'),
            "it is due at 20:00 for everyone",
        ),
        (
            journey(
                """
                exit: {audience: {event: purchase, last: {within_last: 1h}}}
                steps: [{delay: {after: 1d}}, {message: {}}]
                """
            ),
            "more than 1h before its end stays",
        ),
    ],
)
def test_what_a_rule_knows_it_says(text: str, said: str) -> None:
    """Names, times and spans of the definition stand in the sentence."""
    text = dedent(text).replace("trigger: session_start", "trigger: {event: session_start}")
    assert said in effect(text)
