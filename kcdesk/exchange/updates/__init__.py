"""Updates of the program as a signed file."""
