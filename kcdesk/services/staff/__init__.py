"""Offices, officers, and open work handed over."""
