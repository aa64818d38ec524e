"""
Campaigns drawn by chance: few events and short delays, so that much meets.
"""

from datetime import datetime, timedelta
from random import Random

from unless.sim.faults.drawing.messages import CONSENT, Document, draw_message

TRIGGERS = ("added", "added", "viewed")
EXCEPTIONS = ("bought", "bought", "left")
PUNCTUAL: Document = {"after": "10m"}
"""A delay whose timer rings within a second: a message, and no schedule."""

DELAYS: tuple[Document, ...] = (
    PUNCTUAL,
    PUNCTUAL,
    PUNCTUAL,
    PUNCTUAL,
    {"after": "1h"},
    {"after": "30m"},
    {"after": "2h"},
    {"days": 0, "at": "14:00"},
    {"days": 1, "at": "09:00"},
    {"after": "26h"},
    {"best_time": True, "fallback": "11:00"},
)


IN_APP_QUIET: Document = {"from": "10:12", "to": "10:50", "then": "hold"}
"""Hours in which sessions wake what must not yet be shown, and has to wait for another one."""


def draw_campaign(draw: Random, name: str, start: datetime) -> Document:
    """Return a campaign for a history that begins then; few have more than three of its parts."""
    trigger: Document = {"event": draw.choice(TRIGGERS)}
    if draw.random() < 0.2:
        trigger["where"] = {"kind": draw.choice(["a", "b"])}
    if draw.random() < 0.08:
        trigger = {"event": draw.choice(["email_added", "subscription_changed"])}
    campaign: Document = {
        "campaign": name,
        "trigger": trigger,
        "reeligible": draw.choice(["never", "always", "always", {"after": "1h"}]),
        "message": draw_message(draw),
    }
    if draw.random() < 0.85:
        campaign["delay"] = draw.choice(DELAYS)
        if draw.random() < 0.8:
            campaign["unless"] = [_exception(draw, trigger["event"])]
    if draw.random() < 0.2:
        campaign["audience"] = {"attribute": "plan", "eq": "gold"}
        campaign["recheck_audience"] = draw.random() < 0.7
    if draw.random() < 0.2:
        campaign["tags"] = ["promo"]
    if campaign["message"]["channel"] == "in_app" and draw.random() < 0.7:
        campaign["delay"] = PUNCTUAL
        campaign["quiet_hours"] = IN_APP_QUIET
    campaign |= {**_times(draw, start), **_measured(draw)}
    if "window" in campaign and draw.random() < 0.6:
        # Its schedule rings up to a minute late, when the window is closed.
        campaign["delay"] = {"after": "30m"}
        campaign["window"] |= {"from": "08:00", "to": draw.choice(["10:31", "10:31", "10:41"])}
    return campaign


def _exception(draw: Random, trigger: str) -> Document:
    event = trigger if draw.random() < 0.15 else draw.choice(EXCEPTIONS)
    row: Document = {"event": event}
    if draw.random() < 0.4:
        row["match"] = "cart"
    return row


def draw_quiet_hours(draw: Random) -> Document:
    """Return quiet hours that begin or end while most things happen."""
    return {
        "from": draw.choice(["10:05", "10:11", "10:11", "10:21", "11:11", "12:00", "22:00"]),
        "to": draw.choice(["10:40", "12:30", "13:00", "08:00"]),
        "then": draw.choice(["hold", "hold", "drop"]),
    }


def _times(draw: Random, start: datetime) -> Document:
    times: Document = {}
    if draw.random() < 0.12:
        times["quiet_hours"] = draw_quiet_hours(draw)
    if draw.random() < 0.1:
        times["window"] = {
            "from": draw.choice(["08:00", "08:00", "09:00", "10:11"]),
            "to": draw.choice(["10:11", "10:11", "10:12", "10:31", "11:11", "12:00", "20:00"]),
            "trigger_outside": draw.choice(["drop", "hold"]),
            "send_outside": draw.choice(["drop", "hold", "hold"]),
        }
    if draw.random() < 0.08:
        end = start + timedelta(
            minutes=draw.choice([10, 30, 70, 2000]), seconds=draw.choice([0, 1])
        )
        times["duration"] = {"end": end.isoformat()}
        if draw.random() < 0.3:
            times["duration"]["start"] = (start + timedelta(minutes=5)).isoformat()
    return times


def _measured(draw: Random) -> Document:
    """Return what is counted of a campaign, whom it leaves out for that, and who has agreed."""
    parts: Document = {}
    if draw.random() < 0.15:
        parts["conversions"] = [{"event": "bought", "within": draw.choice(["30m", "2h"])}]
    if draw.random() < 0.1:
        parts["control_percent"] = 50
        parts["conversions"] = [{"event": "bought", "within": "2h"}]
    if draw.random() < 0.07:
        parts["consent"] = CONSENT
    return parts
