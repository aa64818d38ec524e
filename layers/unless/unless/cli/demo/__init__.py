"""`unless demo`: real events through the whole deployed pipeline on this machine, live."""
