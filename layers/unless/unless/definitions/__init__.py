"""What people write, read, checked and published."""
