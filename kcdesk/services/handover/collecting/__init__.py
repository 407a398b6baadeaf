"""Receive a whole folder of packages, and see which units have handed over for a period."""
