"""Journeys: a run enters, walks from step to step, and leaves (SPEC section 5)."""
