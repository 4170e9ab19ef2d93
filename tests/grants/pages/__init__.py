"""The pages that read."""
