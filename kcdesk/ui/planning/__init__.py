"""Overview, plans, reports and deadlines."""
