"""
The mistakes of design that the simulator must catch: each put into the real application for a
while.

A simulator that finds nothing proves nothing until it has found these.
"""

from unless.sim.faults.mutants.mutant import Mutant, made
from unless.sim.faults.mutants.of_decisions import OF_DECISIONS
from unless.sim.faults.mutants.of_delivery import OF_DELIVERY
from unless.sim.faults.mutants.of_storage import OF_STORAGE

MUTANTS = tuple(
    sorted((*OF_STORAGE, *OF_DECISIONS, *OF_DELIVERY), key=lambda mutant: int(mutant.name[1:]))
)

__all__ = ["MUTANTS", "Mutant", "made"]
