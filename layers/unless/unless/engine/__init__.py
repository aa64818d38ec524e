"""The decisions, pure: no clock, no randomness, no environment, no AWS, no logging."""
