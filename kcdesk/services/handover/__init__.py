"""Handover between offices: whose word counts, packages, receipts."""
