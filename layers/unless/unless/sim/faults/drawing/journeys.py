"""
Journeys drawn by chance: short ones, with a message or two.
"""

from random import Random

from unless.sim.faults.drawing.campaigns import EXCEPTIONS, TRIGGERS, draw_quiet_hours
from unless.sim.faults.drawing.messages import CONSENT, Document, draw_message


def draw_journey(draw: Random, name: str) -> Document:
    """Return a journey; few have more than its steps and a way out."""
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
    if draw.random() < 0.12:
        journey["quiet_hours"] = draw_quiet_hours(draw)
    if draw.random() < 0.07:
        journey["consent"] = CONSENT
    return journey


def _steps(draw: Random) -> list[Document]:
    delay: Document = {"delay": {"after": draw.choice(["10m", "30m", "1h"])}}
    first: Document = {"message": {"id": "first", **draw_message(draw)}}
    second: Document = {"message": {"id": "second", **draw_message(draw)}}
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
