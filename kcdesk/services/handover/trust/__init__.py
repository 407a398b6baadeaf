"""Whose keys count, and what the province alone may say."""
