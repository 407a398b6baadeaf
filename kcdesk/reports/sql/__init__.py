"""The queries of reports: conditions, expressions and keys as SQL, and what databases write differently."""
