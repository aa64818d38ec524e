"""What a message says: Liquid templates, rendered within limits. Knows nothing of who asks."""
