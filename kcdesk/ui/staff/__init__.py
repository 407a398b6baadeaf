"""Offices, officers and work hand-overs."""
