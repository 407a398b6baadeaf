"""Packages in and out, receipts, conflicts, keys."""
