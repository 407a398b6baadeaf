"""Writing blocks as PDF."""
