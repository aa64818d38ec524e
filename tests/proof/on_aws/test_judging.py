"""What the judge of a run must see: each promise broken once, in a run that is else in order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.proof.on_aws.judging import Evidence, judge
from tests.proof.on_aws.mail_provider import Asked, Fate
from tests.proof.on_aws.traffic import Deed
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason, Record

BEGUN = datetime(2026, 11, 2, 12, tzinfo=UTC)
DUE = BEGUN + timedelta(seconds=30)


def deed(user: str, name: str) -> Deed:
    """An event of a user."""
    return Deed(0, user, name, f"{user}-{name}")


def record(user: str, outcome: Outcome, **more: object) -> Record:
    """A record of a user's cart reminder."""
    known = {
        "at": DUE + timedelta(seconds=1),
        "definition": "cart_reminder",
        "event": f"{user}-cart_left",
        "send": f"s-{user}",
        "due": DUE,
    }
    return Record(user=user, outcome=outcome, **(known | more))  # type: ignore[arg-type]


def in_order() -> Evidence:
    """Ann is reminded of her cart, Bob buys before, Eve goes through the journey."""
    deeds = [
        deed("ann", "cart_left"),
        deed("bob", "cart_left"),
        deed("bob", "purchase"),
        deed("eve", "registered"),
    ]
    times = {each.id: BEGUN + timedelta(seconds=n) for n, each in enumerate(deeds)}
    run = {"kind": Kind.JOURNEY, "definition": "onboarding", "event": "eve-registered", "due": None}
    return Evidence(
        deeds=deeds,
        times=times,
        applied={name: at + timedelta(seconds=1) for name, at in times.items()},
        records=[
            record("ann", Outcome.SENT),
            record("bob", Outcome.CANCELLED, reason=Reason.EXCEPTION_EVENT),
            record("eve", Outcome.SENT, **run, step="welcome", send="r-eve.0"),
            record("eve", Outcome.SENT, **run, step="tour", send="r-eve.2"),
            record("eve", Outcome.COMPLETED, **run, send=None),
        ],
        asked={"s-ann": [asked("s-ann")], "r-eve_0": [asked("r-eve_0")]},
        requested={"r-eve.2": 1},
        max_lateness=timedelta(hours=1),
    )


def asked(send: str, fate: Fate = Fate.ACCEPTED) -> Asked:
    """A request for an e-mail."""
    return Asked(send, "", DUE, fate)


def test_a_run_in_order_holds() -> None:
    """Nothing is said against it, and everything in it is counted."""
    verdict = judge(in_order())
    assert verdict.violations == []
    expected = {"triggers": 3, "provider_requests": 2, "mails_sent": 2, "mails_unknown": 0}
    assert {name: verdict.figures[name] for name in expected} == expected


def without(user: str) -> Callable[[Evidence], Evidence]:
    """Lose what is on record of a user."""
    return lambda run: replace(run, records=[r for r in run.records if r.user != user])


def with_record(added: Record) -> Callable[[Evidence], Evidence]:
    """Find one more on record."""
    return lambda run: replace(run, records=[*run.records, added])


def instead(user: str, **changes: object) -> Callable[[Evidence], Evidence]:
    """Find something else on record of a user."""

    def change(run: Evidence) -> Evidence:
        changed = [replace(r, **changes) if r.user == user else r for r in run.records]  # type: ignore[arg-type]
        return replace(run, records=changed)

    return change


def provider(*fates: Fate) -> Callable[[Evidence], Evidence]:
    """Let the provider have been asked so for Ann's e-mail."""
    requests = [asked("s-ann", fate) for fate in fates]
    return lambda run: replace(run, asked={**run.asked, "s-ann": requests})


BROKEN: dict[str, tuple[Callable[[Evidence], Evidence], str]] = {
    "an event that was never applied": (
        lambda run: replace(run, applied={k: v for k, v in run.applied.items() if k[:3] != "bob"}),
        "never applied",
    ),
    "a trigger that is lost": (without("ann"), "ended 0 times"),
    "a trigger that ends twice": (with_record(record("ann", Outcome.CANCELLED)), "ended 2 times"),
    "one cut short for nothing": (
        instead("ann", outcome=Outcome.CANCELLED, reason=Reason.EXCEPTION_EVENT),
        "without exception",
    ),
    "one too late that was not": (
        instead("ann", outcome=Outcome.CANCELLED, reason=Reason.TOO_LATE),
        "without exception",
    ),
    "one sent after its exception": (
        instead("bob", outcome=Outcome.SENT, reason=None),
        "after its exception",
    ),
    "one sent too early": (instead("ann", at=DUE - timedelta(seconds=1)), "before it was due"),
    "one sent too late": (instead("ann", at=DUE + timedelta(hours=2)), "late"),
    "two requests": (provider(Fate.ACCEPTED, Fate.ACCEPTED), "asked 2 times"),
    "two requests, one unclear": (provider(Fate.RESET, Fate.ACCEPTED), "asked 2 times"),
    "a request after one was sent": (provider(Fate.ACCEPTED, Fate.THROTTLED), "asked again"),
    "none on record": (provider(Fate.THROTTLED), "has not accepted it"),
    "a cancelled one that left": (
        instead("ann", outcome=Outcome.CANCELLED, reason=Reason.DELIVERY_FAILED),
        "may have left",
    ),
    "a journey without its message": (
        lambda run: replace(run, records=[r for r in run.records if r.step != "tour"]),
        "completed with messages",
    ),
    "a message that nobody heard": (lambda run: replace(run, requested={}), "not on the bus"),
    "a message nobody knows": (
        lambda run: replace(run, requested={**run.requested, "s-x": 1}),
        "not on record",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_promise_is_told(name: str) -> None:
    """One wrong thing in a run that is else in order is said."""
    change, told = BROKEN[name]
    assert any(told in violation for violation in judge(change(in_order())).violations)


def test_what_a_provider_refuses_for_now_may_be_asked_again() -> None:
    """Only what may have left is not asked for again."""
    run = provider(Fate.THROTTLED, Fate.THROTTLED, Fate.ACCEPTED)(in_order())
    assert judge(run).violations == []


def test_an_unclear_answer_is_no_violation() -> None:
    """It is on record as unknown, and is not asked for again."""
    run = provider(Fate.SENT_UNHEARD)(instead("ann", reason=Reason.DELIVERY_UNKNOWN)(in_order()))
    verdict = judge(run)
    assert (verdict.violations, verdict.figures["mails_unknown"]) == ([], 1)
