"""
What comes back of a message that went out: SES tells of it, and the app of what it showed.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from unless.channels.email import tags_of
from unless.sim.faults.chance import Chance
from unless.sim.faults.memory.channels import Request
from unless.sim.faults.memory.queue import Letter
from unless.sim.faults.scheduler import Scheduler

SECONDS = (0.01, 0.05, 0.1, 0.5, 2.0, 20.0, 90.0, 600.0)
"""After how long it comes: now and then before the answer to the request is marked."""

TOLD = 0.4
"""The share of e-mails of which SES tells: the others go by a set that tells nothing."""

ORIGIN = "echo"
"""Where the messages come from."""


class Echoes:
    """What follows from the requests of one history, by its chance."""

    def __init__(self, chance: Chance, scheduler: Scheduler, put: Callable[[Letter], None]) -> None:
        """Put messages for the queue of events there, each when its time comes."""
        self._chance = chance
        self._scheduler = scheduler
        self._put = put
        self.confirmed: dict[str, str] = {}

    def follow(self, request: Request) -> None:
        """Let come what follows from the request; from one that was refused nothing does."""
        if not request.may_have_gone_out:
            return
        kinds = {"email": self._of_mail, "in_app": self._of_in_app}.get(request.channel)
        for number, (kind, body) in enumerate(kinds(request) if kinds else ()):
            name = f"{kind}({request.message.send}.{request.number}.{number})"
            after = self._chance.choose(SECONDS, "echo", name)
            self._plan(Letter(f"{name}#0", json.dumps(body), self._scheduler.now, ORIGIN), after)
            if self._chance.happens(0.15, "echo twice", name):
                again = Letter(f"{name}#1", json.dumps(body), self._scheduler.now, ORIGIN)
                self._plan(again, after + self._chance.choose(SECONDS, "echo again", name))

    def _plan(self, letter: Letter, after: float) -> None:
        at = self._scheduler.now + timedelta(seconds=after)
        letter.sent = at
        self._scheduler.at(at, lambda: self._put(letter))

    def _of_mail(self, request: Request) -> Iterator[tuple[str, dict[str, Any]]]:
        message, chance = request.message, self._chance
        if not chance.happens(TOLD, "told", message.send, request.number):
            return
        self.confirmed[message.send] = message.user
        yield "Send", self._mail(request, "Send", {})
        if chance.happens(0.4, "delivered", message.send):
            yield "Delivery", self._mail(request, "Delivery", {"timestamp": _text(request.at)})
        if chance.happens(0.3, "opened", message.send):
            yield "Open", self._mail(request, "Open", {"timestamp": _text(request.at)})
        elif chance.happens(0.2, "bounced", message.send):
            bounce = {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "feedbackId": message.send,
                "timestamp": _text(request.at),
                "bouncedRecipients": [{"emailAddress": message.address}],
            }
            yield "Bounce", self._mail(request, "Bounce", bounce)

    def _mail(self, request: Request, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        tags = {name: [value] for name, value in tags_of(request.message).items()}
        mail = {"timestamp": _text(request.at), "tags": tags}
        detail = {"eventType": kind, "mail": mail, kind.lower(): body}
        return {"source": "aws.ses", "detail-type": f"Email {kind}", "detail": detail}

    def _of_in_app(self, request: Request) -> Iterator[tuple[str, dict[str, Any]]]:
        message = request.message
        if not self._chance.happens(0.8, "displayed", message.send):
            return
        of = {message.kind.value: message.definition}
        properties = {
            **of,
            **({"step": message.step} if message.step is not None else {}),
            "channel": "in_app",
            "action": "displayed",
            "send": message.send,
        }
        detail = {
            "id": f"displayed/{message.send}",
            "user_id": message.user,
            "time": _text(request.at),
            "properties": properties,
        }
        yield (
            "displayed",
            {"source": "shop", "detail-type": "message_interaction", "detail": detail},
        )


def _text(at: datetime) -> str:
    return at.isoformat()
