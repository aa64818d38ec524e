"""
I4: receipts respect re-eligibility and caps, and an event starts one send of a campaign.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from unless.definitions.models import ReeligibleAfter
from unless.engine.decision import Answer, DeleteUser, Dispatched
from unless.engine.fold import ID_MEMORY
from unless.engine.model import PendingSend, UserEvent
from unless.engine.records import Reason
from unless.sim.faults.observed import Commit
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim


@dataclass(frozen=True, slots=True)
class Got:
    """A message that counts as received, from its claim on."""

    definition: str
    channel: str
    tags: tuple[str, ...]
    at: datetime


def receipts_allowed(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the claims that gave a user more than campaign and caps allow."""
    by_commit = defaultdict(list)
    for claim in claims:
        by_commit[claim.commit.number].append(claim)
    got: dict[str, dict[str, Got]] = defaultdict(dict)
    for commit in pipeline.observed.commits:
        if commit.changed:
            mine = got[commit.after.user]
            yield from _refused(commit, mine)
            _give_back(commit, mine)
            for claim in by_commit[commit.number]:
                if not claim.again:
                    yield from _judge(claim, mine)
                    out = claim.outgoing
                    mine[out.send] = Got(
                        out.definition, out.message.channel, out.tags, _now(commit)
                    )


def _now(commit: Commit) -> datetime:
    """Return the instant by which was decided what the commit wrote."""
    return commit.way[-1].now if commit.way else commit.at


def _refused(commit: Commit, got: dict[str, Got]) -> Iterator[Breach]:
    """Yield the refusals of who has received nothing (E3, R2)."""
    for decided in commit.way or ():
        if isinstance(decided.what, UserEvent) and len(commit.way or ()) > 1:
            continue  # an earlier event of the same commit may have been one of the two
        for record in decided.decision.records:
            is_refusal = record.reason in (Reason.ALREADY_RECEIVED, Reason.REELIGIBILITY_WAIT)
            if is_refusal and not any(g.definition == record.definition for g in got.values()):
                sentence = (
                    f"{record.definition} of {record.event} is {record.outcome} "
                    f"({record.reason}), and the user has received nothing of it"
                )
                yield Breach("I4", record.user, sentence, commit.at)


def _give_back(commit: Commit, got: dict[str, Got]) -> None:
    for decided in commit.way or ():
        what = decided.what
        if isinstance(what, DeleteUser):
            got.clear()
        no = (Answer.REFUSED, Answer.DEFERRED)
        if isinstance(what, Dispatched) and what.answer in no:
            for send in [each for each in got if each.split(".", maxsplit=1)[0] == what.item]:
                last = max(name for name in got if name.split(".", maxsplit=1)[0] == what.item)
                if send == last:
                    del got[send]


def _judge(claim: Claim, got: dict[str, Got]) -> Iterator[Breach]:
    now, item = _now(claim.commit), claim.item
    if isinstance(item, PendingSend):
        plan = claim.definitions.campaign(item.definition)
        rule = plan.campaign.reeligible if plan else "always"
        wait = rule.after if isinstance(rule, ReeligibleAfter) else None
        for one in got.values():
            if one.definition != item.definition or rule == "always":
                continue
            if wait is None or now < one.at + wait:
                sentence = (
                    f"{item.definition} was claimed for {item.event}, though the user "
                    f"received it at {one.at:%d %H:%M:%S} (reeligible: {rule})"
                )
                yield Breach("I4", item.user, sentence, claim.commit.at)
    for cap in claim.definitions.workspace.caps:
        if not isinstance(cap.per, timedelta) or cap.channel != claim.outgoing.message.channel:
            continue
        recent = [g for g in got.values() if g.channel == cap.channel and now - g.at < cap.per]
        if len(recent) >= cap.max:
            sentence = f"{item.definition} of {item.event} is one more than a cap of {cap.max}"
            yield Breach("I4", item.user, sentence, claim.commit.at)


def sends_once(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the events that started a campaign, or a journey, more than once."""
    del claims
    started: dict[tuple[str, str, str], datetime] = {}
    for commit in pipeline.observed.commits:
        if not commit.changed:
            continue
        for name, item in commit.after.pending.items():
            if name in commit.before.state.pending:
                continue
            key = (item.user, item.definition, item.event)
            if key in started and commit.at - started[key] < ID_MEMORY:
                sentence = f"{item.event} started {item.definition} twice"
                yield Breach("I4", item.user, sentence, commit.at)
            started[key] = commit.at
