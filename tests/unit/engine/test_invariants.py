"""Every trigger ends exactly once or is pending: what shows that it is not so, and the sums."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.engine.deciding import at
from unless.definitions.models import Kind
from unless.engine.balance import Balance, Broken, Counts
from unless.engine.invariants import Open, balance
from unless.engine.records import Outcome, Reason, Record

CAMPAIGN, JOURNEY = (Kind.CAMPAIGN, "c"), (Kind.JOURNEY, "j")


def said(outcome: Outcome, seconds: float = 0, event: str = "e1", **more: Any) -> Record:
    """A record of the campaign, whose send is named like its event."""
    skipped = outcome is Outcome.SKIPPED
    fields = {"send": None if skipped else f"s-{event}", **more}
    return Record(at(seconds), "u", "c", outcome, event, **fields)


def told(outcome: Outcome, seconds: float = 0, event: str = "e1", **more: Any) -> Record:
    """A record of the journey."""
    return Record(at(seconds), "u", "j", outcome, event, kind=Kind.JOURNEY, **more)


def sending(event: str = "e1", seconds: float = 0) -> Open:
    """A pending send that this event started."""
    return Open("u", Kind.CAMPAIGN, "c", f"s-{event}", event, at(seconds))


def running(event: str | None = "e1", item: str = "r-1") -> Open:
    """A run that this event began; None: the index does not say which did."""
    return Open("u", Kind.JOURNEY, "j", item, event, at(0) if event else None)


def broken(history: Balance) -> list[Broken]:
    """What cannot be right."""
    return [violation.broken for violation in history.violations]


def test_a_campaign_in_order_is_counted() -> None:
    """Triggers are skipped, sent, cancelled or pending; a send that is moved is no other one."""
    history = balance(
        [
            said(Outcome.SCHEDULED, 0, "e1"),
            said(Outcome.SCHEDULED, 1, "e1", detail={"moved_by": "window"}),
            said(Outcome.SENT, 2, "e1"),
            said(Outcome.SCHEDULED, 3, "e2"),
            said(Outcome.CANCELLED, 4, "e2", reason=Reason.EXCEPTION_EVENT),
            said(Outcome.SKIPPED, 5, "e3", reason=Reason.NOT_IN_AUDIENCE),
            said(Outcome.SCHEDULED, 6, "e4"),
        ],
        [sending("e4")],
    )
    counts = history.counts[CAMPAIGN]
    assert counts == Counts(3, 1, {Outcome.SENT: 1, Outcome.CANCELLED: 1}, 1)
    assert (counts.triggers, counts.balanced, history.violations) == (4, True, ())
    assert counts.as_json(Kind.CAMPAIGN) == {
        "triggers": 4, "sent": 1, "cancelled": 1, "skipped": 1, "pending": 1, "balanced": True,
    }  # fmt: skip


def test_a_journey_in_order_is_counted() -> None:
    """Entered are those that exited, completed or are running; messages are counted beside it."""
    history = balance(
        [
            told(Outcome.ENTERED, 0, "e1"),
            told(Outcome.SENT, 1, "e1", step="m", send="r-1.0"),
            told(Outcome.SKIPPED, 2, "e1", step="n", send="r-1.1", reason=Reason.TOO_LATE),
            told(Outcome.COMPLETED, 3, "e1"),
            told(Outcome.ENTERED, 4, "e2"),
            told(Outcome.EXITED, 5, "e2", reason=Reason.EXIT_EVENT),
            told(Outcome.ENTERED, 6, "e3"),
            told(Outcome.SKIPPED, 7, "e4", reason=Reason.ALREADY_ENTERED),
        ],
        [running("e3")],
    )
    assert history.violations == ()
    assert history.counts[JOURNEY].as_json(Kind.JOURNEY) == {
        "triggers": 4, "skipped": 1, "entered": 3, "exited": 1, "completed": 1, "running": 1,
        "messages": {"sent": 1, "skipped": 1}, "balanced": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("records", "waiting", "expected"),
    [
        ([said(Outcome.SCHEDULED)], [], Broken.LOST),
        ([said(Outcome.SCHEDULED), said(Outcome.SENT, 1), said(Outcome.CANCELLED, 2)], [],
         Broken.ENDED_TWICE),
        ([said(Outcome.SCHEDULED), said(Outcome.SENT, 1)], [sending()], Broken.STILL_PENDING),
        ([said(Outcome.SENT)], [], Broken.NOT_BEGUN),
        ([], [sending()], Broken.NOT_BEGUN),
        ([said(Outcome.SKIPPED), said(Outcome.SKIPPED, 60)], [], Broken.DECIDED_TWICE),
        ([said(Outcome.SKIPPED), said(Outcome.SCHEDULED, 60)], [sending()], Broken.DECIDED_TWICE),
        ([told(Outcome.ENTERED)], [], Broken.LOST),
        ([told(Outcome.ENTERED), told(Outcome.EXITED, 1), told(Outcome.COMPLETED, 2)], [],
         Broken.ENDED_TWICE),
        ([told(Outcome.ENTERED), told(Outcome.COMPLETED, 1)], [running()], Broken.STILL_PENDING),
        ([told(Outcome.COMPLETED)], [], Broken.NOT_BEGUN),
        ([], [running(None)], Broken.NOT_BEGUN),
        ([told(Outcome.ENTERED), told(Outcome.SENT, 1, step="m", send="r-1.0"),
          told(Outcome.SKIPPED, 2, step="m", send="r-1.0")], [running()], Broken.MESSAGE_TWICE),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_named(
    records: list[Record], waiting: list[Open], expected: Broken
) -> None:
    """Each fault of a whole history is one value, which says whom it is about and what shows it."""
    history = balance(records, waiting)
    assert broken(history) == [expected]
    (violation,) = history.violations
    assert violation.user == "u"
    assert violation.event in ("e1", None)
    assert violation.records[-1:] == tuple(records[-1:])
    assert expected.explanation in violation.sentence
    assert violation.as_json()["broken"] == expected.value


def test_a_loss_unbalances_the_counts() -> None:
    """The sums alone show that something is missing, or is there twice."""
    lost = balance([said(Outcome.SCHEDULED), told(Outcome.ENTERED)], [])
    assert not any(counts.balanced for counts in lost.counts.values())
    twice = balance([said(Outcome.SCHEDULED), said(Outcome.SENT), said(Outcome.SENT, 1)], [])
    assert not twice.counts[CAMPAIGN].balanced


def test_an_id_that_returns_after_sixteen_days_is_another_event() -> None:
    """Two decisions about one id are two triggers then (V1), of a journey and of a campaign."""
    later = timedelta(days=16).total_seconds()
    again = "s-e1-again"
    history = balance(
        [
            said(Outcome.SCHEDULED), said(Outcome.SENT, 1),
            said(Outcome.SCHEDULED, later, send=again), said(Outcome.SENT, later + 1, send=again),
            told(Outcome.ENTERED), told(Outcome.COMPLETED, 1),
            told(Outcome.ENTERED, later), told(Outcome.COMPLETED, later + 1),
        ],
        [],
    )  # fmt: skip
    assert history.violations == ()
    assert history.counts[JOURNEY].began == history.counts[CAMPAIGN].began == 2


def test_beginnings_that_are_not_kept_any_more_are_no_fault() -> None:
    """Since an instant only: what began before it ends, or is pending, without a beginning."""
    records = [said(Outcome.SCHEDULED, 0), said(Outcome.SENT, 20), told(Outcome.EXITED, 20)]
    history = balance(records, [sending("e2", 5)], since=at(10))
    assert history.violations == ()
    assert history.counts[CAMPAIGN] == Counts(2, 0, {Outcome.SENT: 1}, 1)
    assert all(counts.balanced for counts in history.counts.values())


def test_what_began_since_then_must_have_its_records() -> None:
    """A record that is still kept says so of what is pending, and what began is not lost."""
    assert broken(balance([], [sending("e2", 10)], since=at(10))) == [Broken.NOT_BEGUN]
    assert broken(balance([said(Outcome.SCHEDULED, 10)], [], since=at(10))) == [Broken.LOST]
    assert broken(balance([said(Outcome.SCHEDULED, 9)], [], since=at(10))) == []


def test_a_run_whose_event_is_not_known_stands_for_one_that_is_open() -> None:
    """An index shows the journey of a run only; two that are open and one that runs is one lost."""
    entered = [told(Outcome.ENTERED, 0, "e1"), told(Outcome.ENTERED, 1, "e2")]
    assert broken(balance(entered, [running(None, "r-1"), running(None, "r-2")])) == []
    assert broken(balance(entered, [running(None, "r-1")])) == [Broken.LOST]


def test_histories_add_up() -> None:
    """Users that are judged one by one make the whole together."""
    one = balance([said(Outcome.SCHEDULED), said(Outcome.SENT, 1)], [])
    two = balance([said(Outcome.SCHEDULED, event="e2")], [])
    both = one + two
    assert both.counts[CAMPAIGN] == Counts(2, 0, {Outcome.SENT: 1}, 0)
    assert broken(both) == [Broken.LOST]
