"""Offices, officers and work handed over."""
