"""The compact memory of ids beside a plain dictionary."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from unless.sim.seen_ids import SeenIds

BEGIN = datetime(2026, 2, 2, tzinfo=UTC)
DAYS = timedelta(days=16)

WAITS = st.sampled_from(
    [timedelta(0), timedelta(microseconds=1), timedelta(days=5), DAYS, DAYS - timedelta.resolution]
)
STEPS = st.lists(
    st.tuples(WAITS, st.sampled_from("abc"), st.integers(0, 30), st.booleans()), max_size=200
)


@given(STEPS)
def test_an_id_is_seen_for_sixteen_days_to_the_microsecond(
    steps: list[tuple[timedelta, str, int, bool]],
) -> None:
    """Whatever comes in which order, it knows what a dictionary of all ids knows (V1)."""
    ids, known, now = SeenIds(), dict[tuple[str, str], datetime](), BEGIN
    for wait, user, number, derived in steps:
        now += wait
        name = f"e-{number}"
        at = known.get((user, name))
        is_new = at is None or now - at >= DAYS
        if derived:
            ids.add(user, name, now)
        else:
            assert ids.take(user, name, now) == is_new
        if derived or is_new:
            known[user, name] = now


def test_users_do_not_share_ids() -> None:
    """User and id are told apart, wherever one ends and the other begins."""
    ids = SeenIds()
    ids.add("u1", "2", BEGIN)
    assert not ids.take("u1", "2", BEGIN)
    assert ids.take("u", "12", BEGIN)
    assert ids.take("u12", "", BEGIN)


def test_what_is_too_old_makes_room() -> None:
    """A year takes no more room than a few times sixteen days; nothing recent is forgotten."""
    ids, sizes = SeenIds(), []
    for hour in range(24 * 365):
        now = BEGIN + timedelta(hours=hour)
        for number in range(5):
            ids.add("u", f"{hour}-{number}", now)
        sizes.append(len(ids))
    assert max(sizes) < 3 * 5 * 24 * 16
    recent = range(24 * 365 - 24 * 16 + 1, 24 * 365)
    assert not any(ids.take("u", f"{hour}-{number}", now) for hour in recent for number in range(5))
