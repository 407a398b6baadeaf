"""Typical products: entries, score boards, certificates."""
