"""Totals of years before the program, and of offices without it."""
