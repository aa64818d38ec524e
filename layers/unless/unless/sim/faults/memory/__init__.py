"""The ports in memory, with the contract of the adapters in `unless.aws`."""
