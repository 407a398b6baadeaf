"""Backups, restoring and the integrity check."""
