"""Papers printed from a record, and signed scans that come back."""
