"""
The small words of `unless why`: clauses of filters, spans of time, instants on a user's clock.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from unless.cli.why.clauses import clause
from unless.cli.why.deeds import deed
from unless.cli.why.times import LocalClock, span_words

CLOCK = LocalClock()
PARIS = LocalClock(ZoneInfo("Europe/Paris"))
AT = datetime(2026, 2, 2, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "op", "expected", "actual", "words"),
    [
        ("country", "in", ["FR", "BE"], "US", "country was US and had to be one of FR, BE"),
        ("country", "in", ["FR"], None, "they had no country, and it had to be FR"),
        ("email", "blank", False, None, "they had no email, and it had to have a value"),
        ("email", "blank", True, "a@b", "email was a@b and had to have no value"),
        ("name", "eq", "x", "", "name was empty and had to be x"),
        (
            "count of purchase",
            "eq",
            0,
            2,
            "they had done purchase twice, and the filter asks for none",
        ),
        (
            "count of visit in the last 3 days",
            "gte",
            5,
            0,
            "they had never done visit in the last 3 days, and the filter asks for 5 or more",
        ),
        (
            "count of received c",
            "lt",
            2,
            4,
            "they had received c 4 times, and the filter asks for fewer than 2",
        ),
        (
            "last visit",
            "more_than_ago",
            "14d",
            "2026-02-01T09:30:00+00:00",
            "their last visit was Sun 1 Feb 2026, 09:30 UTC and had to lie more than 14 days back",
        ),
        (
            "first visit",
            "before",
            "2026-01-01",
            None,
            "no visit of theirs is known, and it had to be before 2026-01-01",
        ),
        (
            "purchase_total",
            "gte",
            100,
            50,
            "they had spent 50 in all, and it had to be at least 100",
        ),
        (
            "subscription group news",
            "eq",
            True,
            False,
            "they were not in the subscription group news, and had to be in it",
        ),
        ("plan", "not", {"eq": "free"}, "free", "plan was free, which the filter excludes"),
        (
            "purchase",
            "not",
            {"count": {"gte": 1}},
            {"count": 1},
            "they had done purchase once, which the filter excludes",
        ),
        (
            "items[].price",
            "gte and lte",
            {"gte": 1, "lte": 2},
            [0, 5],
            "items[].price was 0, 5 and had to be at least 1 and be at most 2",
        ),
        ("tags", "contains_any", ["a", "b"], ["c"], "tags was c and had to contain one of a, b"),
        ("a\nb", "eq", 1, 2, "a\ufffdb was 2 and had to be 1"),
    ],
)
def test_a_clause_says_what_was_there_and_what_was_asked(
    path: str, op: str, expected: Any, actual: Any, words: str
) -> None:
    """Every kind of filter, and what is missing, is said so that a marketer understands it."""
    detail = {"path": path, "op": op, "expected": expected, "actual": actual}
    assert clause(detail, CLOCK) == words


def test_a_clause_that_was_too_long_to_keep_makes_nothing_up() -> None:
    """What stood there is said, and that it was not what the filter asks for."""
    said = clause({"path": "note", "op": "in", "actual": "x", "shortened": True}, CLOCK)
    assert said == "note was x, which is not what the filter asks for"
    assert clause({"shortened": True}, CLOCK) is None


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=15), "15 minutes"),
        (timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (timedelta(days=2, hours=3, minutes=4), "2 days 3 hours"),
        (timedelta(hours=1, seconds=1), "1 hour 1 second"),
        (-timedelta(seconds=61), "1 minute 1 second"),
        (timedelta(milliseconds=20), "less than a second"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span: timedelta, words: str) -> None:
    """As people say it, in whole units."""
    assert span_words(span) == words


def test_an_instant_stands_on_the_users_clock_with_utc_beside_it() -> None:
    """The day is left out where the reader knows it, and said of UTC where it is another."""
    assert PARIS.when(AT) == "Tue 3 Feb 2026, 00:30 (23:30 UTC on Mon 2 Feb 2026)"
    assert CLOCK.when(AT) == "Mon 2 Feb 2026, 23:30 UTC"
    assert CLOCK.at(AT, AT) == "at 23:30 UTC"
    assert CLOCK.at(AT, AT + timedelta(hours=1)) == "on Mon 2 Feb 2026, 23:30 UTC"
    assert CLOCK.when(AT.replace(second=7)) == "Mon 2 Feb 2026, 23:30:07 UTC"


def test_the_end_of_time_is_said_in_utc() -> None:
    """What no local date can hold is no reason to fail."""
    end = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    assert PARIS.when(end) == "Fri 31 Dec 9999, 23:59 UTC"


def test_an_event_is_something_that_people_did() -> None:
    """Events with a meaning have a verb; others happened; an unknown one stays unknown."""
    assert deed("purchase") == "they bought"
    assert deed("wishlist_shared") == "the event wishlist_shared happened"
    assert deed(None) == "an event of theirs happened"
