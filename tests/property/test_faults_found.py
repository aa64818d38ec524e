"""Stories in which the simulator once found a promise broken, told as small as they get."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from unless.engine.identity import send_id
from unless.sim.faults.faults import ChosenFaults, Fault
from unless.sim.faults.history import START, Deleted, Happening, Happens, History, Published
from unless.sim.faults.running import run

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
