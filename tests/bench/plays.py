"""
Whole lives of sends and runs, as batches of ten messages about ten users, one after the other.

A play is rehearsed once, to find out which timers ring when; since all ids are derived, the same
batches then play it again, as often as it is measured.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from functions.deliver import app as deliver
from functions.evaluate import app as evaluate
from tests.bench.flows import ATTRIBUTES, BATCH, NOW, Message, Stage, batch, message
from unless.app.messages import notice_from_json
from unless.aws.queue_event import messages_of
from unless.definitions.checks import check
from unless.definitions.documents import Document
from unless.engine.decide import decide
from unless.engine.decision import Answer, Dispatch, Dispatched, DueNotice
from unless.engine.definitions import Definitions
from unless.engine.model import UserEvent, UserState
from unless.events.intake import parse_envelope

HOUR = timedelta(hours=1)

JOURNEY = {
    "journey": "onboarding",
    "entry": {"trigger": {"event": "signed_up"}},
    "reentry": "always",
    "exit": {
        "events": [{"event": "closed", "match": "cart_id"}],
        "audience": {"attribute": "left", "eq": True},
    },
    "steps": [
        {"delay": {"after": "1h"}},
        {"message": {"id": "first"}},
        {
            "split": {
                "if": {"attribute": "country", "in": ["FR", "BE"]},
                "then": [{"delay": {"after": "1h"}}, {"message": {"id": "second"}}],
                "else": [],
            }
        },
        {
            "wait_for": {
                "within": "1d",
                "paths": [{"event": "visited", "steps": [{"message": {"id": "third"}}]}],
                "otherwise": [],
            }
        },
        {"delay": {"after": "1h"}},
        {"update": {"attributes": {"onboarded": True}}},
        {"message": {"id": "fourth"}},
    ],
}
"""Whoever takes the split's first way and visits goes through ten steps, four of them messages."""

STEPS, MESSAGES = 10, 4

type Script = tuple[str | timedelta, ...]
"""What happens: events, and time that passes; whatever is due by then rings at once."""

SEND: Script = ("cart_updated", HOUR)
RUN: Script = ("signed_up", HOUR, HOUR, "visited", HOUR)


@dataclass(frozen=True)
class Turn:
    """A batch, the function that takes it in, and the instant at which it does."""

    at: datetime
    handler: Callable[..., Any]
    messages: Message


def publish_journey(stage: Stage) -> None:
    """Publish the journey beside what is there."""
    plan = stage.app.operate.plan_publish(
        check([Document(JOURNEY)]), launch_default=NOW - timedelta(days=365)
    )
    stage.app.operate.carry_out(plan)


def begin(stage: Stage) -> None:
    """Let there be ten users with profiles."""
    stage.now = NOW - timedelta(minutes=5)
    stage.handle(evaluate.handler, batch("registered", stage.now, ATTRIBUTES))
    stage.now = NOW


def rehearse(stage: Stage, script: Script) -> list[Turn]:
    """Play it, and return the batches of which it consists."""
    turns: list[Turn] = []

    def play(handler: Callable[..., Any], messages: Message) -> None:
        stage.handle(handler, messages)
        turns.append(Turn(stage.now, handler, messages))

    for part in script:
        if isinstance(part, timedelta):
            stage.now += part
        else:
            play(evaluate.handler, batch(part, stage.now))
        while notices := list(_due(stage)):
            play(deliver.handler, {"Records": notices})
    return turns


def _due(stage: Stage) -> Iterator[Message]:
    for number in range(BATCH):
        for item in stage.app.store.load(f"u-{number}").state.pending.values():
            if item.due <= stage.now:
                notice = {"user": item.user, "item": item.id, "turn": item.turn}
                yield message(number, notice, stage.now)


def replay(stage: Stage, turns: Iterable[Turn]) -> None:
    """Play it again, as Lambda would."""
    for turn in turns:
        stage.now = turn.at
        stage.handle(turn.handler, turn.messages)


def decisions(stage: Stage, turns: Iterable[Turn]) -> Callable[[], int]:
    """Return what understands and decides all of it without any AWS; it counts records."""
    definitions = stage.app.definitions.fresh(NOW)
    begun = [stage.app.store.load(f"u-{number}").state for number in range(BATCH)]
    batches = [(turn, messages_of(turn.messages)) for turn in turns]

    def decided() -> int:
        states, count = list(begun), 0
        for turn, incoming in batches:
            is_event = turn.handler is evaluate.handler
            for number, each in enumerate(incoming):
                read = parse_envelope(each.body, each.arrived) if is_event else None
                what = read or notice_from_json(each.body)
                assert isinstance(what, UserEvent | DueNotice)
                states[number], records = _decide(states[number], what, definitions, turn.at)
                count += records
        assert not any(state.pending for state in states)
        return count

    return decided


def _decide(
    state: UserState, what: UserEvent | DueNotice, definitions: Definitions, now: datetime
) -> tuple[UserState, int]:
    """Return the user after it, and after the answer to the message it may lead to."""
    decision = decide(state, what, definitions, now)
    count = len(decision.records)
    for effect in decision.effects:
        if isinstance(effect, Dispatch):
            answer = Dispatched(effect.item.user, effect.item.id, Answer.ACCEPTED)
            decision = decide(decision.state, answer, definitions, now)
            count += len(decision.records)
    return decision.state, count
