"""`unless preview`: a message as it would go out."""
