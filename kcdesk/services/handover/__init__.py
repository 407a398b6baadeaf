"""Handover between offices: trusted keys, packages, receipts."""
