"""What measures speed; never a test."""
