"""Load, decide, commit, act: what each function and command does, over the ports."""
