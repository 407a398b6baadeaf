"""Attached files shown inside the program."""
