"""The shapes that data takes at the door."""
