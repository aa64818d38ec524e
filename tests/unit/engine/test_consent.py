"""Who wants no message gets none, and who has no address that works gets none either (T3)."""

from typing import Any

import pytest

from tests.unit.engine.deciding import LONG_AGO
from unless.engine.consent import address_of, consent_at, reach_at
from unless.engine.model import Attribute, UserState
from unless.engine.records import Reason


def user(**attributes: Any) -> UserState:
    """Return a user with these attributes."""
    groups = attributes.pop("subscription_groups", {})
    return UserState(
        "u",
        attributes={name: Attribute(value, LONG_AGO) for name, value in attributes.items()},
        groups={name: Attribute(value, LONG_AGO) for name, value in groups.items()},
    )


@pytest.mark.parametrize("state", [None, "subscribed", "opted_in", "anything", True])
def test_whoever_has_not_unsubscribed_gets_email(state: Any) -> None:
    """Absent counts as subscribed."""
    known = user() if state is None else user(email_subscribe=state)
    assert consent_at("email", None, known) is None


def test_an_unsubscribed_user_gets_no_email_and_all_else() -> None:
    """The attribute speaks of e-mail alone."""
    known = user(email_subscribe="unsubscribed")
    refusal = consent_at("email", None, known)
    assert refusal is not None
    assert refusal.reason is Reason.UNSUBSCRIBED
    for channel in ("sms", "push", "webhook", "queue", "event", "in_app"):
        assert consent_at(channel, None, known) is None


@pytest.mark.parametrize("member", [False, None, "true", 1])
def test_a_message_of_a_group_goes_to_its_members_only(member: Any) -> None:
    """On every channel, and only a plain `true` is membership."""
    known = user(subscription_groups={"news": member, "other": True})
    for channel in ("email", "sms", "event", "in_app"):
        refusal = consent_at(channel, "news", known)
        assert refusal is not None
        assert refusal.detail["group"] == "news"
        assert consent_at(channel, "other", known) is None


def test_a_member_who_has_unsubscribed_from_email_gets_none() -> None:
    """Both have to agree."""
    known = user(email_subscribe="unsubscribed", subscription_groups={"news": True})
    assert consent_at("email", "news", known) is not None
    assert consent_at("sms", "news", known) is None


@pytest.mark.parametrize(
    ("channel", "attribute"), [("email", "email"), ("sms", "phone"), ("push", "push_endpoint")]
)
@pytest.mark.parametrize("value", [None, "", "   ", 7, ["a@b.test"]])
def test_without_an_address_the_user_is_unreachable(
    channel: Any, attribute: str, value: Any
) -> None:
    """Nothing, blanks and what is no text are no address."""
    for known in (user(), user(**{attribute: value})):
        refusal = reach_at(channel, known)
        assert refusal is not None
        assert refusal.reason is Reason.UNREACHABLE
        assert refusal.detail == {"channel": channel, "attribute": attribute}
    assert reach_at(channel, user(**{attribute: "x"})) is None
    assert address_of(channel, user(**{attribute: " x "})) == "x"


@pytest.mark.parametrize("channel", ["webhook", "queue", "event", "in_app"])
def test_other_channels_need_no_address(channel: Any) -> None:
    """They reach the app, which knows the user."""
    assert reach_at(channel, user()) is None
    assert address_of(channel, user(email="u@example.test")) is None


def test_the_address_that_bounced_is_unreachable_and_another_one_is_not() -> None:
    """In any case of letters; a new address needs nobody to clear the old one."""
    bounced = user(email="U@example.test", email_unreachable="u@EXAMPLE.test")
    refusal = reach_at("email", bounced)
    assert refusal is not None
    assert refusal.detail["bounced"] is True
    assert address_of("email", bounced) is None
    moved = user(email="v@example.test", email_unreachable="u@example.test")
    assert reach_at("email", moved) is None
    assert address_of("email", moved) == "v@example.test"
