"""`unless why`: what was decided for a user and why, in full sentences."""
