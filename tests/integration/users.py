"""
Users, pending sends and runs for the tests of the adapters.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from unless.definitions.models import DaysDelay
from unless.engine.model import (
    Attribute,
    DueItem,
    Entries,
    EventMark,
    ExitEvent,
    History,
    PendingSend,
    Purchases,
    Receipt,
    Run,
    UserState,
    Visit,
)

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)


def pending_send(send: str, user: str = "u", **parts: Any) -> PendingSend:
    """A send due in an hour, with a value in every part."""
    known: dict[str, Any] = {
        "id": send,
        "user": user,
        "definition": "cart",
        "event": "e1",
        "name": "cart_updated",
        "triggered_at": NOW,
        "due": NOW + timedelta(hours=1, microseconds=5),
        "properties": {"cart_id": "c-1", "items": [{"sku": "bag"}], "größe": 1.5},
        "order": 3,
        "generation": 2,
        "version": "abc",
        "hops": 1,
        "root": "e0",
        "delay": DaysDelay.model_validate({"days": 1, "at": "09:00"}),
    }
    return PendingSend(**known | parts)


def run(name: str, user: str = "u", **parts: Any) -> Run:
    """A run that waits for an hour in its second step, with a value in every part."""
    known: dict[str, Any] = {
        "id": name,
        "user": user,
        "definition": "onboarding",
        "event": "e1",
        "name": "registered",
        "triggered_at": NOW - timedelta(days=5),
        "due": NOW + timedelta(hours=1),
        "properties": {"cart_id": "c-1"},
        "turn": 1,
        "order": 4,
        "version": "abc",
        "root": "e1",
        "place": "1",
        "arrived": NOW,
        "moved_by": "e1",
        "exit": ExitEvent("e2", "purchase", NOW),
        "trail": (Visit("0", NOW - timedelta(days=5)),),
    }
    return Run(**known | parts)


def moved(before: Run, **parts: Any) -> Run:
    """The run a step further, where it stays for a day."""
    step = {"place": f"{before.place}.then.0", "arrived": before.due, "turn": before.turn + 1}
    return replace(before, **{**step, "due": before.due + timedelta(days=1), **parts})


def user_state(user: str, *items: DueItem) -> UserState:
    """A user with a value in every part of the state."""
    earlier = NOW - timedelta(days=1, microseconds=7)
    return UserState(
        user=user,
        attributes={"plan": Attribute("gold", NOW), "gone": Attribute(None, NOW)},
        groups={"newsletter": Attribute(value=True, time=NOW)},
        history={
            "purchase": History(3, earlier, NOW, {date(2026, 2, 1): 1, date(2026, 2, 2): 2}),
            "seen_before": History(4, None, NOW),
            "once": History(1, NOW, NOW),
        },
        purchases=Purchases("12.50", {"bag": History(1, NOW, NOW)}),
        received={"welcome": History(1, NOW, NOW)},
        receipts=(Receipt("s-0", "welcome", NOW, "event", ("promo",)),),
        entries={"onboarding": Entries(2, NOW, (int(NOW.timestamp()),))},
        marks=(
            EventMark("cart", "row", "c-1", NOW, "e5", "purchase"),
            EventMark("cart", "row", "c-1", earlier, "e4", "purchase"),
        ),
        pending={item.id: item for item in items},
        hours={9: 4},
        derived_like={"x#email_added:email": NOW},
        next_order=7,
    )


def holding(user: str, *sends: str) -> UserState:
    """A user with these pending sends."""
    return user_state(user, *(pending_send(send, user) for send in sends))
