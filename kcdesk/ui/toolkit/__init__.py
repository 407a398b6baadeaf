"""Widgets and styles that do not depend on records."""
