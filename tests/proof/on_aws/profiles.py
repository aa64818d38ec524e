"""
The ways in which AWS and the provider go wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.proof.on_aws.mail_provider import Fate
from tests.proof.on_aws.microburst import Rule


@dataclass(frozen=True, slots=True)
class Profile:
    """
    One way to go wrong: rules of microburst, how often the provider does what, and which part of
    the entries of PutEvents are refused.
    """

    name: str
    rules: Sequence[Rule] = ()
    mail: Mapping[Fate, float] = field(default_factory=dict)
    entries: float = 0.0

    @property
    def goes_wrong(self) -> bool:
        """Whether there is any fault in it."""
        return bool(self.rules or self.mail or self.entries)


def _error(service: str, probability: float, code: str, **more: Any) -> Rule:
    """
    Return a rule for an error; `operation` and `fields` may be given, `status` is else AWS's own.
    """
    operation = {"operation": more.pop("operation")} if "operation" in more else {}
    return {
        "service": service,
        **operation,
        "probability": probability,
        "error": {"code": code, **more},
    }


def _conflict(items: int) -> Mapping[str, Any]:
    reasons = [{"Code": "None"} for _ in range(items - 1)]
    return {"CancellationReasons": [{"Code": "TransactionConflict"}, *reasons]}


def _all(probability: float, **effect: Any) -> list[Rule]:
    """Return the same fault for every service that the functions call."""
    services = ("dynamodb", "sqs", "scheduler", "events", "secretsmanager")
    return [{"service": each, "probability": probability, **effect} for each in services]


CONFLICTS = (
    _error(
        "dynamodb",
        0.4,
        "TransactionCanceledException",
        operation="TransactWriteItems",
        status=400,
        message="Transaction cancelled [TransactionConflict]",
        fields=_conflict(3),
    ),
    _error("dynamodb", 0.2, "TransactionConflictException", operation="PutItem", status=400),
    _error("dynamodb", 0.1, "TransactionInProgressException", operation="TransactWriteItems"),
)

QUOTAS = (
    _error("scheduler", 0.6, "ServiceQuotaExceededException", operation="CreateSchedule"),
    _error("dynamodb", 0.1, "RequestLimitExceeded", status=400),
    _error("sqs", 0.2, "OverLimit", status=403),
)

MAIL_FAULTS = {
    Fate.THROTTLED: 0.15,
    Fate.REFUSED: 0.05,
    Fate.BROKEN: 0.10,
    Fate.SENT_UNHEARD: 0.10,
    Fate.RESET: 0.10,
    Fate.HUNG: 0.03,
}

RESET_AFTER = {"response": {"abort_bytes": 0}}
"""The request is done, and not a byte of its answer comes."""

PROFILES = (
    Profile("throttle-dynamodb", [_error("dynamodb", 0.3, "ThrottlingException", status=400)]),
    Profile("throttle-sqs", [_error("sqs", 0.5, "RequestThrottled", status=400)]),
    Profile("throttle-scheduler", [_error("scheduler", 0.6, "ThrottlingException", status=429)]),
    Profile("throttle-events", [_error("events", 0.5, "ThrottlingException", status=400)]),
    Profile("partial-puts", entries=0.4),
    Profile("reset-before", _all(0.25, reset=True)),
    Profile("reset-after", _all(0.25, **RESET_AFTER)),
    Profile("cut-replies", _all(0.25, response={"abort_frac": 0.5})),
    Profile("latency", _all(0.1, latency=5000)),
    Profile("storm-503", _all(0.6, error={"code": "ServiceUnavailable", "status": 503})),
    Profile("conflicts", CONFLICTS),
    Profile("quotas", QUOTAS),
    Profile("provider", (), MAIL_FAULTS),
    Profile(
        "mixed",
        [
            *_all(0.05, reset=True),
            *_all(0.05, **RESET_AFTER),
            *_all(0.02, latency=5000),
            *CONFLICTS,
            _error("dynamodb", 0.1, "ThrottlingException", status=400),
            _error("scheduler", 0.2, "ServiceQuotaExceededException", operation="CreateSchedule"),
        ],
        {fate: rate / 2 for fate, rate in MAIL_FAULTS.items()},
    ),
)
"""In the order in which they are run."""
