"""
All promises, judged one after the other.
"""

from collections.abc import Callable, Iterator

from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.at_rest import nothing_waits
from unless.sim.faults.promises.audience import consent_kept, control_group_left_out
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim, claims_of
from unless.sim.faults.promises.confirmations import confirmed_in_place
from unless.sim.faults.promises.deletion import deleted_stay_deleted
from unless.sim.faults.promises.entitlement import receipts_allowed, sends_once
from unless.sim.faults.promises.exceptions import exceptions_win
from unless.sim.faults.promises.liveness import ends_in_time
from unless.sim.faults.promises.records import events_accounted, ledger_complete, ledger_true
from unless.sim.faults.promises.requests import requests_once, requests_truthful
from unless.sim.faults.promises.serial import no_lost_update
from unless.sim.faults.promises.time import claims_in_time, due_on_the_clock

type Promise = Callable[[Pipeline, list[Claim]], Iterator[Breach]]

PROMISES: tuple[Promise, ...] = (
    exceptions_win,
    nothing_waits,
    ends_in_time,
    requests_once,
    receipts_allowed,
    sends_once,
    consent_kept,
    control_group_left_out,
    claims_in_time,
    due_on_the_clock,
    events_accounted,
    ledger_complete,
    ledger_true,
    requests_truthful,
    confirmed_in_place,
    no_lost_update,
    deleted_stay_deleted,
)


def breaches(pipeline: Pipeline) -> list[Breach]:
    """Return every promise that was broken in a history that has come to rest."""
    claims = claims_of(pipeline)
    return [breach for promise in PROMISES for breach in promise(pipeline, claims)]
