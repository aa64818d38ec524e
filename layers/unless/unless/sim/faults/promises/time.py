"""
I5: nothing goes out before it is due, too late, or in hours in which it must not.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from unless.definitions.delays import DaysDelay
from unless.definitions.models import QuietHours
from unless.engine.model import PendingSend
from unless.sim.faults.functions import RUN_SECONDS
from unless.sim.faults.history import Happens
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim


def claims_in_time(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the claims at a wrong time, and the requests long after their claim."""
    claimed: dict[tuple[str, str], datetime] = {}
    travels = _anybody_travels(pipeline)
    for claim in claims:
        item = claim.item
        now = claim.commit.way[-1].now if claim.commit.way else claim.commit.at
        claimed[claim.commit.process.name, claim.outgoing.send] = claim.commit.at
        about = f"{item.definition} of {item.event}, due {item.due:%d %H:%M:%S}"
        if now < item.due:
            yield Breach("I5", item.user, f"{about}: claimed before it was due", now)
        if now > item.due + claim.definitions.max_lateness:
            yield Breach("I5", item.user, f"{about}: claimed too late", now)
        if isinstance(item, PendingSend) and not travels:
            plan = claim.definitions.campaign(item.definition)
            if (
                plan is not None
                and plan.quiet_hours
                and _is_quiet(plan.quiet_hours, now.astimezone(ZoneInfo(pipeline.history.zone)))
            ):
                yield Breach("I5", item.user, f"{about}: claimed in quiet hours", now)
    for request in pipeline.ports.requests.made:
        at = claimed.get((request.by, request.message.send))
        if at is not None and request.at - at > timedelta(seconds=RUN_SECONDS):
            user = request.message.user
            yield Breach("I5", user, "a request long after its claim", request.at)


def due_on_the_clock(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the sends of a calendar delay that another clock time was reckoned for (T2)."""
    del claims
    if _anybody_travels(pipeline):
        return
    zone = ZoneInfo(pipeline.history.zone)
    for commit in pipeline.observed.commits:
        for name, item in commit.after.pending.items() if commit.changed and commit.way else ():
            if name in commit.before.state.pending or not isinstance(item, PendingSend):
                continue
            plan = commit.way[-1].definitions.campaign(item.definition) if commit.way else None
            is_held = plan is None or plan.quiet_hours or plan.window
            delay = plan.campaign.delay if plan and not is_held else None
            if not isinstance(delay, DaysDelay) or delay.zone not in ("user", "company"):
                continue
            day = item.triggered_at.astimezone(zone).date() + timedelta(days=delay.days)
            wanted = datetime.combine(day, delay.at, tzinfo=zone).astimezone(UTC)
            if item.due != wanted:
                sentence = f"{item.definition} of {item.event} is due {item.due}, not {wanted}"
                yield Breach("I5", item.user, sentence, commit.at)


def _anybody_travels(pipeline: Pipeline) -> bool:
    """Whether a user has a zone of their own, by which these promises do not reckon."""
    history = pipeline.history
    events = (event for event in history.happenings if isinstance(event, Happens))
    attributes = (*history.users.values(), *(event.attributes for event in events))
    return any("time_zone" in each for each in attributes)


def _is_quiet(quiet: QuietHours, now: datetime) -> bool:
    """Whether it is then; users of a history without a zone of their own live in UTC."""
    first, last, at = _clock(quiet.from_), _clock(quiet.to), now.time()
    return first <= at < last if first <= last else at >= first or at < last


def _clock(written: object) -> time:
    return written if isinstance(written, time) else time.fromisoformat(str(written))
