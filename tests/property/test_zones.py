"""Clocks that change, drawn by a seed: every delay, window and duration is where it must be."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from unless.engine.timing import zones as engine_zones
from unless.sim.proof.parts import Found
from unless.sim.proof.zones.clock import known_clock
from unless.sim.proof.zones.judging import wrong_times
from unless.sim.proof.zones.part import Zones

SEED = 20260202
EVERYWHERE = (
    "Africa/Casablanca",
    "America/Havana",
    "America/Nuuk",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
    "Europe/Paris",
    "Pacific/Chatham",
)
"""Gaps of half an hour and of two, at midnight and in the evening, and a pause of summer time."""

HOUR = timedelta(hours=1)


@pytest.mark.slow
@pytest.mark.parametrize("zone", EVERYWHERE)
def test_nothing_surprises_around_a_change(zone: str) -> None:
    """Two of the zone's changes, one each way: due times, windows, holds, decisions. # T2 D1 W1"""
    attack, found = Zones(), Found()
    changes = Random(f"{SEED}{zone}").sample(known_clock(zone).changes[:4], 2)
    for change in changes:
        found.add(attack.replay(f"{zone}@{change.isoformat()}"))
    assert found.cases == 2
    assert found.seen["decisions"] > 100
    assert not found.wrong, found.violations


def test_the_second_opinion_knows_gap_and_overlap() -> None:
    """It is right about two days that everyone agrees on. # T2"""
    paris = known_clock("Europe/Paris")
    spring = paris.on(datetime(2026, 3, 29, tzinfo=UTC).date(), time(2, 30))
    assert spring == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    autumn = paris.on(datetime(2026, 10, 25, tzinfo=UTC).date(), time(2, 30))
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("mistake", ["second of an overlap", "before the gap"])
def test_a_mistake_about_clocks_is_found_out(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that reads overlaps or gaps the other way is caught at once."""
    right = engine_zones.exact_instant

    def wrong(written: datetime, zone: ZoneInfo) -> datetime | None:
        found = right(written, zone)
        other = written.replace(tzinfo=zone, fold=1).astimezone(UTC)
        if found is None or written.tzinfo is not None or other == found:
            return found
        is_overlap = other > found
        return other if is_overlap is (mistake == "second of an overlap") else found

    for module in ("zones", "delays"):
        monkeypatch.setattr(f"unless.engine.timing.{module}.exact_instant", wrong)
    clock = known_clock("America/New_York")
    caught = [c for c in clock.changes[:2] if any(wrong_times("America/New_York", clock, c))]
    assert caught


def test_zones_with_equal_clocks_are_tried_once() -> None:
    """A job names all zones that it speaks for; whatever the seed, a share is a share."""
    jobs = Zones().jobs(0.1, SEED)
    assert len(jobs) == 3
    names = [name for job in jobs for name in job.about.split(",")]
    assert len(names) == len(set(names))
