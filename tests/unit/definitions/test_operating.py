"""What an operator can do to a published campaign (SPEC L1)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.definitions.written import campaign, checked
from unless.definitions.models import Status
from unless.definitions.operating import Action, Refused, operate
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY, Snapshot

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

ALLOWED = {
    ("live", "pause"): ("paused", 0),
    ("paused", "resume"): ("live", 0),
    ("stopped", "resume"): ("live", 0),
    ("live", "stop"): ("stopped", 1),
    ("paused", "stop"): ("stopped", 1),
    ("live", "archive"): ("archived", 1),
    ("paused", "archive"): ("archived", 1),
    ("stopped", "archive"): ("archived", 0),
    ("draft", "archive"): ("archived", 0),
}
"""Every action that does something: the status after it, and how many generations it ends."""


def published(status: str) -> Snapshot:
    return publish(EMPTY, checked(campaign(f"status: {status}")), NOW)[0]


@pytest.mark.parametrize("status", [status.value for status in Status])
@pytest.mark.parametrize("action", list(Action))
def test_an_action_does_what_its_status_allows_and_nothing_else(
    status: str, action: Action
) -> None:
    """Each status with each action: the new status and generation, or a refusal with a remedy."""
    before = published(status)
    result = operate(before, action, "c", LATER)
    if (status, action.value) not in ALLOWED:
        assert isinstance(result, Refused)
        assert f"{action} does nothing" in result.message
        assert result.remedy
        return
    assert isinstance(result, tuple)
    after, change = result
    one = after.definitions["c"]
    assert (one.status.value, one.generation) == ALLOWED[status, action.value]
    assert (change.old_status, change.status, change.id) == (status, one.status, "c")
    assert change.verb in ("paused", "resumed", "stopped", "archived")
    assert after.version != before.version


def test_a_resume_says_when() -> None:
    """The instant of the resume is kept, and nothing else sets it."""
    paused = operate(published("live"), Action.PAUSE, "c", NOW)
    assert isinstance(paused, tuple)
    assert paused[0].definitions["c"].resumed_at is None
    resumed = operate(paused[0], Action.RESUME, "c", LATER)
    assert isinstance(resumed, tuple)
    assert resumed[0].definitions["c"].resumed_at == LATER


def test_an_unknown_campaign_is_refused_with_the_nearest() -> None:
    """A misspelt id changes nothing and is answered with the one that was meant."""
    text = campaign().replace("campaign: c", "campaign: abandoned_cart")
    snapshot, _ = publish(EMPTY, checked(text), NOW)
    result = operate(snapshot, Action.PAUSE, "abandoned_crat", NOW)
    assert isinstance(result, Refused)
    assert "`abandoned_cart`" in result.remedy
    assert isinstance(operate(EMPTY, Action.PAUSE, "c", NOW), Refused)
