"""
The fault simulator: the real application on ports in memory, one seed, one virtual clock.

    memory/      the ports in memory            scheduler   the clock, and processes that take turns
    calls        what every call passes         faults      what goes wrong with a call
    wired        the ports as the app has them  pipeline    functions, queues, sweeper, people
    history      what is to happen              drawing/    drawing that from a seed
    observed     what did happen                promises/   I1 to I9, judged over it
    running      a history, run and judged

Everything depends on the seed alone, so any run can be had again.
"""

from unless.sim.faults.running import Outcome, run, run_history

__all__ = ["Outcome", "run", "run_history"]
