"""Own questions to a list: conditions on any field, groups with sums, and named views."""
