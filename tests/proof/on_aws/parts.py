"""
The parts of the proof on the local AWS: many ways to go wrong, killed functions, load, an outage.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.proof.on_aws.attack import Outcome, attack
from tests.proof.on_aws.load import FAILED, GROWTH_MAX, Memory, watched
from tests.proof.on_aws.outage import heal, outage
from tests.proof.on_aws.profiles import PROFILES, Profile
from tests.proof.on_aws.stage import Stage
from tests.proof.on_aws.workers import killings

KILLS = 50
KILL_SECONDS = 75.0
OUTAGE_SECONDS = 180.0

type Tell = Callable[[str], None]
type Part = Callable[[Stage, "Extent", Tell], Outcome]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is tried: events of a profile, minutes and events a second of the load."""

    events: int
    seed: int
    load_minutes: float
    load_rate: float


def _profile(profile: Profile, stage: Stage, extent: Extent, tell: Tell) -> Outcome:
    return attack(stage, profile, events=extent.events, seed=extent.seed, tell=tell)


def kill(stage: Stage, extent: Extent, tell: Tell) -> Outcome:
    """Kill functions at random moments while events flow."""
    return attack(
        stage,
        Profile("kill"),
        events=extent.events,
        seed=extent.seed,
        tell=tell,
        flow=KILL_SECONDS,
        meanwhile=killings(stage, KILLS, extent.seed),
    )


def stand_still(stage: Stage, extent: Extent, tell: Tell) -> Outcome:
    """Let deliver stand still until some messages are too late, and then go on."""
    try:
        return attack(
            stage,
            Profile("outage"),
            events=extent.events,
            seed=extent.seed,
            tell=tell,
            flow=OUTAGE_SECONDS,
            meanwhile=outage(stage, OUTAGE_SECONDS, tell),
        )
    finally:
        heal(stage)


def load(stage: Stage, extent: Extent, tell: Tell) -> Outcome:
    """Let events flow steadily, and watch the memory."""
    memory, seconds = Memory(), extent.load_minutes * 60
    found = attack(
        stage,
        Profile("load"),
        events=int(seconds * extent.load_rate),
        seed=extent.seed,
        tell=tell,
        flow=seconds,
        meanwhile=watched(stage, memory),
    )
    found.more = {"memory": memory.growth()}
    for function, held in memory.growth().items():
        if held["growth"] > GROWTH_MAX:
            found.verdict.violations.append(f"{function} grew by {held['growth']:.1%}")
    for text in FAILED:
        if count := found.faults[text]:
            found.verdict.violations.append(f"{count} times in the logs: {text}")
    return found


PARTS: dict[str, Part] = {
    **{profile.name: partial(_profile, profile) for profile in PROFILES},
    "kill": kill,
    "outage": stand_still,
    "load": load,
}
"""By name, in the order in which they are run."""
