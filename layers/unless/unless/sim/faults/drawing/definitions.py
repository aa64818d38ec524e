"""
What is defined in a history: campaigns, journeys, and a workspace.
"""

from datetime import datetime
from random import Random

from unless.sim.faults.drawing.campaigns import draw_campaign
from unless.sim.faults.drawing.journeys import draw_journey
from unless.sim.faults.drawing.messages import Document


def draw_definitions(draw: Random, number: int, start: datetime) -> list[Document]:
    """Return so many campaigns and journeys of a history that begins then."""
    return [
        draw_journey(draw, f"j{place}")
        if draw.random() < 0.3
        else draw_campaign(draw, f"c{place}", start)
        for place in range(number)
    ]


def draw_workspace(draw: Random) -> Document:
    """Return the workspace: now and then with caps."""
    workspace: Document = {}
    if draw.random() < 0.4:
        workspace["caps"] = [_cap(draw) for _ in range(draw.choice([1, 1, 2]))]
    if draw.random() < 0.2:
        workspace["record"] = "named"
    return workspace


def _cap(draw: Random) -> Document:
    cap: Document = {
        "max": draw.choice([1, 1, 2]),
        "per": draw.choice(["1h", "1h", "day", "week"]),
    }
    if draw.random() < 0.6:
        cap["channel"] = draw.choice(["email", "email", "event", "in_app"])
    if draw.random() < 0.2:
        cap["tag"] = "promo"
    return cap
