"""
One run: events flow while things go wrong, then all is well again, and what is left is judged.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.proof.on_aws.judging import Evidence, Verdict, as_json, judge
from tests.proof.on_aws.profiles import Profile
from tests.proof.on_aws.stage import Stage
from tests.proof.on_aws.traffic import Traffic, traffic

FLOW_SECONDS = 25.0
"""How long the events of a profile flow."""

FAULTY_SECONDS_MIN, FAULTY_SECONDS_MAX = 50.0, 90.0
"""
How long the faults last: until the messages of most events are due, and on a slow machine until
most events have been decided.
"""

UNDECIDED_PART = 0.1
"""Which part of the events may be undecided when the faults end."""

REST_SECONDS_MAX = 420.0
"""
How long after the faults all may take to come to rest: a claim that a dead run has left counts for
a minute, and sweep rings for what is a minute overdue, once a minute.
"""

LOOK_SECONDS = 1.0

FAR_OFF = "far_off"


@dataclass
class Outcome:
    """What a run came to."""

    name: str
    events: int
    faults: Counter[str]
    verdict: Verdict
    seconds: float
    recovery_seconds: float
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return not self.verdict.violations

    def as_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "profile": self.name,
            "events": self.events,
            "seconds": round(self.seconds, 1),
            "recovery_seconds": round(self.recovery_seconds, 1),
            "faults": dict(self.faults),
            **self.more,
            **as_json(self.verdict),
        }


type Tell = Callable[[str], None]


def attack(
    stage: Stage,
    profile: Profile,
    *,
    events: int,
    seed: int,
    tell: Tell,
    flow: float = FLOW_SECONDS,
    meanwhile: AbstractContextManager[Counter[str]] | None = None,
) -> Outcome:
    """
    Put about so many events while the profile's faults happen, let all come to rest, and judge.

    `meanwhile` does more harm while the events flow, and counts it.
    """
    begun, before, lost = time.monotonic(), stage.fired(), stage.lost()
    users = f"{profile.name}-{seed}-{int(time.time())}-"
    planned = traffic(users, events, flow, random.Random(seed))
    bus = stage.app.settings.bus
    with meanwhile or nullcontext(Counter[str]()) as harm, faults(stage, profile):
        tell("events flow while it goes wrong")
        planned.put(planned.deeds, stage.producer, bus)
        if profile.goes_wrong:
            _persist(stage, begun, events)
    healed = time.monotonic()
    violations = [*_timers(stage, planned, tell)]
    planned.put_now(planned.last, stage.producer, bus)
    violations += _rest(stage, planned, tell)
    rested = time.monotonic()
    tell("judging")
    verdict = judge(_evidence(stage, planned))
    verdict.violations = violations + verdict.violations + [*_audit(stage, users)]
    verdict.violations += [
        f"{count - lost[name]} messages lie in {name}"
        for name, count in stage.lost().items()
        if count > lost[name]
    ]
    fired = stage.fired() - before + harm
    asked = Counter(a.fate.value for s in _asked(stage, users).values() for a in s)
    fired += Counter({f"mail {fate}": n for fate, n in asked.items() if fate != "accepted"})
    return Outcome(profile.name, planned.put_count, fired, verdict, rested - begun, rested - healed)


class faults:  # noqa: N801 - reads as a block
    """A block in which the profile's faults happen, and after which none do."""

    def __init__(self, stage: Stage, profile: Profile) -> None:
        """Nothing happens yet."""
        self._stage, self._profile = stage, profile

    def __enter__(self) -> None:
        """Let them happen."""
        self._stage.faults.become(self._profile.rules)
        self._stage.mail.become(dict(self._profile.mail))
        self._stage.bus.rate = self._profile.entries

    def __exit__(self, *_: object) -> None:
        """Let all be well again."""
        self._stage.faults.become([])
        self._stage.mail.become({})
        self._stage.bus.rate = 0.0


def _persist(stage: Stage, begun: float, events: int) -> None:
    """Let the faults go on until they have met most of the events."""
    time.sleep(max(0.0, begun + FAULTY_SECONDS_MIN - time.monotonic()))
    while stage.events_queued() > UNDECIDED_PART * events:
        if time.monotonic() > begun + FAULTY_SECONDS_MAX:
            return
        time.sleep(LOOK_SECONDS)


def _timers(stage: Stage, planned: Traffic, tell: Tell) -> Iterator[str]:
    """Wait until every event is decided, and yield what is far off and has no schedule."""
    deadline = time.monotonic() + REST_SECONDS_MAX
    while (left := stage.events_queued()) and time.monotonic() < deadline:
        tell(f"all is well again, {left} events are left")
        time.sleep(LOOK_SECONDS)
    if left:
        yield f"{left} events were not decided {REST_SECONDS_MAX:.0f} s after the faults"
    names = stage.schedules()
    for each in stage.due_index.scan():
        if each.definition != FAR_OFF or not each.user.startswith(planned.users):
            continue
        if not any(name.startswith(each.item) for name in names):
            yield f"send {each.item} is far off and has no schedule"


def _rest(stage: Stage, planned: Traffic, tell: Tell) -> Iterator[str]:
    """Wait until nothing is queued or pending, and yield what still is in the end."""
    deadline = time.monotonic() + REST_SECONDS_MAX
    while time.monotonic() < deadline:
        queued, pending = stage.queued(), stage.pending(planned.users)
        if not queued and not pending:
            return
        tell(f"all is well again, {queued} messages queued, {pending.total()} sends pending")
        time.sleep(LOOK_SECONDS)
    yield f"not at rest after {REST_SECONDS_MAX:.0f} s: {queued} queued, pending {dict(pending)}"


def _evidence(stage: Stage, planned: Traffic) -> Evidence:
    now, store = stage.app.clock(), stage.app.store
    deeds = [*planned.all_deeds()]
    applied: dict[str, datetime] = {}
    for deed in deeds:
        if deed.id not in applied and (marker := store.marker(deed.user, deed.id, now)):
            applied[deed.id] = marker.at
    records = [r for r in stage.ledger.scan(now) if r.user.startswith(planned.users)]
    return Evidence(
        deeds=deeds,
        times=planned.times,
        applied=applied,
        records=records,
        asked=_asked(stage, planned.users),
        requested=stage.requested(planned.users),
        max_lateness=stage.app.definitions.fresh(now).workspace.max_lateness,
    )


def _asked(stage: Stage, users: str) -> Any:
    return {
        send: asked for send, asked in stage.mail.by_send().items() if asked[0].to.startswith(users)
    }


def _audit(stage: Stage, users: str) -> Iterator[str]:
    """Yield what `unless why --audit` finds in the whole stack, and no run before has found."""
    found = stage.app.audit.run()
    new = Counter(found.violations) - stage.audited
    stage.audited = Counter(found.violations)
    for each in found.examples:
        if each.user.startswith(users):
            yield f"audit: {each.sentence}"
    yield from (f"audit: {count} more are {broken}" for broken, count in new.items())
