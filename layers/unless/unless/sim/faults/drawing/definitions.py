"""
Campaigns and journeys drawn by chance: few events and short delays, so that much meets.
"""

from random import Random
from typing import Any

type Document = dict[str, Any]

TRIGGERS = ("added", "added", "viewed")
EXCEPTIONS = ("bought", "bought", "left")
PUNCTUAL: Document = {"after": "10m"}
"""A delay whose timer rings within a second: a message, and no schedule."""

DELAYS: tuple[Document, ...] = (
    PUNCTUAL,
    PUNCTUAL,
    PUNCTUAL,
    {"after": "1h"},
    {"after": "30m"},
    {"after": "2h"},
    {"days": 0, "at": "14:00"},
    {"days": 1, "at": "09:00"},
    {"after": "26h"},
)
CHANNELS = ("email", "email", "email", "sms", "event", "event", "webhook")


def draw_definitions(draw: Random, number: int) -> list[Document]:
    """Return so many campaigns and journeys."""
    return [
        _journey(draw, f"j{place}") if draw.random() < 0.3 else _campaign(draw, f"c{place}")
        for place in range(number)
    ]


def _campaign(draw: Random, name: str) -> Document:
    trigger: Document = {"event": draw.choice(TRIGGERS)}
    if draw.random() < 0.2:
        trigger["where"] = {"kind": draw.choice(["a", "b"])}
    if draw.random() < 0.08:
        trigger = {"event": "email_added"}
    campaign: Document = {
        "campaign": name,
        "trigger": trigger,
        "reeligible": draw.choice(["never", "always", "always", {"after": "1h"}]),
        "message": _message(draw),
    }
    if draw.random() < 0.85:
        campaign["delay"] = draw.choice(DELAYS)
        if draw.random() < 0.8:
            campaign["unless"] = [_exception(draw, trigger["event"])]
    if draw.random() < 0.2:
        campaign["audience"] = {"attribute": "plan", "eq": "gold"}
        campaign["recheck_audience"] = draw.random() < 0.5
    if draw.random() < 0.1:
        campaign["quiet_hours"] = {
            "from": draw.choice(["11:00", "12:00", "22:00"]),
            "to": draw.choice(["12:30", "13:00", "08:00"]),
            "then": draw.choice(["hold", "drop"]),
        }
    if draw.random() < 0.1:
        campaign["conversions"] = [{"event": "bought", "within": "2h"}]
    if draw.random() < 0.2:
        campaign["tags"] = ["promo"]
    return campaign


def _exception(draw: Random, trigger: str) -> Document:
    event = trigger if draw.random() < 0.15 else draw.choice(EXCEPTIONS)
    row: Document = {"event": event}
    if draw.random() < 0.4:
        row["match"] = "cart"
    return row


def _message(draw: Random) -> Document:
    channel = draw.choice(CHANNELS)
    match channel:
        case "email":
            return {"channel": channel, "subject": "Your cart", "text": "It waits for you."}
        case "sms":
            return {"channel": channel, "text": "Your cart waits for you."}
        case "webhook":
            return {"channel": channel, "url": "https://hooks.example.com/unless"}
        case _:
            return {"channel": channel}


def _journey(draw: Random, name: str) -> Document:
    trigger = draw.choice(TRIGGERS)
    journey: Document = {
        "journey": name,
        "entry": {"trigger": {"event": trigger}},
        "reentry": draw.choice(["never", "always", "always", {"after": "1h"}]),
        "steps": _steps(draw),
    }
    if draw.random() < 0.7:
        row: Document = {"event": draw.choice(EXCEPTIONS)}
        if draw.random() < 0.4:
            row["match"] = "cart"
        journey["exit"] = {"events": [row], "when": draw.choice(["end_of_step", "immediate"])}
    return journey


def _steps(draw: Random) -> list[Document]:
    delay: Document = {"delay": {"after": draw.choice(["10m", "30m", "1h"])}}
    first: Document = {"message": {"id": "first", **_message(draw)}}
    second: Document = {"message": {"id": "second", **_message(draw)}}
    wait = {
        "wait_for": {
            "within": draw.choice(["10m", "1h"]),
            "paths": [{"event": draw.choice(["opened", "bought"]), "steps": [second]}],
            "otherwise": [{"update": {"attributes": {"plan": "gold"}}}],
        }
    }
    split = {
        "split": {
            "if": {"attribute": "plan", "eq": "gold"},
            "then": [second],
            "else": [{"exit": True}],
        }
    }
    return draw.choice(
        [
            [delay, first],
            [first, delay, second],
            [delay, first, wait],
            [delay, split],
            [wait, delay, first],
        ]
    )


def draw_workspace(draw: Random) -> Document:
    """Return the workspace: now and then with caps."""
    workspace: Document = {}
    if draw.random() < 0.3:
        workspace["caps"] = [{"max": draw.choice([1, 2]), "per": "1h", "channel": "email"}]
    if draw.random() < 0.2:
        workspace["record"] = "named"
    return workspace
