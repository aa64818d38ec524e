"""Receipts: what is remembered of received messages, and taken back after a refusal (R1, K3)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from unless.engine.history import release_receipt, remember_receipt
from unless.engine.model import History, Receipt, UserState

NOON = datetime(2026, 2, 28, 12, tzinfo=UTC)
NOBODY = UserState("u")


def receipt(send: str, campaign: str = "c", days: float = 0) -> Receipt:
    """Return the receipt of that send, so many days after noon."""
    return Receipt(send, campaign, NOON + timedelta(days=days), "email", ("promo",))


def received(*receipts: Receipt, state: UserState = NOBODY) -> UserState:
    for each in receipts:
        state = remember_receipt(state, each)
    return state


def known(state: UserState) -> tuple[list[str], dict[str, History]]:
    """Return the sends received and the histories by campaign."""
    return [each.send for each in state.receipts], dict(state.received)


def test_a_receipt_counts_for_its_campaign() -> None:
    """A receipt is kept with its channel and tags, and counts in the campaign's history."""
    state = received(receipt("s1"), receipt("s2", days=1), receipt("s3", "other"))
    assert [each.send for each in state.receipts] == ["s1", "s2", "s3"]
    assert (state.receipts[0].channel, state.receipts[0].tags) == ("email", ("promo",))
    history = state.received["c"]
    assert (history.count, history.first, history.last) == (2, NOON, NOON + timedelta(days=1))
    assert history.days == {date(2026, 2, 28): 1, date(2026, 3, 1): 1}
    assert state.received["other"].count == 1


def test_single_receipts_are_kept_for_32_days() -> None:
    """The next receipt drops those more than 32 days older; the history keeps counting them."""
    state = received(receipt("old"), receipt("edge", days=1), receipt("new", days=33))
    assert [each.send for each in state.receipts] == ["edge", "new"]
    assert (state.received["c"].count, state.received["c"].first) == (3, NOON)


def test_a_released_first_receipt_leaves_no_trace() -> None:
    """After a certain no the campaign was never received."""
    assert release_receipt(received(receipt("s1")), "s1") == NOBODY


def test_a_released_receipt_gives_back_the_one_before() -> None:
    """Re-eligibility then counts from the receipt before."""
    before = received(receipt("s1"), receipt("s2", days=3))
    assert release_receipt(remember_receipt(before, receipt("s3", days=5)), "s3") == before


def test_a_release_goes_back_to_what_was_known_from_elsewhere() -> None:
    """A history without single receipts, as a backfill gives it, comes back as it was."""
    backfilled = replace(NOBODY, received={"c": History(count=2, last=NOON - timedelta(days=100))})
    assert known(release_receipt(received(receipt("s1"), state=backfilled), "s1")) == known(
        backfilled
    )


def test_an_unknown_send_is_no_receipt() -> None:
    """Releasing what was never received changes nothing."""
    state = received(receipt("s1"))
    assert release_receipt(state, "s9") is state


@given(
    days=st.lists(st.integers(0, 20), min_size=1, max_size=7).map(sorted),
    campaigns=st.lists(st.sampled_from(["a", "b"]), min_size=7, max_size=7),
    refused=st.permutations(range(7)),
    count=st.integers(0, 7),
)
def test_releasing_is_as_if_never_received(
    days: list[int], campaigns: list[str], refused: list[int], count: int
) -> None:
    """Whichever receipts are released, in any order: as if they had never been."""
    receipts = [
        receipt(f"s{n}", campaign, day)
        for n, (day, campaign) in enumerate(zip(days, campaigns, strict=False))
    ]
    state = received(*receipts)
    gone = {f"s{n}" for n in refused[:count]}
    for send in (f"s{n}" for n in refused[:count]):
        state = release_receipt(state, send)
    assert state == received(*(each for each in receipts if each.send not in gone))
