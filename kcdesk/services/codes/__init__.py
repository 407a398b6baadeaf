"""Codes that come from a reader: citizen cards."""
