"""Judging definitions: what `unless.definitions.checks` puts together (SPEC section 8)."""
