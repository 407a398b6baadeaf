"""Visits of a site: what they take over, field mode, calendar, acceptance."""
