"""
I4: receipts respect re-eligibility and caps, and an event starts one send of a campaign.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from unless.definitions.models import ReeligibleAfter
from unless.engine.fold import ID_MEMORY
from unless.engine.model import PendingSend, UserEvent
from unless.engine.records import Reason
from unless.sim.faults.observed import Commit
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim
from unless.sim.faults.promises.receipts import Receipts, used_up


def receipts_allowed(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the claims that gave a user more than campaign and caps allow."""
    by_commit = defaultdict(list)
    for claim in claims:
        by_commit[claim.commit.number].append(claim)
    got: dict[str, Receipts] = defaultdict(Receipts)
    for commit in pipeline.observed.commits:
        if commit.changed:
            mine = got[commit.after.user]
            yield from _refused(commit, mine)
            mine.follow(commit)
            for claim in by_commit[commit.number]:
                if not claim.again:
                    now = commit.decided_at
                    yield from _reeligible(claim, mine, now)
                    yield from _capped(claim, mine, now, pipeline)
                    mine.claimed(claim, now)


def _refused(commit: Commit, receipts: Receipts) -> Iterator[Breach]:
    """Yield the refusals of who has received nothing (E3, R2)."""
    for decided in commit.way or ():
        if isinstance(decided.what, UserEvent) and len(commit.way or ()) > 1:
            continue  # an earlier event of the same commit may have been one of the two
        for record in decided.decision.records:
            is_refusal = record.reason in (Reason.ALREADY_RECEIVED, Reason.REELIGIBILITY_WAIT)
            got = receipts.got.values()
            if is_refusal and not any(g.definition == record.definition for g in got):
                sentence = (
                    f"{record.definition} of {record.event} is {record.outcome} "
                    f"({record.reason}), and the user has received nothing of it"
                )
                yield Breach("I4", record.user, sentence, commit.at)


def _reeligible(claim: Claim, receipts: Receipts, now: datetime) -> Iterator[Breach]:
    item = claim.item
    if not isinstance(item, PendingSend):
        return
    plan = claim.definitions.campaign(item.definition)
    rule = plan.campaign.reeligible if plan else "always"
    wait = rule.after if isinstance(rule, ReeligibleAfter) else None
    for one in receipts.got.values():
        if one.definition != item.definition or rule == "always":
            continue
        if wait is None or now < one.at + wait:
            sentence = (
                f"{item.definition} was claimed for {item.event}, though the user "
                f"received it at {one.at:%d %H:%M:%S} (reeligible: {rule})"
            )
            yield Breach("I4", item.user, sentence, claim.commit.at)


def _capped(
    claim: Claim, receipts: Receipts, now: datetime, pipeline: Pipeline
) -> Iterator[Breach]:
    item = claim.item
    clock = now.astimezone(_zone_of(claim, pipeline))
    for cap in used_up(claim, receipts, now, clock):
        sentence = f"{item.definition} of {item.event} is one more than {cap.max} a {cap.per}"
        yield Breach("I4", item.user, sentence, claim.commit.at)


def _zone_of(claim: Claim, pipeline: Pipeline) -> ZoneInfo:
    """Return the user's zone, or the workspace's."""
    known = claim.commit.before.state.attributes.get("time_zone")
    try:
        return ZoneInfo(str(known.value)) if known and known.value else _company(pipeline)
    except (ValueError, KeyError):
        return _company(pipeline)


def _company(pipeline: Pipeline) -> ZoneInfo:
    return ZoneInfo(pipeline.history.zone)


def sends_once(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the events that started a campaign, or a journey, more than once."""
    del claims
    started: dict[tuple[str, str, str], datetime] = {}
    for commit in pipeline.observed.commits:
        for item in commit.new_items:
            key = (item.user, item.definition, item.event)
            if key in started and commit.at - started[key] < ID_MEMORY:
                sentence = f"{item.event} started {item.definition} twice"
                yield Breach("I4", item.user, sentence, commit.at)
            started[key] = commit.at
