"""Payments, settlements and year accounts."""
