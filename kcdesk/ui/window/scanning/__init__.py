"""Codes that come to the window: typed by a reader into any field, or on photos of papers."""
