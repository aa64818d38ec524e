"""`unless prove`: attack every promise, and say what became of it."""
