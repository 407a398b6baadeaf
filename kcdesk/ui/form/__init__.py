"""A record as a form."""
