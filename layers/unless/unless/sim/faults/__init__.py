"""
The fault simulator: the real application on ports in memory, one seed, one virtual clock.

    memory/      the ports in memory            scheduler     the clock, and who runs when
    calls        what every call passes         faults        what goes wrong with a call
    wired        the ports as the app has them  pipeline      functions, sweeping and people
    history      what is to happen              drawing/      drawing that from a seed
    observed     what did happen                promises/     I1 to I9, judged over it
    course       what these three share         outside       AWS and providers, as they behave
    echoes       what comes back of a message
    running      a history, run and judged      rare          states that must have come about
    story        a history told in lines        shrinking     a failing one made small
    crash_points every call hit once            mutants/      mistakes that must be caught
    proving      many histories

Everything depends on the seed alone, so any run can be had again.
"""

from unless.sim.faults.crash_points import (
    CrashPair,
    CrashPoint,
    a_share,
    crash_pairs,
    crash_points,
    histories_of,
    shortest,
)
from unless.sim.faults.drawing import draw_history
from unless.sim.faults.mutants import MUTANTS, Mutant, made
from unless.sim.faults.proving import Caught, Failed, Proof, catch, hunts, prove
from unless.sim.faults.running import Outcome, run, run_history
from unless.sim.faults.shrinking import shrink
from unless.sim.faults.story import story_of

__all__ = [
    "MUTANTS",
    "Caught",
    "CrashPair",
    "CrashPoint",
    "Failed",
    "Mutant",
    "Outcome",
    "Proof",
    "a_share",
    "catch",
    "crash_pairs",
    "crash_points",
    "draw_history",
    "histories_of",
    "hunts",
    "made",
    "prove",
    "run",
    "run_history",
    "shortest",
    "shrink",
    "story_of",
]
