"""
At which hours of their day a user is engaged; counted from the start: it cannot be rebuilt later.
"""

from dataclasses import replace
from zoneinfo import ZoneInfo

from unless.engine.model import UserEvent, UserState

ENGAGED_ACTIONS = frozenset({"opened", "clicked"})
"""What a user does with a message who is engaged; receiving one is not their doing."""


def remember_engagement(state: UserState, event: UserEvent, zone: ZoneInfo) -> UserState:
    """Return the state with the event's local hour counted, if it shows that the user was there."""
    action = event.properties.get("action")
    opened = event.name == "message_interaction" and str(action) in ENGAGED_ACTIONS
    if event.name != "session_start" and not opened:
        return state
    try:
        hour = event.time.astimezone(zone).hour
    except OverflowError:  # at the very ends of the calendar
        hour = event.time.hour
    return replace(state, hours={**state.hours, hour: state.hours.get(hour, 0) + 1})
