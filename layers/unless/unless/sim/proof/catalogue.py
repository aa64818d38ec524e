"""
All parts of the proof, by name, and the work of a process on a job of any of them.
"""

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from unless.sim.proof.crashes import Crashes
from unless.sim.proof.design_mistakes import DesignMistakes
from unless.sim.proof.histories import Histories
from unless.sim.proof.malformed.part import Malformed
from unless.sim.proof.parts import Found, Job, Part, Violation
from unless.sim.proof.zones.part import Zones

PARTS: Mapping[str, Part] = {
    part.name: part for part in (Histories(), Crashes(), DesignMistakes(), Malformed(), Zones())
}
"""The parts, in the order in which they run."""


@dataclass(frozen=True, slots=True)
class Done:
    """A job that is done, and how many seconds it took."""

    job: Job
    found: Found
    seconds: float


def do(job: Job) -> Done:
    """
    Return what was found in a job; what is raised in it is a violation, too.

    It runs in any process, and what it finds is the same in each.
    """
    began = time.perf_counter()
    try:
        found = PARTS[job.part].work(job)
    except Exception as error:
        found = Found()
        case = f"{job.seed}:{job.first}" if not job.about else job.about
        sentence = f"the attack itself failed, {type(error).__name__}: {error}"
        found.violate(Violation(case, sentence, tuple(traceback.format_exception(error))))
    return Done(job, found, time.perf_counter() - began)
