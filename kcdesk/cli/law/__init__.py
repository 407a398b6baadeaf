"""Commands of legal instruments."""
