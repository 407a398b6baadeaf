"""Commands for reports and summaries."""
