"""Sheets ticked by hand: recognised by their code, read from a picture, taken in as proposals."""
