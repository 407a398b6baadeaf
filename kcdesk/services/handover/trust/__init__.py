"""Trusted keys, and decisions that only the province may make."""
