"""Acts: how an open store writes."""
