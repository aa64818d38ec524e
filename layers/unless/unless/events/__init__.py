"""What comes in: an envelope or a line of a file becomes a `UserEvent`, or a reason why not."""
