"""The engine on a virtual clock: scenarios and simulations, without AWS."""
