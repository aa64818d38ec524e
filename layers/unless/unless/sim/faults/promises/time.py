"""
I5: nothing goes out before it is due, too late, or in hours in which it must not.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from unless.definitions.delays import DaysDelay
from unless.definitions.models import QuietHours, Window
from unless.engine.model import PendingSend, Run
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
        if not travels and not claim.again:
            clock = now.astimezone(ZoneInfo(pipeline.history.zone))
            for closed in _closed(claim, clock):
                yield Breach("I5", item.user, f"{about}: claimed {closed}", now)
    for request in pipeline.ports.requests.made:
        at = claimed.get((request.by, request.message.send))
        if at is not None and request.at - at > timedelta(seconds=RUN_SECONDS):
            user = request.message.user
            yield Breach("I5", user, "a request long after its claim", request.at)


def _closed(claim: Claim, clock: datetime) -> Iterator[str]:
    """Yield why the message must not go out at that time of its user's day."""
    item, definitions = claim.item, claim.definitions
    if isinstance(item, Run):
        quiet = definitions.program(item).quiet_hours
        if quiet and _is_between(quiet, clock):
            yield "in quiet hours"
        return
    plan = definitions.campaign(item.definition)
    if plan is None:
        return
    if plan.quiet_hours and _is_between(plan.quiet_hours, clock):
        yield "in quiet hours"
    if plan.window and not _is_between(plan.window, clock):
        yield "outside the window"
    duration = plan.duration
    if duration and duration.end and _instant(duration.end, clock) < clock:
        yield "after the campaign's end"
    if duration and duration.start and _instant(duration.start, clock) > clock:
        yield "before the campaign's start"


def _instant(written: datetime, clock: datetime) -> datetime:
    """Return an edge of a duration; one without a zone is read in that of the workspace."""
    return written if written.tzinfo else written.replace(tzinfo=clock.tzinfo)


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


def _is_between(part: QuietHours | Window, now: datetime) -> bool:
    """Whether it is that part of the day, which may go on over midnight."""
    first, last, at = _clock(part.from_), _clock(part.to), now.time()
    if first == last:
        return False
    return first <= at < last if first < last else at >= first or at < last


def _clock(written: object) -> time:
    return written if isinstance(written, time) else time.fromisoformat(str(written))
