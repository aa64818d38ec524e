"""
What an operator does to a published campaign or journey, and what its statuses mean (SPEC L1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from unless.definitions.changes import Change, Verb
from unless.definitions.issues import nearest
from unless.definitions.models import Status
from unless.definitions.snapshot import Published, Snapshot

WORKING = frozenset({Status.LIVE, Status.PAUSED})
"""The statuses in which triggers start sends; leaving them gives up what is pending."""


class Action(StrEnum):
    """What an operator does to a published definition."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class _Effect:
    """The statuses in which an action does something, and what it then makes of the definition."""

    acts_on: frozenset[Status]
    status: Status
    verb: Verb


_EFFECTS: Mapping[Action, _Effect] = {
    Action.PAUSE: _Effect(frozenset({Status.LIVE}), Status.PAUSED, Verb.PAUSED),
    Action.RESUME: _Effect(frozenset({Status.PAUSED, Status.STOPPED}), Status.LIVE, Verb.RESUMED),
    Action.STOP: _Effect(WORKING, Status.STOPPED, Verb.STOPPED),
    Action.ARCHIVE: _Effect(frozenset(Status) - {Status.ARCHIVED}, Status.ARCHIVED, Verb.ARCHIVED),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed, because of `message`; `remedy` says what to do instead."""

    id: str
    message: str
    remedy: str


def operate(
    snapshot: Snapshot, action: Action, name: str, now: datetime
) -> tuple[Snapshot, Change] | Refused:
    """Return the snapshot after an operator's action at `now`, UTC, or why it changes nothing."""
    effect = _EFFECTS[action]
    published = snapshot.definitions.get(name)
    if published is None:
        return _unknown(snapshot, name)
    if published.status not in effect.acts_on:
        return _does_nothing(action, name, published.status, effect)
    after = moved(published, effect.status, now)
    change = Change(effect.verb, published.kind, name, (), published.status, after.status)
    return replace(snapshot, definitions={**snapshot.definitions, name: after}), change


def moved(published: Published, status: Status, now: datetime) -> Published:
    """
    Return the definition in another status: a stop gives up pending sends, once and for all.

    Runs are not given up: one whose wait outlasts the stop goes on (J11).
    """
    given_up = published.status in WORKING and status not in WORKING
    resumed = status is Status.LIVE and published.status not in (Status.LIVE, Status.DRAFT)
    return replace(
        published,
        status=status,
        generation=published.generation + given_up,
        resumed_at=now if resumed else published.resumed_at,
    )


def _unknown(snapshot: Snapshot, name: str) -> Refused:
    offered = nearest(name, sorted(snapshot.definitions))
    remedy = f"Did you mean `{offered}`?" if offered else "Publish it first."
    return Refused(name, f"no campaign or journey `{name}` is published", remedy)


def _does_nothing(action: str, name: str, status: Status, effect: _Effect) -> Refused:
    if status is effect.status:
        remedy = "Nothing needs to be done."
    elif status in (Status.ARCHIVED, Status.DRAFT):
        remedy = "Publish it with `status: live` first."
    else:
        able = [each.value for each in Action if status in _EFFECTS[each].acts_on]
        remedy = f"What can be done with it: {', '.join(able)}."
    described = "a draft" if status is Status.DRAFT else status.value
    return Refused(name, f"`{name}` is {described}, so {action} does nothing", remedy)
