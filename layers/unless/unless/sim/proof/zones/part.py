"""
The part `zones` of the proof: every zone with a change of its clock in the years 2024 to 2035.

Zones whose clocks show the same at every instant that is tried are one case of several names.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random

from unless.definitions.durations import zone_names
from unless.sim.proof.parts import Found, Job, Part, Violation, scaled
from unless.sim.proof.zones.clock import Clock, clock_of, known_clock
from unless.sim.proof.zones.decisions import wrong_decisions
from unless.sim.proof.zones.forms import FORMS
from unless.sim.proof.zones.judging import moments, wrong_times

CLOCKS = 34
"""Clocks that change, as of tzdata 2025; only a share of them is counted by this."""


class Zones(Part):
    """Every change of every clock, every form of a delay."""

    name = "zones"
    noun = "changes of clocks"

    def jobs(self, scale: float, seed: int) -> Sequence[Job]:
        """Return a job for each clock that changes; of a share of them, drawn by the seed."""
        names = sorted(zone_names())
        if scale >= 1:
            wanted = len(names)
        else:
            Random(seed).shuffle(names)  # noqa: S311 - chance, no secret
            wanted = scaled(CLOCKS, scale)
        groups = alike(names, wanted).values()
        return [Job(self.name, seed, about=",".join(group)) for group in groups]

    def work(self, job: Job) -> Found:
        """Judge every change of a clock, for the first of the zones that have it."""
        zones = job.about.split(",")
        clock = known_clock(zones[0])
        found = Found()
        found.seen["zones"] = len(zones)
        found.seen["clocks"] = 1
        for change in clock.changes:
            self._judge(zones[0], clock, change, found)
        return found

    def conclude(self, found: Found, scale: float) -> Sequence[str]:
        """Return a sentence if next to nothing was tried."""
        if scale >= 1 and found.seen["zones"] < 200:
            return [f"only {found.seen['zones']} zones have a change; the database is not whole"]
        return []

    def replay(self, case: str) -> Found:
        """Judge the change of a clock that `ZONE@INSTANT` names."""
        zone, _, instant = case.partition("@")
        if zone not in zone_names():
            raise ValueError(f"there is no zone {zone!r}")
        found = Found()
        self._judge(zone, known_clock(zone), datetime.fromisoformat(instant), found)
        return found

    def _judge(self, zone: str, clock: Clock, change: datetime, found: Found) -> None:
        found.cases += 1
        found.seen["instants"] += len(moments(change))
        found.seen["due times"] += len(moments(change)) * len(FORMS)
        case = f"{zone}@{change.isoformat()}"
        for sentence in wrong_times(zone, clock, change):
            found.violate(Violation(case, sentence))
        for sentence in wrong_decisions(zone, clock, change, found.seen):
            found.violate(Violation(case, sentence))


def alike(names: Sequence[str], wanted: int) -> Mapping[Clock, list[str]]:
    """
    Return the zones by their clocks, those with the same one together; none that never changes.

    Once so many clocks are found, the rest of the zones is not looked at.
    """
    groups: dict[Clock, list[str]] = defaultdict(list)
    for name in names:
        if len(groups) == wanted:
            break
        clock = clock_of(name)
        if clock.changes:
            groups[clock].append(name)
    return groups
