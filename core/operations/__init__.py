"""What writes to the ground floor's tables."""
