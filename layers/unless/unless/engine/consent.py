"""
Whether a user wants the message, and whether there is an address for it (SPEC T3).
"""

from unless.definitions.messages import Channel
from unless.engine.eligibility import Refusal
from unless.engine.model import UserState
from unless.engine.records import Reason

ADDRESSES: dict[Channel, str] = {"email": "email", "sms": "phone", "push": "push_endpoint"}
"""The attribute that holds the user's address on each channel that needs one."""

UNREACHABLE_EMAIL = "email_unreachable"
"""
The attribute that holds the address which bounced for good, or whose owner complained.

Another address is reachable again without anybody's doing.
"""


def consent_at(channel: Channel, group: str | None, state: UserState) -> Refusal | None:
    """
    Return `unsubscribed` when the user wants no e-mail at all, or is not in the message's group.
    """
    subscribed = state.attributes.get("email_subscribe")
    if channel == "email" and subscribed is not None and subscribed.value == "unsubscribed":
        return Refusal(Reason.UNSUBSCRIBED, {"channel": channel})
    if group is None:
        return None
    member = state.groups.get(group)
    if member is not None and member.value is True:
        return None
    return Refusal(Reason.UNSUBSCRIBED, {"channel": channel, "group": group})


def reach_at(channel: Channel, state: UserState) -> Refusal | None:
    """Return `unreachable` when the channel needs an address and the user has none that works."""
    attribute = ADDRESSES.get(channel)
    if attribute is None or address_of(channel, state) is not None:
        return None
    known = _text(state, attribute) is not None
    return Refusal(
        Reason.UNREACHABLE,
        {"channel": channel, "attribute": attribute, **({"bounced": True} if known else {})},
    )


def address_of(channel: Channel, state: UserState) -> str | None:
    """Return the user's working address on the channel, None where there is or needs to be none."""
    attribute = ADDRESSES.get(channel)
    address = _text(state, attribute) if attribute else None
    if address is None or channel != "email":
        return address
    failed = _text(state, UNREACHABLE_EMAIL)
    return None if failed is not None and failed.lower() == address.lower() else address


def _text(state: UserState, attribute: str) -> str | None:
    """Return the attribute's text without spaces around it; None when there is none."""
    known = state.attributes.get(attribute)
    text = known.value.strip() if known and isinstance(known.value, str) else ""
    return text or None
