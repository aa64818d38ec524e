"""The demo judges what came, and stamps its events, without any AWS."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import sentinel

import pytest
from rich.console import Group
from rich.text import Text

from unless.cli.demo.bounce import envelope
from unless.cli.demo.cast import BOUNCE, PEOPLE, Ending, Person, Timer
from unless.cli.demo.mailbox import Mail
from unless.cli.demo.screen import waiting
from unless.cli.demo.stamping import city_at_noon, read_rows, stamp
from unless.cli.demo.story import ACTS, Cue
from unless.cli.demo.verdict import Verdict, has_ended, judge, unexpected, without_record
from unless.cli.demo.watching import Request, Schedule, Watch
from unless.definitions.models import Kind
from unless.engine.model import Run, UserEvent
from unless.engine.records import Outcome, Reason, Record
from unless.events.feedback import read_feedback
from unless.events.intake import parse_row

FILE = Path(__file__).parents[3] / "events" / "demo.jsonl"
NOW = datetime(2026, 2, 2, 11, 0, tzinfo=UTC)
HAPPENED = NOW - timedelta(hours=1)
SENT = Record(NOW, "u", "c", Outcome.SENT, "e", send="s-1", due=NOW)
SCHEDULED = replace(SENT, outcome=Outcome.SCHEDULED)
CANCELLED = replace(SENT, outcome=Outcome.CANCELLED, reason=Reason.EXCEPTION_EVENT)
REQUEST = Request("s-1", "c", "u")
MAIL = Mail("s-1", "u", "shop@unless.example", "u@example.test", "Hello", "text", "", "/link")

ENTERED = Record(HAPPENED, "u", "j", Outcome.ENTERED, "e", kind=Kind.JOURNEY)
FIRST = replace(
    ENTERED,
    at=NOW,
    outcome=Outcome.SENT,
    step="hello",
    send="r-1.1",
    due=NOW,
    detail={"steps": [{"step": "a_day", "at": "2026-02-01T11:00:00Z"}]},
)
COMPLETED = replace(
    ENTERED,
    at=NOW + timedelta(minutes=1),
    outcome=Outcome.COMPLETED,
    detail={
        "steps": [
            {"step": "hello", "at": "2026-02-02T11:00:00Z"},
            {"step": "answer", "at": "2026-02-02T11:00:00Z", "took": "paths.0"},
        ]
    },
)
RUN = Run("r-1", "u", "j", "e", "looks", HAPPENED, NOW, place="2", arrived=NOW)


def watch(*records: Record, **seen: Any) -> Watch:
    """What was seen; nothing here asks AWS."""
    return Watch(sentinel.app, ("u",), "", "", records=list(records), **seen)


def judged(ending: Ending, seen: Watch) -> Verdict:
    """The verdict about a trigger that happened an hour before NOW."""
    return judge(Person("u", "does it", (ending,)), ending, seen, {"e": HAPPENED})


def test_sent_means_that_one_request_came_off_the_bus() -> None:
    """A record alone proves nothing, and two requests are one too many."""
    ending = Ending("c", "e", Outcome.SENT)
    assert not judged(ending, watch(SCHEDULED, SENT, requests=[REQUEST])).problem
    assert "saw 0" in judged(ending, watch(SENT)).problem
    assert "saw 2" in judged(ending, watch(SENT, requests=[REQUEST, REQUEST])).problem


def test_an_email_that_was_sent_lies_once_at_ses() -> None:
    """What the bus says does not count for it; one without a record is found, too."""
    ending = Ending("abandoned_cart", "e", Outcome.SENT)
    sent = replace(SENT, definition="abandoned_cart")
    assert not judged(ending, watch(sent, mails=[MAIL])).problem
    assert "one e-mail at SES, saw 0" in judged(ending, watch(sent, requests=[REQUEST])).problem
    assert "saw 2" in judged(ending, watch(sent, mails=[MAIL, MAIL])).problem
    assert without_record(watch(sent, mails=[MAIL])) == []
    assert without_record(watch(mails=[MAIL])) == [MAIL]


def test_the_bounce_is_what_ses_says_of_that_email() -> None:
    """Unless reads it as what became of the very e-mail, and knows the address."""
    event = read_feedback(envelope("ours", MAIL, SENT, NOW), NOW)
    assert isinstance(event, UserEvent)
    assert (event.id, event.user, event.properties["send"]) == (BOUNCE, "u", "s-1")
    assert event.attributes == {"email_unreachable": "u@example.test"}


@pytest.mark.parametrize(
    ("records", "problem"),
    [
        ((), "nothing came"),
        ((SCHEDULED,), "still pending"),
        ((CANCELLED, replace(CANCELLED, outcome=Outcome.SKIPPED)), "2 came"),
        ((replace(CANCELLED, reason=Reason.RESCHEDULED),), "expected cancelled, exception_event"),
        ((SENT,), "expected cancelled, exception_event"),
    ],
)
def test_whatever_is_not_as_expected_is_a_problem(
    records: tuple[Record, ...], problem: str
) -> None:
    """Another outcome, another reason, none or too many."""
    ending = Ending("c", "e", Outcome.CANCELLED, Reason.EXCEPTION_EVENT)
    assert problem in judged(ending, watch(*records)).problem


def test_a_schedule_must_have_come_and_gone() -> None:
    """The cancelled send alone does not show what became of its schedule."""
    ending = Ending("c", "e", Outcome.CANCELLED, Reason.EXCEPTION_EVENT, schedule=Timer.GONE)
    schedule = Schedule("s-1-0", "at(2026-02-02T11:00:00)")
    person = Person("u", "does it", (ending,))
    there = watch(CANCELLED, schedules={"s-1-0": schedule})
    assert judged(ending, there).problem
    assert not has_ended(person, ending, there)
    gone = watch(CANCELLED, gone={"s-1-0": schedule})
    assert not judged(ending, gone).problem
    assert has_ended(person, ending, gone)


def test_each_message_and_the_end_of_a_run_are_endings_of_their_own() -> None:
    """One message of a journey is not mistaken for another, nor for the end."""
    seen = watch(ENTERED, FIRST, requests=[Request("r-1.1", "j", "u")])
    assert not judged(Ending("j", "e", Outcome.SENT, step="hello"), seen).problem
    assert "pending" in judged(Ending("j", "e", Outcome.SENT, step="bye"), seen).problem
    assert "pending" in judged(Ending("j", "e", Outcome.COMPLETED), seen).problem
    assert unexpected(seen) == [ENTERED, FIRST]


def test_whoever_stays_in_a_journey_has_only_entered() -> None:
    """An end is one record too many where none is expected."""
    ending = Ending("j", "e", Outcome.ENTERED)
    assert not judged(ending, watch(ENTERED)).problem
    assert "2 came" in judged(ending, watch(ENTERED, COMPLETED)).problem


def test_the_schedule_of_a_run_is_known_by_the_run() -> None:
    """Its name says the run, which no record of the end does."""
    ending = Ending("j", "e", Outcome.COMPLETED, schedule=Timer.GONE)
    schedule = {"r-1-2": Schedule("r-1-2", "at(2026-02-05T11:00:00)")}
    of_run = {("u", "j", "e"): RUN}
    assert judged(ending, watch(ENTERED, COMPLETED, gone=schedule)).problem
    assert judged(ending, watch(ENTERED, COMPLETED, runs=of_run, schedules=schedule)).problem
    assert not judged(ending, watch(ENTERED, COMPLETED, runs=of_run, gone=schedule)).problem


def test_the_end_of_a_run_tells_its_whole_way() -> None:
    """Each record tells the steps since the one before."""
    seen = watch(COMPLETED, ENTERED, FIRST)
    assert (
        "a_day → hello → answer (paths.0)" in judged(Ending("j", "e", COMPLETED.outcome), seen).why
    )


def test_a_run_waits_until_it_has_ended() -> None:
    """Below the timeline it stands from its entry on, also after a message."""
    of_run = {("u", "j", "e"): RUN}
    assert isinstance(waiting(watch(ENTERED, runs=of_run)), Group)
    assert isinstance(waiting(watch(ENTERED, FIRST, runs=of_run)), Group)
    assert isinstance(waiting(watch(ENTERED, FIRST, COMPLETED, runs=of_run)), Text)


def test_a_record_that_nobody_expected_is_found() -> None:
    """A campaign that starts beside the story would not go unnoticed."""
    assert unexpected(watch(SENT)) == [SENT]


def test_it_is_noon_somewhere() -> None:
    """At every hour of the year some city has a clock that no quiet hours touch."""
    for hours in range(0, 366 * 24, 5):
        now = NOW + timedelta(hours=hours)
        assert 11 <= now.astimezone(city_at_noon(now)).hour <= 12


def test_every_event_of_the_story_is_in_the_file_and_understood() -> None:
    """A stamped event happened when its cue says, to somebody where it is noon."""
    rows, lead = read_rows(FILE), timedelta(seconds=10)
    zone = city_at_noon(NOW)
    cues = [cue for act in ACTS for cue in act.cues]
    assert {cue.event for cue in cues} == rows.keys()
    for cue in cues:
        event = parse_row(stamp(rows[cue.event], cue, NOW, lead, zone), NOW, "")
        assert isinstance(event, UserEvent)
        assert event.time == NOW - cue.ago + (lead if cue.nearly else timedelta(0))
        assert event.attributes.get("time_zone", zone.key) == zone.key


def test_stamping_leaves_the_file_s_event_as_it_is() -> None:
    """The same event can be put twice."""
    rows = read_rows(FILE)
    stamp(rows["ines-books"], Cue("ines-books"), NOW, timedelta(0), city_at_noon(NOW))
    assert rows == read_rows(FILE)


def test_everybody_in_the_story_has_an_end() -> None:
    """Each event that an ending needs is one that is put."""
    put = {cue.event for act in ACTS for cue in act.cues} | {BOUNCE}
    endings = [ending for person in PEOPLE for ending in person.endings]
    assert {ending.event for ending in endings} <= put
    assert {ending.after for ending in endings if ending.after} <= put


def test_a_journey_is_left_in_every_way() -> None:
    """One goes to the end, one leaves by an event, one by a filter."""
    endings = [ending for person in PEOPLE for ending in person.endings]
    ends = {(e.outcome, e.reason) for e in endings if e.definition == "backpack" and not e.step}
    assert ends == {
        (Outcome.COMPLETED, None),
        (Outcome.EXITED, Reason.EXIT_EVENT),
        (Outcome.EXITED, Reason.EXIT_AUDIENCE),
    }
