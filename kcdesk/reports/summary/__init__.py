"""Summaries: reports as running text, whose sentences are data and whose figures are those of the reports."""
