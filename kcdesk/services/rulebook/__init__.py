"""Rules that travel as a signed file."""
