"""Preview, printing and scans of papers."""
