"""
Decision records in words: what is compared must be read without knowing the code.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from unless.cli.words import SIGNS, STYLES, sentence
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason, Record

AT = datetime(2026, 2, 2, 10, tzinfo=UTC)


def said(
    reason: Reason | None,
    outcome: Outcome = Outcome.SKIPPED,
    kind: Kind = Kind.CAMPAIGN,
    **detail: Any,
) -> str:
    """The sentence of a record with that detail."""
    return sentence(Record(AT, "u", "c", outcome, "e", kind=kind, reason=reason, detail=detail))


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (("cart_value", "gte", 100, 50), "cart_value is 50, expected at least 100"),
        (("country", "in", ["FR", "BE"], "US"), "country is US, expected one of FR, BE"),
        (("country", "eq", "FR", None), "country is missing, expected FR"),
        (("email", "blank", False, None), "email is missing, expected a value"),
        (("email", "blank", True, "a@b"), "email is a@b, expected no value"),
        (
            ("last purchase", "more_than_ago", "14d", "2026-02-01T09:30:00+00:00"),
            "last purchase is 2026-02-01T09:30:00Z, expected more than 14d ago",
        ),
        (
            ("received c", "not", {"count": {"gte": 1}}, {"count": 1}),
            "received c is count 1, which is excluded",
        ),
        (("vip", "eq", True, False), "vip is false, expected true"),
        (("a[].b", "gte and lte", {"gte": 1, "lte": 2}, [0]), "expected gte and lte gte 1, lte 2"),
    ],
)
def test_a_clause_says_what_is_there_and_what_was_expected(
    clause: tuple[str, str, Any, Any], words: str
) -> None:
    """Every operator of a filter has words."""
    path, op, expected, actual = clause
    detail = {"path": path, "op": op, "expected": expected, "actual": actual}
    assert words in said(Reason.NOT_IN_AUDIENCE, **detail)


@pytest.mark.parametrize(
    ("reason", "detail", "words"),
    [
        (Reason.EXCEPTION_EVENT, {"by": "order-2", "name": "purchase"}, "purchase (order-2)"),
        (
            Reason.EXCEPTION_EVENT,
            {"by": "o", "name": "purchase", "arrived": "before_trigger"},
            "purchase (o), on record before the trigger arrived",
        ),
        (Reason.TOO_LATE, {"late_s": 5400, "max_lateness_s": 3600}, "1h30m late, at most 1h"),
        (Reason.TOO_OLD, {"age_s": 345600}, "4d old"),
        (
            Reason.REELIGIBILITY_WAIT,
            {"last": "2026-02-01T10:00:00+00:00", "again": "2026-02-08T10:00:00+00:00"},
            "last received 2026-02-01T10:00:00Z, again from 2026-02-08T10:00:00Z",
        ),
        (
            Reason.OUTSIDE_WINDOW_AT_TRIGGER,
            {"from": "09:00", "to": "18:00", "zone": "Europe/Paris", "actual": "2026-02-02T20:15"},
            "09:00 to 18:00 Europe/Paris, it was 20:15",
        ),
        (Reason.UNREACHABLE, {"channel": "sms", "attribute": "phone"}, "channel: no phone."),
        (
            Reason.UNREACHABLE,
            {"channel": "email", "attribute": "email", "bounced": True},
            "the email that is known has failed",
        ),
        (Reason.UNSUBSCRIBED, {"channel": "email", "group": "news"}, "unsubscribed: not in news."),
        (Reason.FREQUENCY_CAPPED, {"max": 2, "per": "week", "channel": "sms"}, "2 per week by SMS"),
        (Reason.CONTROL_GROUP, {"percent": 10}, "group: the 10% who get nothing."),
        (
            Reason.TEMPLATE_ERROR,
            {"said": "no filter eur", "where": "cart.liquid, line 3"},
            "rendered: “no filter eur”, in cart.liquid, line 3.",
        ),
        (Reason.DELIVERY_FAILED, {"said": "550"}, "The channel refused the message: “550”."),
        (
            Reason.TOO_LATE,
            {"expired": "2026-02-02T10:00:00+00:00"},
            "no session began until 2026-02-02T10:00:00Z",
        ),
        (
            Reason.OUTSIDE_DURATION_AT_TRIGGER,
            {"end": "2026-01-31T23:59:00", "zone": "UTC", "actual": "2026-02-02T10:00"},
            "… to 2026-01-31T23:59:00 UTC",
        ),
    ],
)
def test_a_reason_says_the_values_that_were_compared(
    reason: Reason, detail: dict[str, Any], words: str
) -> None:
    """Behind the explanation of the code stands what it was in this case."""
    assert words in said(reason, **detail)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_without_detail(reason: Reason) -> None:
    """A record whose detail is empty is still explained."""
    assert said(reason) == reason.explanation


def test_a_message_that_was_sent_needs_no_words() -> None:
    """The outcome says it all."""
    assert said(None, Outcome.SENT, zone="Europe/Paris", zone_from="workspace") == ""


@pytest.mark.parametrize(
    ("wait", "moved_by", "words"),
    [
        (timedelta(0), "", "due at once"),
        (timedelta(hours=1), "", "due 2026-02-02 11:00:00, in 1h"),
        (timedelta(hours=1), "window", "held by the window until 2026-02-02 11:00:00, in 1h"),
    ],
)
def test_a_scheduled_message_says_when(wait: timedelta, moved_by: str, words: str) -> None:
    """When it is due, and how long that is."""
    detail = {"moved_by": moved_by} if moved_by else {}
    record = Record(AT, "u", "c", Outcome.SCHEDULED, "e", due=AT + wait, detail=detail)
    assert sentence(record) == words


@pytest.mark.parametrize(
    ("reason", "detail", "words"),
    [
        (
            Reason.EXIT_EVENT,
            {"by": "order-2", "name": "purchase", "step": "0"},
            "An exit event happened: purchase (order-2), in step 0.",
        ),
        (
            Reason.EXIT_EVENT,
            {"by": "o", "name": "paid", "arrived": "before_trigger", "step": "0"},
            "An exit event happened: paid (o), on record before the trigger arrived, in step 0.",
        ),
        (
            Reason.EXIT_AUDIENCE,
            {"step": "day5"},
            "The user has come to fit the journey's exit filter, in step day5.",
        ),
        (Reason.JOURNEY_STOPPED, {"step": "2"}, "The journey was stopped, in step 2."),
        (
            Reason.DELAY_IN_PAST,
            {"step": "2"},
            "The time to wait for had passed on arrival at the step, in step 2.",
        ),
        (Reason.USER_NOT_FOUND, {}, "The user was deleted."),
    ],
)
def test_an_exit_says_in_which_step(reason: Reason, detail: dict[str, Any], words: str) -> None:
    """Why a run left, and where it was."""
    assert said(reason, Outcome.EXITED, Kind.JOURNEY, **detail) == words


def test_a_refused_entry_says_when_the_last_one_was() -> None:
    """Entries count, not receipts."""
    entered: dict[str, Any] = {
        "last_entry": "2026-02-01T10:00:00+00:00",
        "again": "2026-02-04T10:00:00+00:00",
    }
    words = said(Reason.REENTRY_WAIT, kind=Kind.JOURNEY, **entered)
    assert "last entered 2026-02-01T10:00:00Z, again from 2026-02-04T10:00:00Z" in words
    words = said(Reason.ALREADY_ENTERED, kind=Kind.JOURNEY, last_entry=entered["last_entry"])
    assert words.endswith("once and for all: last entered 2026-02-01T10:00:00Z.")


@pytest.mark.parametrize("reason", Reason)
def test_no_journey_is_called_a_campaign(reason: Reason) -> None:
    """The reasons that both have are said of the one that it is."""
    assert "campaign" not in said(reason, kind=Kind.JOURNEY)


def test_every_outcome_has_a_sign_and_a_colour() -> None:
    """Nothing that can happen is shown without them."""
    assert set(SIGNS) == set(STYLES) == set(Outcome)


def test_what_an_operator_cancelled_is_not_said_to_be_stopped() -> None:
    """Nobody who reads it looks for a stop of the whole campaign or journey."""
    by: dict[str, Any] = {"by": "operator"}
    assert said(Reason.CAMPAIGN_STOPPED, Outcome.CANCELLED, **by) == "Cancelled by the operator."
    run = said(Reason.JOURNEY_STOPPED, Outcome.EXITED, Kind.JOURNEY, **by, step="day5")
    assert run == "Cancelled by the operator, in step day5."


@pytest.mark.parametrize(
    ("outcome", "reason", "detail", "words"),
    [
        (
            Outcome.CONVERTED,
            None,
            {"row": 0, "primary": True, "after_s": 7200},
            "by purchase, the first goal, 2h later",
        ),
        (
            Outcome.CONVERTED,
            Reason.CONTROL_GROUP,
            {"row": 1, "primary": False, "after_s": 60},
            "by purchase, another goal, 1m later, in the control group",
        ),
        (Outcome.INTERACTED, None, {"action": "opened", "channel": "email"}, "opened (e-mail)"),
        (Outcome.INTERACTED, None, {"action": "displayed"}, "shown in the app"),
    ],
)
def test_what_came_of_a_message_is_said_in_a_line(
    outcome: Outcome, reason: Reason | None, detail: dict[str, Any], words: str
) -> None:
    """A conversion names its event and its goal, an interaction what was done."""
    record = Record(AT, "u", "c", outcome, "e", name="purchase", reason=reason, detail=detail)
    assert sentence(record) == words
