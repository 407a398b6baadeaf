"""Writing blocks as a Word file."""
