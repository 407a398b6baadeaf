"""What the window shows at a glance: figures, counters, the rules panel, JSON of a record."""
