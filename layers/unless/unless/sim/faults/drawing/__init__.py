"""Drawing a history from a seed."""

from unless.sim.faults.drawing.histories import draw_history

__all__ = ["draw_history"]
