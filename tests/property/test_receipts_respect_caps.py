"""
Whatever happens to a user, no receipt is one more than a cap allows, and none breaks
re-eligibility (I4).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.deciding import defined
from unless.engine.decide import decide
from unless.engine.decision import Answer, Dispatch, Dispatched, DueNotice
from unless.engine.definitions import Definitions
from unless.engine.model import DueStatus, Receipt, UserEvent, UserState

START = datetime(2026, 3, 27, 12, tzinfo=UTC)
"""Two days before the clock is turned forward in Paris, where the company is."""

CAMPAIGNS: list[dict[str, Any]] = [
    {"campaign": "often", "trigger": {"event": "a"}, "reeligible": "always", "tags": ["promo"]},
    {"campaign": "later", "trigger": {"event": "a"}, "delay": {"after": "3h"}},
    {"campaign": "again", "trigger": {"event": "b"}, "reeligible": {"after": "9h"}},
    {
        "campaign": "text",
        "trigger": {"event": "b"},
        "reeligible": "always",
        "message": {"channel": "sms", "text": "Hello"},
    },
]
JOURNEY: dict[str, Any] = {
    "journey": "v",
    "entry": {"trigger": {"event": "b"}},
    "reentry": "always",
    "tags": ["promo"],
    "steps": [{"message": {}}, {"delay": {"after": "1h"}}, {"message": {}}],
}
CAPS: list[dict[str, Any]] = [
    {"max": 1, "per": "2h"},
    {"max": 3, "per": "1d", "tag": "promo"},
    {"max": 2, "per": "30h", "channel": "sms"},
    {"max": 4, "per": "31d"},
]
HAPPENED = st.lists(
    st.tuples(
        st.integers(0, 600),
        st.sampled_from("ab"),
        st.sampled_from([Answer.ACCEPTED, Answer.REFUSED, Answer.UNKNOWN, Answer.DEFERRED]),
    ),
    min_size=1,
    max_size=14,
)


@given(HAPPENED, st.lists(st.sampled_from(CAPS), min_size=1, max_size=3))
def test_receipts_respect_caps_and_reeligibility(
    happened: Sequence[tuple[int, str, Answer]], caps: Sequence[dict[str, Any]]
) -> None:
    """Every event, its messages dispatched when they are due, whatever the channels answer."""
    workspace = {"workspace": {"zone": "Europe/Paris", "caps": list(caps)}}
    published = defined(*CAMPAIGNS, JOURNEY, workspace)
    phone = UserEvent("p", "u", "profile", START, START, attributes={"phone": "+336"}, root="p")
    state = decide(UserState("u"), phone, published, START).state
    now = START
    for place, (minutes, name, said) in enumerate(happened):
        now += timedelta(minutes=minutes)
        state = _ring(state, published, now, said)
        what = UserEvent(f"e{place}", "u", name, now, now, root=f"e{place}")
        state = _ring(decide(state, what, published, now).state, published, now, said)
    for cap in caps:
        _assert_respected(cap, state.receipts)
    assert sum(receipt.definition == "later" for receipt in state.receipts) <= 1
    again = sorted(receipt.time for receipt in state.receipts if receipt.definition == "again")
    assert all(b - a >= timedelta(hours=9) for a, b in pairwise(again))


def _ring(state: UserState, published: Definitions, now: datetime, said: Answer) -> UserState:
    """Return the user once everything due has been dispatched, and answered so."""
    for item in sorted(state.pending.values(), key=lambda item: (item.due, item.order)):
        if item.due > now or item.status is not DueStatus.WAITING:
            continue
        decision = decide(state, DueNotice("u", item.id, item.turn), published, now)
        state = decision.state
        if any(isinstance(effect, Dispatch) for effect in decision.effects):
            state = decide(state, Dispatched("u", item.id, said), published, now).state
    return state


def _assert_respected(cap: dict[str, Any], receipts: Sequence[Receipt]) -> None:
    hours = {"2h": 2, "1d": 24, "30h": 30, "31d": 31 * 24}[cap["per"]]
    counted = [
        receipt.time
        for receipt in receipts
        if cap.get("channel") in (None, receipt.channel)
        and ("tag" not in cap or cap["tag"] in receipt.tags)
    ]
    for last in counted:
        before = [time for time in counted if last - timedelta(hours=hours) < time <= last]
        assert len(before) <= cap["max"], (cap, receipts)
