"""Lessons: what a mistake in a definition does to a simulated user, and what mends it."""
