"""Finds the tables of a foreign sheet: headings, rows that are records, and rows that are none, each with a word why."""
