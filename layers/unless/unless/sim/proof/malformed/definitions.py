"""
Definitions that look into every corner of an event: each operator, path, derived event and filter.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from unless.definitions.checks import check_values
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY
from unless.engine.definitions import Definitions, compile_definitions

LAUNCHED = datetime(2020, 1, 1, tzinfo=UTC)

_DERIVED = (
    *("email_added", "attribute_changed", "subscription_changed", "subscription_group_changed"),
    *("message_interaction", "conversion", "exception_performed", "session_start", "purchase"),
)

_CONDITIONS: tuple[dict[str, Any], ...] = (
    {"cart_value": {"gte": 100, "lte": 200}},
    {"cart_id": {"matches": "^(a+)+$"}, "items[].sku": {"contains_any": ["bag"]}},
    {"items[].n": {"ne": 3}, "price": {"not_in": [1, "1", True]}},
    {"appointment": {"after": "2020-01-01"}, "cart_value": {"blank": False}},
    {"appointment": {"within_next": "30d"}, "quantity": {"gt": -1}},
    {"appointment": {"day_of_year": "02-03"}},
    {'"__proto__"': {"blank": True}, "items[].sku.deep[].er": {"contains_none": ["x"]}},
    {"cart_value": {"lt": 10**38}, "cart_id": {"not_matches": "\\d{3,}"}},
)

_TEXT = (
    "{{ user.country | default: 'nowhere' }} {{ trigger.cart_id | default: '' | upcase }} "
    "{% for item in trigger.items limit: 3 %}{{ item.sku | default: item | escape }} {% endfor %}"
    "{{ trigger.cart_value | default: 0 | times: 2 }} "
    "{{ trigger.appointment | default: '' | date: '%F' }}"
)


@cache
def nasty_definitions() -> Definitions:
    """Return the definitions, compiled."""
    checked = check_values([_workspace(), *_campaigns(), *_journeys()])
    if not checked.ok:
        raise ValueError(f"definitions with errors: {checked.errors}")
    return compile_definitions(publish(EMPTY, checked, LAUNCHED, launch_default=LAUNCHED)[0])


def _workspace() -> dict[str, Any]:
    caps = [{"max": 3, "per": "day"}, {"max": 5, "per": "week", "channel": "email"}]
    return {"workspace": {"zone": "America/New_York", "max_lateness": "30d", "caps": caps}}


def _campaigns() -> list[dict[str, Any]]:
    filtered = [
        _campaign(f"where{place}", {"event": "cart_updated", "where": where})
        for place, where in enumerate(_CONDITIONS)
    ]
    derived = [_campaign(f"on_{event}", {"event": event}) for event in _DERIVED]
    delayed = [
        _campaign(f"delay{place}", {"event": "cart_updated"}, delay=delay)
        for place, delay in enumerate(
            (
                {"until": "appointment", "minus": "1h"},
                {"until": "cart_value", "plus": "1d"},
                {"until": "items[].sku"},
                {"days": 1, "at": "02:30"},
                {"next": "sunday", "at": "00:00"},
                {"best_time": True, "fallback": "10:00"},
            )
        )
    ]
    return [*filtered, *derived, *delayed]


def _campaign(name: str, trigger: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "campaign": name,
        "trigger": trigger,
        "delay": {"after": "1h"},
        "unless": [{"event": "checkout", "match": ["cart_id", "items[].sku", "cart_value"]}],
        "quiet_hours": {"from": "22:00", "to": "06:00", "then": "hold"},
        "conversions": [{"event": "purchase", "within": "3d"}],
        "reeligible": "always",
        "message": {
            "channel": "email",
            "subject": {"fr": "{{ trigger.cart_id | default: '' }}", "default": "s"},
            "text": _TEXT,
        },
        **more,
    }


def _journeys() -> list[dict[str, Any]]:
    audience = {
        "any": [
            {"attribute": "country", "in": ["FR", "BE"]},
            {"attribute": "plan", "matches": "gold|.*"},
            {"purchase_total": {"gte": 100}},
            {"subscription_group": "news", "eq": True},
            {"event": "purchase", "where": {"product_id": "bag"}, "count": {"gte": 1}},
        ]
    }
    message = {"message": {"channel": "event"}}
    steps = [
        {"split": {"if": audience, "then": [message], "else": [{"update": _ATTRIBUTES}]}},
        {"delay": {"after": "1h", "at": "09:00"}},
        {
            "wait_for": {
                "within": "1d",
                "paths": [{"event": "purchase", "where": _CONDITIONS[0], "steps": [message]}],
                "otherwise": [message],
            }
        },
    ]
    exits = {"events": [{"event": "purchase", "match": "cart_id"}], "when": "immediate"}
    entry = {"trigger": {"event": "cart_updated"}}
    return [{"journey": "j", "entry": entry, "reentry": "always", "exit": exits, "steps": steps}]


_ATTRIBUTES = {"attributes": {"plan": "gold", "country": None}}
