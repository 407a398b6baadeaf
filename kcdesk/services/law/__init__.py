"""Texts of legal instruments, and the days that govern."""
