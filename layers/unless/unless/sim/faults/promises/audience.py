"""
I4: nobody gets what they do not want, and the control group gets nothing.
"""

from collections.abc import Iterator

from unless.engine.control import in_control_group
from unless.engine.model import PendingSend, UserEvent, UserState
from unless.engine.records import Outcome, Reason
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim

UNSUBSCRIBED = "unsubscribed"


def consent_kept(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the claims of messages that the user had said no to, or not said yes."""
    del pipeline
    for claim in claims:
        state, out = claim.commit.before.state, claim.outgoing
        about = f"{claim.item.definition} of {claim.item.event} was claimed"
        is_mail = out.message.channel == "email"
        if claim.again:
            continue
        if is_mail and _value(state, "email_subscribe") == UNSUBSCRIBED:
            yield Breach("I4", claim.item.user, f"{about} for who is unsubscribed", claim.commit.at)
        group = state.groups.get(out.consent) if out.consent else None
        if out.consent and (group is None or group.value is not True):
            sentence = f"{about} for who is not in {out.consent}"
            yield Breach("I4", claim.item.user, sentence, claim.commit.at)


def _value(state: UserState, name: str) -> object:
    known = state.attributes.get(name)
    return known.value if known else None


def control_group_left_out(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield the sends of who is in a control group, and the records of who is in none."""
    del claims
    for commit in pipeline.observed.commits:
        way = commit.way or () if commit.changed else ()
        for item in commit.new_items if way else ():
            plan = way[-1].definitions.campaign(item.definition)
            percent = plan.campaign.control_percent if plan else 0
            is_send = isinstance(item, PendingSend)
            if is_send and in_control_group(item.user, item.definition, percent):
                sentence = f"{item.definition} of {item.event} was started in its control group"
                yield Breach("I4", item.user, sentence, commit.at)
        for decided in way:
            for record in decided.decision.records if isinstance(decided.what, UserEvent) else ():
                plan = decided.definitions.campaign(record.definition)
                # A conversion counts by when the user was left out, whatever is defined since.
                is_skipped = record.outcome is Outcome.SKIPPED
                is_told = is_skipped and record.reason is Reason.CONTROL_GROUP
                percent = plan.campaign.control_percent if plan else 0
                if is_told and not in_control_group(record.user, record.definition, percent):
                    sentence = f"{record.definition} of {record.event}: in no control group"
                    yield Breach("I4", record.user, sentence, commit.at)
