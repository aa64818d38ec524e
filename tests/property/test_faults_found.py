"""Stories in which the simulator once found a promise broken, told as small as they get."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from unless.app.confirming import Confirming
from unless.app.effects import ended_marker_id
from unless.definitions.models import Kind
from unless.definitions.snapshot import EMPTY
from unless.engine.decide import decide
from unless.engine.decision import Answer, DeleteUser, Marker
from unless.engine.definitions import compile_definitions
from unless.engine.identity import send_id
from unless.engine.model import UserState
from unless.engine.records import Outcome, Reason, Record
from unless.events.feedback import Confirmation
from unless.events.our_mail import Mail
from unless.sim.faults.faults import ChosenFaults, Fault, NoFaults, Outage
from unless.sim.faults.history import (
    START,
    Deleted,
    Happening,
    Happens,
    History,
    Published,
    Trouble,
)
from unless.sim.faults.memory.store import MemoryStore
from unless.sim.faults.running import run

MINUTE = timedelta(minutes=1)
DURING_THE_REQUEST = timedelta(seconds=0.3)

EVENT = Happens(START, "e0", "u0", "viewed", START)
SEND = send_id("u0", "c0", "e0", START)

EVALUATED = "evaluate(e0#0/1)"
DELIVERED = f"deliver({SEND}-0#1/1)"
# A function's first run reads the definitions and the user, and commits: its calls 1, 2 and 3.
COMMIT, AFTER_COMMIT = ":3", ":4"


def campaign(**parts: Any) -> dict[str, Any]:
    """A campaign that sends at once what `viewed` triggers."""
    return {"campaign": "c0", "trigger": {"event": "viewed"}, "reeligible": "always", **parts}


def broken(
    document: Mapping[str, Any],
    faults: Mapping[str, Fault],
    *happenings: Happening,
    record: str = "all",
    sweeper: bool = False,
) -> list[str]:
    """The promises broken when exactly these calls go wrong."""
    history = History(
        seed=0,
        users={"u0": {"email": "u0@example.com"}},
        documents=(document,),
        happenings=happenings,
        workspace={"record": record},
        sweeper=sweeper,
    )
    outcome = run(history, ChosenFaults(faults))
    assert outcome.faults, "no call went wrong: the places of the faults are out of date"
    return [f"{breach.promise}: {breach.sentence}" for breach in outcome.breaches]


@pytest.mark.parametrize("sweeper", [True, False])
def test_a_repeat_of_which_nothing_follows_is_a_repeat_all_the_same(sweeper: bool) -> None:
    """
    Where deciding again brings nothing, as the address is known by now, the marker is asked, and
    timers and records are repeated.
    """
    document = campaign(trigger={"event": "email_added"}, message={"channel": "event"})
    event = Happens(START, "e0", "u0", "left", START, attributes={"email": "new@example.com"})
    killed = {EVALUATED + COMMIT: Fault.KILLED_AFTER}
    assert not broken(document, killed, event, record="named", sweeper=sweeper)


def test_a_repeat_that_concerns_nobody_any_more_is_a_repeat_all_the_same() -> None:
    """An edit between commit and timer takes the trigger away: the timer comes all the same."""
    edited = campaign(trigger={"event": "added"}, message={"channel": "event"})
    edit = Published(START + timedelta(seconds=30), edited)
    killed = {EVALUATED + COMMIT: Fault.KILLED_AFTER}
    assert not broken(campaign(), killed, EVENT, edit, record="named")


def test_an_abandoned_claim_of_a_deleted_user_is_not_taken_up() -> None:
    """A request with a key may be repeated, but not for somebody who was deleted meanwhile."""
    deletion = Deleted(START + timedelta(seconds=30), "u0")
    killed = {DELIVERED + AFTER_COMMIT: Fault.KILLED_BEFORE}
    assert not broken(campaign(message={"channel": "event"}), killed, EVENT, deletion)


def test_an_abandoned_mail_does_not_go_out_again_as_a_webhook() -> None:
    """Whether a request may be repeated depends on the channel on which it was made."""
    email = campaign(message={"channel": "email", "subject": "Hello", "text": "You"})
    webhook = {"channel": "webhook", "url": "https://hooks.example.com"}
    edit = Published(START + timedelta(seconds=30), campaign(message=webhook))
    killed = {DELIVERED + AFTER_COMMIT: Fault.KILLED_AFTER}
    assert not broken(email, killed, EVENT, edit)


WEBHOOK = {"channel": "webhook", "url": "https://hooks.example.com"}

DELETED = Deleted(START + 4 * MINUTE, "u0")


@pytest.mark.parametrize(
    ("no", "then"), [(Answer.REFUSED, ()), (Answer.DEFERRED, (DELETED,))], ids=["never", "not now"]
)
def test_a_no_to_a_repetition_says_nothing_of_the_request_before_it(
    no: Answer, then: tuple[Happening, ...]
) -> None:
    """The first may have gone out, so nothing is cancelled, however clear the second answer is."""
    history = History(
        seed=0,
        users={"u0": {}},
        documents=(campaign(message=WEBHOOK),),
        happenings=(EVENT, *then),
        trouble=Trouble(said=(Answer.ACCEPTED, no)),
        sweeper=False,
    )
    outcome = run(history, ChosenFaults({DELIVERED + AFTER_COMMIT: Fault.UNHEARD}))
    assert outcome.faults, "no call went wrong: the place of the fault is out of date"
    assert not outcome.breaches


def test_an_abandoned_webhook_is_not_repeated_on_another_channel_with_keys() -> None:
    """Whoever has got the webhook does not recognise the event on the bus, whatever its key."""
    edit = Published(START + timedelta(seconds=30), campaign(message={"channel": "event"}))
    unheard = {DELIVERED + AFTER_COMMIT: Fault.UNHEARD}
    assert not broken(campaign(message=WEBHOOK), unheard, EVENT, edit)


def test_an_in_app_message_that_the_bus_did_not_take_is_asked_for_again() -> None:
    """The app recognises a repeated request, and one that was never made is made."""
    message = {"channel": "in_app", "text": "Hello"}
    session = Happens(START + timedelta(minutes=1), "s0", "u0", "session_start", START + MINUTE)
    history = History(
        seed=0,
        users={"u0": {}},
        documents=(campaign(message=message),),
        happenings=(EVENT, session),
    )
    failed = ChosenFaults({f"deliver({SEND}-2#1/1):4": Fault.FAILED})
    outcome = run(history, failed)
    assert outcome.faults, "no call went wrong: the place of the fault is out of date"
    told = [r for d in outcome.observed.decided for r in d.decision.records]
    assert [r.reason for r in told if r.outcome is Outcome.SENT] == [None]


def test_a_message_that_was_put_off_is_not_sent_to_who_was_deleted_meanwhile() -> None:
    """Not now is a certain no: with the answer the send of a deleted user is over."""
    history = History(
        seed=4,
        users={"u0": {}},
        documents=(campaign(message={"channel": "queue"}),),
        happenings=(EVENT, Deleted(START + DURING_THE_REQUEST, "u0")),
        trouble=Trouble(said=(Answer.DEFERRED,)),
    )
    outcome = run(history, NoFaults())
    assert outcome.rare["deleted during a claim"], "the deletion does not meet the claim any more"
    assert not outcome.breaches


def test_a_confirmation_meets_the_answer_while_it_is_marked() -> None:
    """Between the look for the answer and the look for the claim the answer may be marked (K3)."""
    now = START + timedelta(minutes=1)
    store = MarkedMeanwhile()
    mail = Mail("u0", SEND, Kind.CAMPAIGN, "c0", None, 0, START)
    report = Confirming(store=store, clock=lambda: now).confirm(
        [("m", Confirmation(mail, "SEND", START))]
    )
    assert not report.failed
    assert [r.detail.get("confirmed") for told in report.records for r in told.records] != []


class MarkedMeanwhile(MemoryStore):
    """A store in which somebody else marks the answer to the send after it was first looked for."""

    def marker(self, user: str, marker_id: str, now: datetime) -> Marker | None:
        """Return the marker as it is now; mark the answer afterwards, as another function does."""
        found = super().marker(user, marker_id, now)
        record = Record(
            at=START,
            user=user,
            definition="c0",
            outcome=Outcome.SENT,
            event="e0",
            send=SEND,
            reason=Reason.DELIVERY_UNKNOWN,
        )
        marked = Marker(ended_marker_id(SEND), START, records=(record,))
        self.markers.setdefault(user, {}).setdefault(marked.id, marked)
        return found


def test_a_confirmation_that_meets_another_commit_comes_again() -> None:
    """What was not committed is not told: SEND and DELIVERY would say two things of one send."""
    email = campaign(message={"channel": "email", "subject": "Hello", "text": "You"})
    history = History(
        seed=told_of(email),
        users={"u0": {"email": "u@example.com"}},
        documents=(email,),
        happenings=(EVENT,),
        trouble=Trouble(said=(Answer.UNKNOWN,)),
    )
    place = next(
        f"{call.process.name}:{call.number}"
        for call in run(history, NoFaults(), keep_calls=True).observed.calls
        if call.name == "store.commit" and "Send(" in call.process.name
    )
    outcome = run(history, ChosenFaults({place: Fault.OVERTAKEN}), keep_calls=True)
    assert outcome.faults
    names = [c.process.name for c in outcome.observed.calls if c.name == "store.commit"]
    assert sum("Send(" in name for name in names) >= 2, "the message does not come again"
    assert not outcome.breaches


def told_of(document: Mapping[str, Any]) -> int:
    """The first seed with which SES tells of the mail once its answer is marked."""
    for seed in range(100):
        history = History(
            seed=seed,
            users={"u0": {"email": "u@example.com"}},
            documents=(document,),
            happenings=(EVENT,),
            trouble=Trouble(said=(Answer.UNKNOWN,)),
        )
        if run(history, NoFaults()).rare["unclear send confirmed"]:
            return seed
    raise AssertionError("SES tells of no mail")


def test_of_two_deletions_at_once_the_later_instant_counts() -> None:
    """The second to commit may have looked at the clock first, and brings nothing back."""
    earlier, later = START, START + MINUTE
    definitions = compile_definitions(EMPTY)
    first = decide(UserState("u0"), DeleteUser("u0"), definitions, later).state
    assert decide(first, DeleteUser("u0"), definitions, earlier).state.deleted_at == later


def test_what_cannot_be_sent_for_hours_does_not_fill_the_queue() -> None:
    """A run's message that comes back sets no timer each time, which would be one message more."""
    mail = {"channel": "email", "subject": "Hello", "text": "You"}
    steps = [{"message": {"channel": "event"}}, {"message": mail}]
    history = History(
        seed=0,
        users={"u0": {"email": "u0@example.com"}},
        documents=({"journey": "j0", "entry": {"trigger": {"event": "viewed"}}, "steps": steps},),
        happenings=(EVENT,),
        trouble=Trouble(outages=(Outage("email", START, START + timedelta(hours=4)),)),
        sweeper=False,
    )
    outcome = run(history)
    assert outcome.faults
    assert not outcome.breaches
    assert outcome.calls < 1_000
