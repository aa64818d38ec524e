"""
The profile attributes with a meaning of their own: what may stand in them (SPEC section 2).

An event with a wrong one is refused as a whole. A message at the wrong hour, or to somebody who
left the group, cannot be called back; a quarantined event can be sent again.
"""

from collections.abc import Mapping

from unless.definitions.durations import zone_of
from unless.events.rejection import NotUnderstood, RejectReason

TEXT_ATTRIBUTES = ("email", "phone", "language", "country", "email_subscribe")


def check_known_attributes(attributes: Mapping[str, object]) -> None:
    """
    Return if every attribute that Unless itself reads can be read; null removes any of them (V8).

    Raises:
        NotUnderstood: `bad_type`, `bad_time_zone`.
    """
    for name in TEXT_ATTRIBUTES:
        if not isinstance(attributes.get(name), str | None):
            raise NotUnderstood(RejectReason.BAD_TYPE, "must be text or null").under(name)
    _check_zone(attributes.get("time_zone"))
    _check_groups(attributes.get("subscription_groups"))


def _check_zone(zone: object) -> None:
    if zone is not None and not (isinstance(zone, str) and zone_of(zone)):
        raise NotUnderstood(
            RejectReason.BAD_TIME_ZONE,
            "no such time zone; send an IANA name such as Europe/Paris, or null to remove it",
        ).under("time_zone")


def _check_groups(groups: object) -> None:
    if groups is None:
        return
    expected = "must be an object that gives true, false or null for each group"
    if not isinstance(groups, Mapping):
        fault = NotUnderstood(RejectReason.BAD_TYPE, expected)
        raise fault.under("subscription_groups")
    for group, member in groups.items():
        if not isinstance(member, bool | None):
            fault = NotUnderstood(RejectReason.BAD_TYPE, expected)
            raise fault.under(group).under("subscription_groups")
