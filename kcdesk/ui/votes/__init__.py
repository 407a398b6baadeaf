"""Votes of typical products."""
