"""Regulations as data: ceilings, deadlines, eligibility, priorities, procedures."""
