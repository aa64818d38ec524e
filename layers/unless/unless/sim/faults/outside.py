"""
The world outside: when schedules really ring, and what providers say.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from unless.app.ports import Message
from unless.engine.decision import Answer
from unless.sim.faults.chance import Chance
from unless.sim.faults.history import Happens, Trouble
from unless.sim.faults.scheduler import Scheduler


class Outside:
    """What AWS and the providers of one history do, by its chance."""

    def __init__(self, trouble: Trouble, chance: Chance, scheduler: Scheduler) -> None:
        """Behave like this."""
        self._trouble = trouble
        self._chance = chance
        self._scheduler = scheduler

    def rings(self, name: str, due: datetime) -> list[datetime]:
        """Return when a schedule really rings: up to a minute late, or worse."""
        trouble, chance = self._trouble, self._chance
        punctual = due + timedelta(seconds=chance.between(0, 60, "ring", name))
        if self._scheduler.now >= trouble.calm:
            return [punctual]
        drawn = chance.of("schedule", name)
        if drawn < trouble.dropped:
            return []
        drawn -= trouble.dropped
        if drawn < trouble.doubled:
            return [punctual, punctual + timedelta(seconds=chance.between(0, 90, "double", name))]
        drawn -= trouble.doubled
        if drawn < trouble.late:
            return [punctual + timedelta(minutes=chance.between(1, 90, "late", name))]
        drawn -= trouble.late
        if drawn < trouble.early:
            return [due - timedelta(seconds=chance.between(0, 120, "early", name))]
        return [punctual]

    def answers(self, channel: str, message: Message, number: int) -> Answer:
        """Return what the provider does: mostly yes."""
        del channel
        if number < len(self._trouble.said):
            return self._trouble.said[number]
        if self._scheduler.now >= self._trouble.calm or not self._trouble.faults:
            return Answer.ACCEPTED
        drawn = self._chance.of("answer", message.send, number)
        if drawn < 0.05:
            return Answer.REFUSED
        if drawn < 0.17:
            return Answer.DEFERRED
        return Answer.UNKNOWN if drawn < 0.23 else Answer.ACCEPTED


def envelope_of(event: Happens) -> str:
    """Return the event as EventBridge hands it on."""
    if event.broken:
        return json.dumps({"source": "shop", "detail-type": event.event, "detail": {}})
    detail: dict[str, Any] = {
        "id": event.id,
        "user_id": event.user,
        "time": event.time.isoformat(),
        "properties": dict(event.properties),
        "attributes": dict(event.attributes),
    }
    return json.dumps({"source": "shop", "detail-type": event.event, "detail": detail})
