"""Journeys for people: what they look like, and the way that somebody took through one."""
