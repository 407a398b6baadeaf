"""Packages sent and received, receipts, conflicts, keys."""
