"""The frameworks."""
