"""
Messages drawn by chance, on every channel; some of their templates abort or cannot be rendered.
"""

from random import Random
from typing import Any

type Document = dict[str, Any]

CHANNELS = (
    *("email", "email", "email", "email", "sms", "event", "event"),
    *("webhook", "webhook", "queue", "push", "in_app", "in_app"),
)
"""One that is there twice is twice as likely."""

WORDS = ("It waits for you.",) * 8 + (
    "{% if user.plan == 'gold' %}{% abort_message 'gold' %}{% endif %}It waits for you.",
    "{{ trigger.kind | divided_by: 0 }}",
    "Your cart {{ trigger.cart }} waits for you, {{ user.plan }}.",
)
"""What a message says: one aborts, one cannot be rendered."""

CONSENT = "news"
"""The subscription group of those messages that have one."""


def draw_message(draw: Random) -> Document:
    """Return what is sent, and over which channel."""
    channel = draw.choice(CHANNELS)
    match channel:
        case "email":
            return {"channel": channel, "subject": "Your cart", "text": draw.choice(WORDS)}
        case "sms" | "push":
            return {"channel": channel, "text": draw.choice(WORDS)}
        case "webhook":
            return {"channel": channel, "url": "https://hooks.example.com/unless"}
        case "in_app":
            expires = draw.choice(["20m", "1h", "3h", "3h"])
            return {"channel": channel, "text": draw.choice(WORDS), "expires": expires}
        case _:
            return {"channel": channel}
