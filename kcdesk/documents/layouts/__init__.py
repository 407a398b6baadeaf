"""Layouts of papers, read from `forms/documents`."""
