"""The promises (DESIGN section 3), judged over everything that happened in a history."""

from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.judging import breaches

__all__ = ["Breach", "breaches"]
