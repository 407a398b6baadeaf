"""Sentences offered while typing, and the list that an office makes of its own."""
